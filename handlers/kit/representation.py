"""Who speaks for an agency, whether it was heard, and what replaces its speakers. Only this module decides that.

Source: docs/rules.md, "Who speaks for an agency". Agencies count, not individuals. An agency's position is that of
its representative, as named now; otherwise its alternate's; where neither is named, any of its members speaks for it.
A position stated for an agency remains the agency's until the agency changes it, even when the person who stated it
leaves, is replaced, or changes agency, and also when that person comes back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum
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


BELONGS_AFTER = timedelta(days=7)
"""How long somebody has to be in an agency before they confirm who speaks for it."""

AT_THE_BEGINNING = timedelta(days=1)
"""Who came within this time after an agency was added belongs to it from the beginning. Empty seats are filled without
asking within this time after the agency's first."""

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

    def holder(self, seat: Seat) -> MemberId | None:
        """Return who holds a seat that one person has in an agency."""
        return {Seat.REPRESENTATIVE: self.representative, Seat.ALTERNATE: self.alternate}.get(seat)

    @property
    def nobody(self) -> bool:
        """Whether nobody is named, so that every member speaks for the agency."""
        return self.representative is None and self.alternate is None


class Standing(IntEnum):
    """How a person speaks for an agency: not at all, if the representative is silent, or before all others."""

    NONE = 0
    SECOND = 1
    FIRST = 2


@dataclass(frozen=True)
class Speakers:
    """The people who belong to an agency, and who of them is named to speak for it."""

    people: frozenset[MemberId]
    named: Named

    def standing(self, member_id: MemberId) -> Standing:
        """Return how a person speaks for the agency."""
        if member_id not in self.people:
            return Standing.NONE
        if self.named.nobody or member_id == self.named.representative:
            return Standing.FIRST
        if member_id != self.named.alternate:
            return Standing.NONE
        return Standing.FIRST if self.named.representative is None else Standing.SECOND

    def without(self, member_id: MemberId) -> "Speakers":
        """Return who speaks once a person has gone."""
        first, second = (
            None if holder == member_id else holder for holder in (self.named.representative, self.named.alternate)
        )
        return Speakers(self.people - {member_id}, Named(first, second))

    def with_seat(self, member_id: MemberId, seat: Seat) -> "Speakers":
        """Return who speaks once a person has a seat; its holder becomes a plain member."""
        rest = self.without(member_id)
        named = rest.named
        if seat is Seat.REPRESENTATIVE:
            named = replace(named, representative=member_id)
        elif seat is Seat.ALTERNATE:
            named = replace(named, alternate=member_id)
        return Speakers(rest.people | {member_id}, named)


def replaces_speakers(before: Speakers, after: Speakers) -> bool:
    """Return whether a change replaces who speaks for an agency, so that the agency has to confirm it.

    Nobody is replaced in an agency without people, or where the alternate, who is left alone, becomes the
    representative. A representative who becomes the alternate is. Where everyone speaks, whoever joins speaks too.
    """
    if not before.people:
        return False
    if before.named.representative not in {None, after.named.representative}:
        return True
    return any(before.standing(who) != after.standing(who) for who in before.people | after.people)


def from_the_beginning(since: datetime | None, added: datetime) -> bool:
    """Return whether somebody who came to an agency then belongs to it from its first day."""
    return since is None or since <= added + AT_THE_BEGINNING


def belongs(since: datetime | None, added: datetime, now: datetime, *, facilitator: bool) -> bool:
    """Return whether somebody who came to an agency then may confirm who speaks for it. None is before records began.

    A facilitator can join any agency, and add anybody to it: who only just came does not count, and facilitators do
    only if they belong to the agency from its beginning.
    """
    if since is None or from_the_beginning(since, added):
        return True
    return not facilitator and now - since >= BELONGS_AFTER


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
    # what somebody said before they gave up that seat is the agency's, whatever seat they have now
    current = {spoken.member_id: spoken for spoken in said if spoken.vacated_at is None}
    if named.representative in current:
        return [current[named.representative]]
    legacy = _legacy(said)
    second = current.get(named.alternate) if named.alternate is not None else None
    if second is not None and (legacy is None or _replaces(second, legacy)):
        return [second]
    side_by_side = [spoken for spoken in said if spoken is not legacy and (named.nobody or spoken.sole)]
    if legacy is None:
        return side_by_side
    return [spoken for spoken in side_by_side if _replaces(spoken, legacy)] or [legacy]


def voices_that_count(said: Sequence[SpokenT], named: Named) -> list[SpokenT]:
    """Return what members gave beside a speaker who was named then, and counts now because nobody is any more."""
    if not named.nobody:
        return []
    return [spoken for spoken in speaking(said, named) if spoken.seat is Seat.MEMBER and not spoken.sole]


def said_by_named(said: Sequence[SpokenT], named: Named) -> tuple[SpokenT | None, SpokenT | None]:
    """Return what the representative and the alternate who are named now gave in these seats."""
    current = {spoken.seat: spoken for spoken in said if spoken.vacated_at is None and _holds(spoken, named)}
    return current.get(Seat.REPRESENTATIVE), current.get(Seat.ALTERNATE)


def _holds(spoken: Spoken, named: Named) -> bool:
    return spoken.seat is not Seat.MEMBER and spoken.member_id == named.holder(spoken.seat)


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
