"""TODO."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.kit.refusals import Refusal
from storage.vocabulary import AgencyId, MemberId

TITLE = 80


AHEAD = timedelta(days=30)
"""So long before its end a term is announced."""


FARTHEST = timedelta(days=3 * 366)


def last_day(on: date, today: date, example: str, field: str | None = None) -> date:
    """Check the last day of a term of office. Raises Refusal."""
    if on < today:
        raise Refusal(f"{on} has passed already. For example: {example}", field=field)
    if on > today + FARTHEST:
        raise Refusal(f"{on} is more than three years away. For example: {example}", field=field)
    return on


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take a role over; `load` is what the person carries, in hours."""

    member_id: MemberId
    name: str
    agency_id: AgencyId
    load: float


def followers(people: Sequence[Candidate], turns: Mapping[AgencyId, datetime]) -> list[Candidate]:
    """Order people by whose turn it is: agencies that never held the role first, then the one that took it longest ago.

    `turns` maps agencies to when they took a role of this title last. Within one turn who carries least comes first,
    then the alphabet decides.

    Source: docs/rules.md, "Roles"; the brief on AzAC and NNTC, whose secretaries go round the partners.
    """
    return sorted(people, key=lambda one: (_turn(one, turns), one.load, one.name.casefold(), one.member_id))


def _turn(one: Candidate, turns: Mapping[AgencyId, datetime]) -> tuple[bool, float]:
    taken = turns.get(one.agency_id)
    return (taken is not None, taken.timestamp() if taken is not None else 0.0)
