"""Scheduled work of proposals: opening positions, reminders, closing, and reviews."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from handlers.kit import quiet_hours
from handlers.kit.dates import local_to_utc
from handlers.kit.isolation import row_transaction
from handlers.kit.notices.sweep import RenderedNotice
from handlers.kit.representation import Named, speaks
from handlers.kit.visibility import Reader, sees
from handlers.proposals import views
from handlers.proposals.audience import audience_of
from handlers.proposals.creation import open_positions
from handlers.proposals.lifecycle import close_proposal, wait_until_seen
from handlers.proposals.rules import LONGEST_REMINDER_LEAD, REMINDER_LEAD, counts_people
from handlers.proposals.snapshot import ProposalSnapshot, load_snapshot
from storage import agencies, members, notices, proposals
from storage.consortia import Consortium
from storage.database import Database
from storage.due import Due, earliest
from storage.members import Member
from storage.notices import NewNotice, Notice
from storage.proposals import Proposal
from storage.vocabulary import NoticeId, NoticeKind, ProposalState

CHECK_INTERVAL = timedelta(hours=12)
"""How often silent agencies are looked up, besides when people are named or leave and when positions are taken back."""

REVIEW_HOUR = time(9, 0)
"""Time of day, in the consortium's zone, at which a review is announced."""


def sweep(db: Database, now: datetime) -> None:
    """Do everything that is due, each proposal in its own transaction."""
    with db.read() as session:
        opening = proposals.list_due_to_open(session, now)
        closing = proposals.list_due_to_close(session, now)
        reminding = proposals.list_due_for_reminders(session, now)
        reviewing = proposals.list_due_for_review(session, now.date() + timedelta(days=1))
    for proposal_id in opening:
        with row_transaction(db) as session:
            proposal = proposals.lock_by_id(session, proposal_id)
            if proposal.state is ProposalState.TALKING and proposal.opens_at <= now:
                open_positions(session, proposal, now)
    for proposal_id in closing:
        with row_transaction(db) as session:
            proposal = proposals.lock_by_id(session, proposal_id)
            if proposal.state is not ProposalState.OPEN or proposal.closes_at > now:
                continue
            if not wait_until_seen(session, proposal, now):
                close_proposal(session, proposal, now)
    for proposal_id in reminding:
        with row_transaction(db) as session:
            _queue_reminders(session, proposals.lock_by_id(session, proposal_id), now)
    for proposal_id in reviewing:
        with row_transaction(db) as session:
            _queue_review_notices(session, proposals.lock_by_id(session, proposal_id), now)


def _next_due(session: Session, values: Sequence[Any]) -> datetime | None:
    *times, first_review = values
    reviews = proposals.next_reviews_by_zone(session) if first_review is not None else []
    return earliest(session, [*times, *(_review_at(day, zone) for day, zone in reviews)])


next_due = Due(*proposals.NEXT_TIMES, proposals.NEXT_REVIEW, read=_next_due)
"""When this sweep next has something to do."""


# reminders -----------------------------------------------------------------------------------------------


def _queue_reminders(session: Session, proposal: Proposal, now: datetime) -> None:
    """Queue reminders for the people who speak for silent agencies, once for each closing time."""
    if proposal.state is not ProposalState.OPEN or now >= proposal.closes_at:
        return
    next_checks = [max(now + CHECK_INTERVAL, proposal.closes_at - LONGEST_REMINDER_LEAD)]
    for member, at in reminders_due(session, proposal):
        if at > now:
            next_checks.append(at)
        else:
            key = f"proposal/{proposal.number}/remind/{int(proposal.closes_at.timestamp())}/{member.id}"
            notices.add(session, _notice(proposal, member, NoticeKind.PROPOSAL, key, at, proposal.closes_at))
    proposal.remind_at = min(next_checks)


