"""Find the person, member or agency that somebody means."""

import difflib
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.command_text import MENTION, CommandText, Word
from handlers.kit.directory import Person
from handlers.kit.refusals import Ambiguous, Reading, Refusal, ambiguous
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape, join_names, truncate
from storage import agencies, members, roll
from storage.agencies import Agency
from storage.members import Member
from storage.names import normalize_name
from storage.roll import RollEntry
from storage.vocabulary import AgencyId, Seat

MOST_READINGS = 5
"""The most people or agencies of which the bot asks which one is meant. More are refused with a list."""


def require_person(
    request: SlackRequest, user_id: str, field: str | None = None, example: str = "`/consortium who`"
) -> Person:
    """Look a person up in Slack. Raise Refusal for bots, for people who have left, and for unknown ids."""
    slack_person = request.deps.directory.person(request.workspace, user_id)
    if slack_person is None:
        raise Refusal(
            f"Slack does not know this person. Type `@` and choose the name from Slack's list. For example: {example}",
            field=field,
        )
    if slack_person.bot:
        raise Refusal(
            f"{escape(slack_person.name)} is an app. Only people can belong to a consortium. For example: {example}",
            field=field,
        )
    if slack_person.deleted:
        raise Refusal(f"{escape(slack_person.name)} has left Slack. For example: {example}", field=field)
    return slack_person


def parse_person(request: SlackRequest, typed: CommandText, skip: int, example: str) -> tuple[Person, list[Word]]:
    """Return the person that a command names, and the remaining words.

    A linked mention is unambiguous; a typed `@Ben Ortiz` matches the longest name that fits. The first `skip` words
    belong to the command. `example` shows what the command looks like. Raise Refusal if nobody matches, Ambiguous if
    several people do.
    """
    rest = list(typed.words[skip:])
    for word in rest:
        mention = None if word.quoted else MENTION.match(word.typed)
        if mention and mention[1] in typed.people:
            rest.remove(word)
            return require_person(request, mention[1], example=example), rest
    start = next((i for i, w in enumerate(rest) if not w.quoted and w.typed.startswith("@")), None)
    if start is None:
        # people forget the @: accept a name without it
        start = next((i for i, w in enumerate(rest) if not w.quoted and w.folded not in set(Seat)), None)
    if start is None:
        raise Refusal(f"Name the person with an `@`. For example: {example}")
    for length in range(min(5, len(rest) - start), 0, -1):
        span = rest[start : start + length]
        if any(word.quoted for word in span):
            continue
        wanted = " ".join(word.typed for word in span).removeprefix("@")
        matches = named(request, wanted, example)
        if len(matches) == 1:
            person = require_person(request, matches[0].user_id, example=example)
            return person, rest[:start] + rest[start + length :]
        if 1 < len({p.name for p in matches}) == len(matches) <= MOST_READINGS:
            words = " ".join(word.typed for word in span)
            raise ambiguous(words, [Reading(p.name, f"<@{p.user_id}>") for p in matches])
        if matches:
            names = " or ".join(escape(p.name) for p in matches[:5])
            raise Refusal(
                f"“{escape(wanted)}” could be {names}. Choose the name from Slack's list after typing `@`. For "
                f"example: {example}"
            )
    raise Refusal(
        f"I do not know anyone called “{escape(truncate(rest[start].text, 60))}”. Choose the name from Slack's "
        f"list after typing `@`. For example: {example}"
    )


def named(request: SlackRequest, name: str, example: str) -> Sequence[RollEntry]:
    """List the people of this workspace with this name or first name. Raise Refusal if its roll is not read yet."""
    with request.deps.db.read() as session:
        matches = roll.find_by_name(session, request.workspace, name)
        if not matches and not roll.is_read(session, request.workspace):
            raise Refusal(
                "I am still reading the list of people in this Slack, which can take a few minutes. Choose the name "
                f"from Slack's list after typing `@`, or try again soon. For example: {example}"
            )
    return matches


def require_member(
    session: Session, caller: Caller, person: Person, never: str, example: str, field: str | None = None
) -> Member:
    """Return the membership of a person. Raise Refusal for outsiders and for people who have left.

    `never` completes the refusal of an outsider: "no role can be given there".
    """
    row = members.find(session, caller.consortium.id, person.team_id, person.user_id, person.teams)
    if row is None:
        raise Refusal(
            f"{escape(person.name)} does not belong to the consortium yet, so {never}. `/consortium who` lists its "
            f"members. For example: {example}",
            field=field,
        )
    if row.left_at is not None:
        raise Refusal(f"{escape(row.name)} has left the consortium. For example: {example}", field=field)
    return row


NAMES_SHOWN = 25


def agency_choices(agencies: Mapping[AgencyId, Agency]) -> str:
    """Return a sentence that lists the current agencies, for a refusal."""
    names = [f"“{escape(agency.name)}”" for agency in agencies.values() if agency.ended_at is None]
    if not names:
        return "There are no agencies yet."
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    return f"The agencies are {', '.join(names[:NAMES_SHOWN])}{more}."


def require_agency(session: Session, caller: Caller, typed: str) -> Agency:
    """Return a current agency by its name, or by the start of its name if only one fits. Otherwise raise Refusal."""
    every = agencies.all_by_id(session, caller.consortium.id)
    living = [a for a in every.values() if a.ended_at is None]
    wanted = normalize_name(typed)
    exact = [a for a in living if a.folded == wanted]
    close = [a for a in living if wanted and a.folded.startswith(wanted)]
    if exact or len(close) == 1:
        return (exact or close)[0]
    if 1 < len(close) <= MOST_READINGS:
        raise ambiguous(typed, [Reading(agency.name, escape(agency.name), quoted=True) for agency in close])
    problem = f"There is no agency “{escape(truncate(typed, 60))}”." if typed.strip() else "Name the agency."
    near = _nearest_agencies(wanted, living)
    if near:
        meant = join_names([f"“{escape(agency.name)}”" for agency in near], last="or")
        readings = [Reading(agency.name, escape(agency.name), quoted=True) for agency in near]
        raise Ambiguous(f"{problem} Did you mean {meant}?", typed, readings)
    raise Refusal(f"{problem} {agency_choices(every)} `/consortium who` lists them with their people.")


def _nearest_agencies(wanted: str, living: Sequence[Agency]) -> list[Agency]:
    """Return the agencies, at most three, that are spelled like a folded name, or whose names contain its words."""
    near = difflib.get_close_matches(wanted, [agency.folded for agency in living], n=3, cutoff=0.75)
    words = set(wanted.split())
    return [agency for agency in living if agency.folded in near or (words and words <= set(agency.folded.split()))][:3]


def selected_agency(session: Session, caller: Caller, value: str) -> Agency:
    """Return the current agency that was selected in a form. Raise Refusal if it has ended."""
    for choice in agencies.active(session, caller.consortium.id):
        if str(choice.id) == value:
            return choice
    raise Refusal("This agency is no longer part of the consortium.", field="agency")
