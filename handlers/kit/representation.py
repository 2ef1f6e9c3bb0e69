"""Who speaks for an agency.

Source: the consortium's rule that agencies count, not heads. An agency's word is its representative's, as
named now; else its alternate's; where neither is named, any of its people speak for it. What was said for an
agency stays the agency's until the agency changes it, also when the speaker leaves, is replaced or changes
agency.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from storage.vocabulary import MemberId, Seat


class Spoken(Protocol):
    """What a person said for an agency.

    `seat` is what the person was when saying it, `sole` that neither representative nor alternate was named
    then, `vacated_at` when the person ceased to hold that seat in that agency.
    """

    @property
    def member_id(self) -> MemberId:
        """Say who spoke."""

    @property
    def seat(self) -> Seat:
        """Say from which seat."""

    @property
    def sole(self) -> bool:
        """Say whether nobody was named to speak for the agency then."""

    @property
    def said_at(self) -> datetime | None:
        """Say when."""

    @property
    def vacated_at(self) -> datetime | None:
        """Say when the seat was given up."""


SpokenT = TypeVar("SpokenT", bound=Spoken)


@dataclass(frozen=True)
class Named:
    """Who is named to speak for an agency now, if anybody."""

    representative: MemberId | None = None
    alternate: MemberId | None = None

    @property
    def nobody(self) -> bool:
        """Tell whether any of the agency's people speak for it."""
        return self.representative is None and self.alternate is None

    def seat_of(self, member: MemberId) -> Seat:
        """Give the seat of one of the agency's people."""
        if member == self.representative:
            return Seat.REPRESENTATIVE
        return Seat.ALTERNATE if member == self.alternate else Seat.MEMBER


def speaking(said: Sequence[SpokenT], named: Named) -> list[SpokenT]:
    """Pick, from all that was said for one agency, the words that are the agency's own.

    One where a representative or alternate speaks, or spoke and left; several where the agency's people speak
    side by side; none where the agency is silent. All others are voices.
    """
    by = {spoken.member_id: spoken for spoken in said}
    if named.representative in by:
        return [by[named.representative]]
    legacy = _last_word_of_former_speakers(said)
    second = by.get(named.alternate) if named.alternate is not None else None
    if second is not None and (legacy is None or _replaces(second, legacy)):
        return [second]
    side_by_side = [s for s in said if s is not legacy and (named.nobody or s.sole)]
    if legacy is None:
        return side_by_side
    return [s for s in side_by_side if _replaces(s, legacy)] or [legacy]


def _last_word_of_former_speakers(said: Sequence[SpokenT]) -> SpokenT | None:
    """Give what stands from a representative, else an alternate, who no longer is one.

    An alternate who spoke after the representative had gone changed what the representative left behind.
    """
    first = _last_to_go(said, Seat.REPRESENTATIVE)
    second = _last_to_go(said, Seat.ALTERNATE)
    if first is None or (second is not None and _replaces(second, first)):
        return second
    return first


def _last_to_go(said: Sequence[SpokenT], seat: Seat) -> SpokenT | None:
    former = [(s.vacated_at, s) for s in said if s.vacated_at is not None and s.seat is seat]
    return max(former, key=lambda pair: pair[0])[1] if former else None


def _replaces(newer: Spoken, legacy: Spoken) -> bool:
    """Tell whether a word changes what a former speaker left behind."""
    return newer.said_at is not None and legacy.vacated_at is not None and newer.said_at >= legacy.vacated_at
