"""Seats: which agency a person belongs to, and who speaks for it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.directory import Person
from handlers.kit.notices.messages import queue_direct_message
from handlers.kit.representation import Named
from handlers.members import seat_views
from handlers.polls import voices as poll_voices
from handlers.proposals import openings, positions, voices
from storage import agencies, consortia, live_messages, members, membership_requests, polls, proposals
from storage import positions as stored_positions
from storage.agencies import Agency
from storage.balance_inputs import main_workspace
from storage.consortia import Consortium
from storage.members import Member
from storage.vocabulary import AgencyId, Seat


def assign(
    session: Session, consortium: Consortium, person: Person, agency: Agency | None, seat: Seat, now: datetime
) -> Member:
    """Give a person a seat in an agency, and update what is open."""
    with changing(session, consortium, now):
        return place(session, consortium, person, agency, seat, now)


@contextmanager
def changing(session: Session, consortium: Consortium, now: datetime) -> Iterator[None]:
    """Update what is open after people are placed within this block: once, however many they are.

    The consortium is locked, so that nobody else changes who decides meanwhile. So are the requests and proposals on
    which this bears, because they come before the people.
    """
    consortia.lock(session, consortium.id)
    membership_requests.lock_open(session, consortium.id)
    proposals.lock_running(session, consortium.id)
    before = openings.private_deciders(session, consortium.id)
    blocks = positions.standing_blocks(session, consortium.id, now)
    named = _named(session, consortium)
    yield
    refresh_open_items(session, consortium)
    voices.notify_counting_voices(session, consortium.id, now)
    poll_voices.notify_counting_voices(session, consortium.id, now)
    positions.follow_blocks(session, consortium.id, blocks, now)
    openings.announce_new_deciders(session, consortium.id, before, now)
    _tell_alternates(session, consortium, named, now)


def _named(session: Session, consortium: Consortium) -> dict[AgencyId, Named]:
    """Return who is named for each agency that has not ended."""
    living = [agency.id for agency in agencies.active(session, consortium.id)]
    return {key: Named.of(pair) for key, pair in members.representatives(session, living).items()}


def _tell_alternates(session: Session, consortium: Consortium, before: Mapping[AgencyId, Named], now: datetime) -> None:
    """Tell the alternates who speak alone from now on, because their agency has lost its representative."""
    for agency_id, named in _named(session, consortium).items():
        earlier = before.get(agency_id, Named())
        if named.alternate is None or named.alternate != earlier.alternate:
            continue
        if earlier.representative is not None and named.representative is None:
            member = session.get_one(Member, named.alternate)
            body = seat_views.speaks_alone(session.get_one(Agency, agency_id).name)
            workspace = main_workspace(session, consortium.id)
            queue_direct_message(session, workspace, member, body, "news of speaking alone", now)


def place(
    session: Session, consortium: Consortium, person: Person, agency: Agency | None, seat: Seat, now: datetime
) -> Member:
    """Give a person a seat in an agency; the previous holder becomes a plain member. Call it within `changing`.

    This asks nobody: `membership` does, and everything that changes who speaks for an agency goes through it.
    Positions stated for an agency stay with the agency; that their author left the seat is noted beside them.
    """
    member = members.find(session, consortium.id, person.team_id, person.user_id, person.teams)
    if member is not None and member.team_id != person.team_id:
        member.team_id = person.team_id
    if member is None:
        member = Member(consortium_id=consortium.id, team_id=person.team_id, user_id=person.user_id, joined_at=now)
        session.add(member)
        changed = False
    else:
        changed = member.agency_id != (agency.id if agency else None) or member.seat is not seat
    update_profile(member, person)
    if changed:
        vacate(session, member, now)
    if agency is not None and seat is not Seat.MEMBER:
        _vacate_holder(session, agency, seat, now)
        agency.seated_at = agency.seated_at or now
    agency_id = agency.id if agency else None
    if member.agency_id != agency_id or member.left_at is not None:
        member.agency_id, member.agency_since = agency_id, now
    member.seat = seat
    member.left_at = None
    session.flush()
    return member


def update_profile(member: Member, person: Person) -> None:
    """Copy a person's name, address, and time zone from Slack."""
    member.name = person.name
    member.email = person.email
    member.zone = person.zone


def vacate(session: Session, member: Member, now: datetime) -> None:
    """Make a member a plain one; positions stated for the agency stay."""
    if member.id is not None:
        stored_positions.mark_seat_vacated(session, member.id, now)
        polls.mark_seat_vacated(session, member.id, now)
    member.seat = Seat.MEMBER
    session.flush()


def _vacate_holder(session: Session, agency: Agency, seat: Seat, now: datetime) -> None:
    representative, alternate = members.representatives(session, [agency.id])[agency.id]
    holder = representative if seat is Seat.REPRESENTATIVE else alternate
    if holder is not None:
        vacate(session, holder, now)


def refresh_open_items(session: Session, consortium: Consortium) -> None:
    """Queue the messages of open proposals and polls for an update, since others may now speak for an agency.

    The reminders of proposals are due again as well.
    """
    for proposal in proposals.list_running(session, consortium.id):
        live_messages.request_update(session, proposal.live_id)
        proposal.remind_at = proposal.opens_at
    for poll in polls.list_open(session, consortium.id):
        if poll.by_agency:
            live_messages.request_update(session, poll.live_id)
