"""Who belongs where and speaks for whom."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.directory import Person
from handlers.proposals import voices
from storage import live_messages, members, polls, positions, proposals
from storage.agencies import Agency
from storage.consortia import Consortium
from storage.members import Member
from storage.vocabulary import Seat


def place(
    session: Session, consortium: Consortium, person: Person, agency: Agency | None, seat: Seat, now: datetime
) -> Member:
    """Put a person into an agency and seat; who held the seat becomes a plain member.

    What was said for an agency stays the agency's: leaving a seat is noted beside it.
    """
    member = members.find(session, consortium.id, person.team_id, person.user_id)
    if member is None:
        member = Member(consortium_id=consortium.id, team_id=person.team_id, user_id=person.user_id, joined_at=now)
        session.add(member)
        changed = False
    else:
        changed = member.agency_id != (agency.id if agency else None) or member.seat is not seat
    update(member, person)
    if changed:
        leave_seat(session, member, now)
    if agency is not None and seat is not Seat.MEMBER:
        _clear_seat(session, agency, seat, now)
    member.agency_id = agency.id if agency else None
    member.seat = seat
    member.left_at = None
    session.flush()
    refresh(session, consortium)
    voices.notify_counting_voices(session, consortium.id, now)
    return member


def update(member: Member, person: Person) -> None:
    """Take over a person's name, address and zone from Slack."""
    member.name = person.name
    member.email = person.email
    member.zone = person.zone


def leave_seat(session: Session, member: Member, now: datetime) -> None:
    """Make somebody a plain member; what they said for their agency stays."""
    if member.id is not None:
        positions.vacate(session, member.id, now)
        polls.vacate(session, member.id, now)
    member.seat = Seat.MEMBER
    session.flush()


def _clear_seat(session: Session, agency: Agency, seat: Seat, now: datetime) -> None:
    first, second = members.speakers(session, [agency.id])[agency.id]
    holder = first if seat is Seat.REPRESENTATIVE else second
    if holder is not None:
        leave_seat(session, holder, now)


def refresh(session: Session, consortium: Consortium) -> None:
    """Have the open proposals drawn anew, and looked at for whom to remind: others may speak now."""
    for proposal in proposals.running(session, consortium.id):
        live_messages.want(session, proposal.live_id)
        proposal.remind_at = proposal.opens_at
    for poll in polls.running(session, consortium.id):
        if poll.by_agency:
            live_messages.want(session, poll.live_id)