def reminders_due(session: Session, proposal: Proposal) -> Iterator[tuple[Member, datetime]]:
    """Yield the people to remind of an open proposal, each with the time of the reminder."""
    if counts_people(proposal.rule):
        return
    before = proposal.closes_at - REMINDER_LEAD
    hours = session.get_one(Consortium, proposal.consortium_id).quiet_hours
    snapshot = load_snapshot(session, proposal)
    active = {agency.id for agency in agencies.active(session, proposal.consortium_id)}
    silent = [agency for agency, standing in snapshot.standings.items() if not standing.heard and agency in active]
    for agency, pair in members.representatives(session, silent).items():
        for member in members.members_of_agency(session, agency):
            if not speaks(member.seat, Named.of(pair)):
                continue
            at = quiet_hours.reminder_time(before, proposal.closes_at, member.zone, hours)
            if at > proposal.opens_at:
                yield member, at


def render_reminders(session: Session, due: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the reminders of people who speak for an agency that is still silent, if the closing time still holds."""
    people = members.by_ids(session, {notice.member_id for notice in due})
    active = {agency.id for agency in agencies.active(session, due[0].consortium_id)}
    represented = {person.agency_id for person in people.values() if person.agency_id is not None} & active
    pairs = members.representatives(session, represented)
    rendered: dict[NoticeId, RenderedNotice] = {}
    for notice, proposal in _with_snapshots(session, due):
        agency, seat = people[notice.member_id].agency_id, people[notice.member_id].seat
        standing = proposal.standings.get(agency) if agency is not None else None
        is_open = proposal.state is ProposalState.OPEN and proposal.closes_at > now
        # after an amendment or a late block, there will be a reminder before the closing time that holds now
        moved = notice.until != proposal.closes_at
        if agency not in pairs or standing is None or standing.heard or not is_open or moved:
            continue
        if speaks(seat, Named.of(pairs[agency])):
            rendered[notice.id] = views.reminder_notice(proposal, proposal.agencies[agency])
    return rendered


# reviews -------------------------------------------------------------------------------------------------


def _queue_review_notices(session: Session, proposal: Proposal, now: datetime) -> None:
    """Queue the notices that a decision is up for review, for its author and the facilitators who may see it."""
    zone = session.get_one(Consortium, proposal.consortium_id).zone
    if proposal.reviewed or proposal.review_on is None or _review_at(proposal.review_on, zone) > now:
        return
    proposal.reviewed = True
    people = {member.id: member for member in members.facilitators(session, proposal.consortium_id)}
    people |= members.by_ids(session, {proposal.author_id})
    audience = audience_of(session, proposal)
    for member in people.values():
        if not sees(Reader(member.id), audience):
            continue
        key = f"proposal/{proposal.number}/review/{proposal.review_on}/{member.id}"
        notices.add(session, _notice(proposal, member, NoticeKind.REVIEW, key, now))


def _review_at(day: date, zone: str) -> datetime:
    return local_to_utc(datetime.combine(day, REVIEW_HOUR), zone)


def render_reviews(session: Session, due: Sequence[Notice], _now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the notices of decisions that are up for review."""
    rendered: dict[NoticeId, RenderedNotice] = {}
    for notice, shown in _with_snapshots(session, due):
        proposal = proposals.get(session, notice.consortium_id, notice.subject)
        if proposal is not None and sees(Reader(notice.member_id), audience_of(session, proposal)):
            rendered[notice.id] = views.review_notice(shown)
    return rendered


# both ----------------------------------------------------------------------------------------------------


def _notice(
    proposal: Proposal, member: Member, kind: NoticeKind, key: str, due_at: datetime, until: datetime | None = None
) -> NewNotice:
    return NewNotice(proposal.consortium_id, member.id, proposal.team_id, kind, key, proposal.number, due_at, until)


def _with_snapshots(session: Session, due: Sequence[Notice]) -> Iterator[tuple[Notice, ProposalSnapshot]]:
    """Yield each notice with the snapshot of its proposal. Load each proposal once."""
    snapshots: dict[int, ProposalSnapshot] = {}
    for notice in due:
        if notice.subject not in snapshots:
            proposal = proposals.get(session, notice.consortium_id, notice.subject)
            if proposal is None:
                continue
            snapshots[notice.subject] = load_snapshot(session, proposal)
        yield notice, snapshots[notice.subject]
