"""Rules of roles: the last day of a term, and whose turn a role is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.kit.dates import MAX_AHEAD
from handlers.kit.refusals import Refusal
from handlers.kit.text import format_day
from storage.names import normalize_name
from storage.vocabulary import AgencyId, MemberId

TITLE = 80
"""The longest title of a role, in characters."""

AHEAD = timedelta(days=30)
"""The time between the announcement and the end of a term."""


def last_day(on: date, today: date, example: str, field: str | None = None) -> date:
    """Return the last day of a term. Raise `Refusal` if it is past or too far away."""
    if on < today:
        raise Refusal(f"{format_day(on)} has already passed. For example: {example}", field=field)
    if on > today + MAX_AHEAD:
        raise Refusal(f"{format_day(on)} is more than three years away. For example: {example}", field=field)
    return on


@dataclass(frozen=True)
class Candidate:
    """A person who could take over a role. `load` is the person's open work, in hours."""

    member_id: MemberId
    name: str
    agency_id: AgencyId
    load: float


def in_turn(people: Sequence[Candidate], turns: Mapping[AgencyId, datetime]) -> list[Candidate]:
    """Order people by whose turn a role is.

    Agencies that never held the role come first, then the one that took it longest ago. `turns` maps agencies to when
    they last took a role of this title. Within one turn, the smallest load comes first, then the alphabet decides.

    Source: docs/rules.md, "Roles"; the brief on AzAC and NNTC, whose secretaries rotate over the partners.
    """
    return sorted(
        people,
        key=lambda person: (_turn(person, turns), person.load, normalize_name(person.name), person.member_id),
    )


def _turn(person: Candidate, turns: Mapping[AgencyId, datetime]) -> tuple[bool, float]:
    taken_at = turns.get(person.agency_id)
    return (taken_at is not None, taken_at.timestamp() if taken_at is not None else 0.0)
