"""Replacements: what a person's new place changes about who speaks for an agency, and who can confirm it.

Source: docs/rules.md, "Who names the people who speak". This is the one rule for every way in which people are placed:
commands, forms, tables and what undoes them, moving, and emptying a seat.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit import representation
from handlers.kit.representation import Named, Speakers, replaces_speakers, speaks
from storage import members
from storage.agencies import Agency
from storage.members import Member
from storage.vocabulary import MemberId, Seat

_NEWCOMER = MemberId(0)
"""Stands for a person who is not a member yet."""


@dataclass(frozen=True)
class Replacement:
    """A change of who speaks for an agency. `member` is the person whose place changes, None for a newcomer.

    `representative` and `alternate` are named now. `confirmers` can confirm the change for the agency. `gives_up` means
    that the person only loses by it, so that their own wish is enough.
    """

    agency: Agency
    member: Member | None
    representative: Member | None
    alternate: Member | None
    confirmers: Sequence[Member]
    gives_up: bool

    @property
    def joins(self) -> bool:
        """Whether the person does not belong to the agency yet."""
        return self.member is None or self.member.agency_id != self.agency.id

    def may_be_confirmed_by(self, member: Member) -> bool:
        """Return whether a member's word is enough for the agency."""
        if self.gives_up and self.member is not None and self.member.id == member.id:
            return True
        return any(confirmer.id == member.id for confirmer in self.confirmers)


def find(
    session: Session, member: Member | None, agency: Agency | None, seat: Seat, now: datetime, *, undoing: bool = False
) -> list[Replacement]:
    """List the replacements that a new place of a person brings: in the agency they go to, and in the one they leave.

    `agency` is None if they leave the consortium. `undoing` takes back what was entered within a day.
    """
    living = _living(member)
    former = session.get(Agency, living.agency_id) if living is not None and living.agency_id is not None else None
    stays = former is not None and former is agency
    found = []
    if agency is not None:
        found.append(_find_in(session, agency, living, seat, now, undoing=undoing))
    if former is not None and not stays:
        found.append(_find_in(session, former, living, None, now, undoing=undoing))
    return [replacement for replacement in found if replacement is not None]


def find_joining(session: Session, member: Member | None, agency: Agency, now: datetime) -> Replacement | None:
    """Return what it replaces that a person joins an agency as a plain member: None unless everybody there speaks."""
    return _find_in(session, agency, _living(member), Seat.MEMBER, now, undoing=False)


def _living(member: Member | None) -> Member | None:
    return member if member is not None and member.left_at is None else None


def admitters(session: Session, member: Member | None, agency: Agency, now: datetime) -> Sequence[Member]:
    """List who can confirm that a person who asks to join an agency belongs to it: all of them are asked.

    These are the people who speak for it, the representative first, and the facilitators. Where nobody is named,
    joining makes the person speak for it, so they are those who can confirm that.
    """
    joining = find_joining(session, member, agency, now)
    if joining is not None:
        return joining.confirmers
    living = _living(member)
    people = members.members_of_agency(session, agency.id)
    named = Named.of(members.representatives(session, [agency.id])[agency.id])
    speakers = sorted(
        (person for person in people if speaks(person.seat, named)), key=lambda who: who.seat is not Seat.REPRESENTATIVE
    )
    asked = [*speakers, *members.facilitators(session, agency.consortium_id)]
    return list({person.id: person for person in asked if living is None or person.id != living.id}.values())


def _find_in(
    session: Session, agency: Agency, member: Member | None, seat: Seat | None, now: datetime, *, undoing: bool
) -> Replacement | None:
    """Return what it replaces in an agency that a person has a seat there, or with `seat` None that they leave."""
    if agency.seated_at is None:
        return None
    representative, alternate = members.representatives(session, [agency.id])[agency.id]
    named = Named.of((representative, alternate))
    belongs = member is not None and member.agency_id == agency.id
    if not speaks(member.seat if member is not None and belongs else Seat.MEMBER, named) and seat in {
        None,
        Seat.MEMBER,
    }:
        return None
    people = members.members_of_agency(session, agency.id)
    before = Speakers(frozenset(person.id for person in people), named)
    who = member.id if member is not None else _NEWCOMER
    after = before.without(who) if seat is None else before.with_seat(who, seat)
    if not replaces_speakers(before, after):
        return None
    is_founding = now - agency.seated_at < representation.AT_THE_BEGINNING
    is_named = seat not in {None, Seat.MEMBER}
    if is_founding and (undoing or (is_named and not named.nobody and _only_fills(named, after.named))):
        return None
    gives_up = seat in {None, Seat.MEMBER} and after.standing(who) < before.standing(who)
    confirmers = _confirmers(agency, people, before, after, now)
    return Replacement(agency, member, representative, alternate, confirmers, gives_up)


def _only_fills(before: Named, after: Named) -> bool:
    """Return whether nobody loses a seat."""
    pairs = ((before.representative, after.representative), (before.alternate, after.alternate))
    return all(holder is None or holder == successor for holder, successor in pairs)


def _confirmers(
    agency: Agency, people: Sequence[Member], before: Speakers, after: Speakers, now: datetime
) -> Sequence[Member]:
    """Return who can confirm a replacement for an agency. There is always somebody.

    Nobody confirms that they are named themselves. People who are named, or have belonged to the agency for long,
    confirm; only where there are none, those who came lately, and facilitators last of all.
    """
    named = {before.named.representative, before.named.alternate}
    promoted = {after.named.representative, after.named.alternate} - {None}
    promoted = {who for who in promoted if who is not None and after.standing(who) > before.standing(who)}
    others = [person for person in people if person.id not in promoted]
    at_home = [person for person in others if person.id in named or _belongs(person, agency, now)]
    return at_home or [person for person in others if not person.facilitator] or others


def _belongs(member: Member, agency: Agency, now: datetime) -> bool:
    return representation.belongs(member.agency_since, agency.created_at, now, facilitator=member.facilitator)
