"""Who speaks for an agency, and whether it was heard. Only this module decides that.

Source: docs/rules.md, "Who speaks for an agency". Agencies count, not individuals. An agency's position is that of
its representative, as named now; otherwise its alternate's; where neither is named, any of its members speaks for it.
A position stated for an agency remains the agency's until the agency changes it, even when the person who stated it
leaves, is replaced, or changes agency.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from storage.vocabulary import MemberId, Seat


class Spoken(Protocol):
    """A position or ballot that a person gave for an agency."""

    @property
    def member_id(self) -> MemberId:
        """The person."""

    @property
    def seat(self) -> Seat:
        """The seat that the person held at that time."""

    @property
    def sole(self) -> bool:
        """Whether neither representative nor alternate was named at that time."""

    @property
    def said_at(self) -> datetime | None:
        """The time; None for sealed ballots."""

    @property
    def vacated_at(self) -> datetime | None:
        """When the person gave up the seat in that agency; None while they hold it."""


SpokenT = TypeVar("SpokenT", bound=Spoken)


class HasId(Protocol):
    """An object with a member id."""

    @property
    def id(self) -> MemberId:
        """The member's id."""


@dataclass(frozen=True)
class Named:
    """The people named to speak for an agency now."""

    representative: MemberId | None = None
    alternate: MemberId | None = None

    @classmethod
    def of(cls, speakers: tuple[HasId | None, HasId | None]) -> "Named":
        """Return the ids of a representative and an alternate."""
        first, second = speakers
        return cls(first.id if first else None, second.id if second else None)

    @property
    def nobody(self) -> bool:
        """Whether nobody is named, so that every member speaks for the agency."""
        return self.representative is None and self.alternate is None


def speaks(seat: Seat, named: Named) -> bool:
    """Return whether a member in this seat speaks for the agency. Otherwise the member only adds a voice."""
    return seat is not Seat.MEMBER or named.nobody


def heard(said: Sequence[Spoken], named: Named) -> bool:
    """Return whether an agency was heard, from everything that its people gave."""
    return bool(speaking(said, named))


def speaking(said: Sequence[SpokenT], named: Named) -> list[SpokenT]:
    """Return the positions or ballots that count for an agency, from everything that its people gave.

    It is one if a representative or alternate speaks, or spoke and left; several if the agency's members speak side by
    side; none if the agency was not heard. All others are voices.
    """
    by_member = {spoken.member_id: spoken for spoken in said}
    if named.representative in by_member:
        return [by_member[named.representative]]
    legacy = _legacy(said)
    second = by_member.get(named.alternate) if named.alternate is not None else None
    if second is not None and (legacy is None or _replaces(second, legacy)):
        return [second]
    side_by_side = [spoken for spoken in said if spoken is not legacy and (named.nobody or spoken.sole)]
    if legacy is None:
        return side_by_side
    return [spoken for spoken in side_by_side if _replaces(spoken, legacy)] or [legacy]


def _legacy(said: Sequence[SpokenT]) -> SpokenT | None:
    """Return what a former representative, or else a former alternate, left behind; None if neither did.

    An alternate who spoke after the representative had left changed what the representative left behind.
    """
    first = _last_to_go(said, Seat.REPRESENTATIVE)
    second = _last_to_go(said, Seat.ALTERNATE)
    if first is None or (second is not None and _replaces(second, first)):
        return second
    return first


def _last_to_go(said: Sequence[SpokenT], seat: Seat) -> SpokenT | None:
    former = [(spoken.vacated_at, spoken) for spoken in said if spoken.vacated_at is not None and spoken.seat is seat]
    return max(former, key=lambda pair: pair[0])[1] if former else None


def _replaces(newer: Spoken, legacy: Spoken) -> bool:
    """Return whether a later position or ballot replaces what a former speaker left behind."""
    return newer.said_at is not None and legacy.vacated_at is not None and newer.said_at >= legacy.vacated_at
