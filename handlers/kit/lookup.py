"""Finding the person that somebody means."""

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.command_text import MENTIONED, Typed, Word
from handlers.kit.directory import Person
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.kit.text import cut, escape
from storage import members
from storage.members import Member
from storage.vocabulary import Seat


def person(ask: Ask, user_id: str, field: str | None = None, example: str = "`/consortium who`") -> Person:
    """Look a person up in Slack. Raises Refusal for bots, for those who left, and for unknown ids."""
    found = ask.deps.directory.person(ask.workspace, user_id)
    if found is None:
        raise Refusal(
            f"Slack does not know this person. Write the name as `@name` and choose from the list. For "
            f"example: {example}",
            field=field,
        )
    if found.bot:
        raise Refusal(
            f"{escape(found.name)} is an app; only people belong to a consortium. For example: {example}", field=field
        )
    if found.deleted:
        raise Refusal(f"{escape(found.name)} has left Slack. For example: {example}", field=field)
    return found


def typed_person(ask: Ask, typed: Typed, skip: int, example: str) -> tuple[Person, list[Word]]:
    """Find the person meant by a typed command, and the words that are left.

    A linked mention is certain; a typed `@Ben Ortiz` is matched to the longest name that fits. `skip` words
    are the command's own, `example` is what the command looks like. Raises Refusal.
    """
    rest = list(typed.words[skip:])
    for word in rest:
        linked = None if word.quoted else MENTIONED.match(word.text)
        if linked and linked[1] in typed.people:
            rest.remove(word)
            return person(ask, linked[1], example=example), rest
    marked = next((i for i, w in enumerate(rest) if not w.quoted and w.text.startswith("@")), None)
    if marked is None:
        # people forget the @; a name that fits one person only is meant all the same
        marked = next((i for i, w in enumerate(rest) if not w.quoted and w.folded not in set(Seat)), None)
    if marked is None:
        raise Refusal(f"Say who, with an `@`. For example: {example}")
    everyone = ask.deps.directory.everyone(ask.workspace)
    for length in range(min(5, len(rest) - marked), 0, -1):
        span = rest[marked : marked + length]
        if any(word.quoted for word in span):
            continue
        wanted = " ".join(word.folded for word in span).removeprefix("@")
        fits = [p for p in everyone if p.name.casefold() == wanted]
        fits = fits or ([p for p in everyone if p.name.casefold().split()[:1] == [wanted]] if length == 1 else [])
        if len(fits) == 1:
            return fits[0], rest[:marked] + rest[marked + length :]
        if fits:
            names = " or ".join(escape(p.name) for p in fits[:5])
            raise Refusal(
                f"“{escape(wanted)}” could be {names}. Choose the name from Slack's list after typing `@`. For "
                f"example: {example}"
            )
    raise Refusal(
        f"I know nobody called “{escape(cut(rest[marked].text, 60))}”. Choose the name from Slack's "
        f"list after typing `@`. For example: {example}"
    )


def member(
    session: Session, caller: Caller, person: Person, never: str, example: str, field: str | None = None
) -> Member:
    """Find the member that a person is; `never` says what an outsider cannot get: "no role can be given there".

    Raises Refusal for outsiders and for those who left.
    """
    found = members.find(session, caller.consortium.id, person.team_id, person.user_id)
    if found is None:
        raise Refusal(
            f"{escape(person.name)} does not belong to the consortium yet, so {never}. `/consortium who` lists who "
            f"does. For example: {example}",
            field=field,
        )
    if found.left_at is not None:
        raise Refusal(f"{escape(found.name)} has left Slack. For example: {example}", field=field)
    return found
