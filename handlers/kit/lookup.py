"""Finding the person that somebody means."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.command_text import MENTIONED, Typed, Word
from handlers.kit.directory import Person
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import cut, escape
from storage import agencies, members
from storage.agencies import Agency
from storage.members import Member
from storage.vocabulary import AgencyId, Seat


def person(request: SlackRequest, user_id: str, field: str | None = None, example: str = "`/consortium who`") -> Person:
    """Look a person up in Slack. Raises Refusal for bots, for those who left, and for unknown ids."""
    found = request.deps.directory.person(request.workspace, user_id)
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


def typed_person(request: SlackRequest, typed: Typed, skip: int, example: str) -> tuple[Person, list[Word]]:
    """Find the person meant by a typed command, and the words that are left.

    A linked mention is certain; a typed `@Ben Ortiz` is matched to the longest name that fits. `skip` words
    are the command's own, `example` is what the command looks like. Raises Refusal.
    """
    rest = list(typed.words[skip:])
    for word in rest:
        linked = None if word.quoted else MENTIONED.match(word.text)
        if linked and linked[1] in typed.people:
            rest.remove(word)
            return person(request, linked[1], example=example), rest
    marked = next((i for i, w in enumerate(rest) if not w.quoted and w.text.startswith("@")), None)
    if marked is None:
        # people forget the @; a name that fits one person only is meant all the same
        marked = next((i for i, w in enumerate(rest) if not w.quoted and w.folded not in set(Seat)), None)
    if marked is None:
        raise Refusal(f"Say who, with an `@`. For example: {example}")
    everyone = request.deps.directory.everyone(request.workspace)
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


SHOWN = 25


def agency_choices(agencies: Mapping[AgencyId, Agency]) -> str:
    """Name the living agencies for a refusal."""
    names = [f"“{escape(agency.name)}”" for agency in agencies.values() if agency.ended_at is None]
    if not names:
        return "There are no agencies yet."
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"There are {', '.join(names[:SHOWN])}{more}."


def agency(session: Session, caller: Caller, typed: str) -> Agency:
    """Find a living agency by its name, or by the only beginning that fits. Raises Refusal."""
    every = agencies.every(session, caller.consortium.id)
    living = [a for a in every.values() if a.ended_at is None]
    wanted = agencies.fold(typed)
    exact = [a for a in living if a.folded == wanted]
    close = [a for a in living if wanted and a.folded.startswith(wanted)]
    if exact or len(close) == 1:
        return (exact or close)[0]
    shown = f"There is no agency “{escape(cut(typed, 60))}”. " if typed.strip() else "Say which agency. "
    raise Refusal(f"{shown}{agency_choices(every)} `/consortium who` lists them with their people.")


def chosen_agency(session: Session, caller: Caller, value: str) -> Agency:
    """Find the living agency chosen in a form. Raises Refusal."""
    for found in agencies.living(session, caller.consortium.id):
        if str(found.id) == value:
            return found
    raise Refusal("This agency is not there any more.", field="agency")
