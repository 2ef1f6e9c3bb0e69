"""Scheduled work of proposals: opening positions, reminders, closing, the end of the time to extend, and reviews."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from handlers.kit.dates import local_to_utc
from handlers.kit.isolation import row_transaction
from handlers.kit.notices.sweep import RenderedNotice
from handlers.kit.visibility import Reader, sees
from handlers.proposals import openings, reminders, views
from handlers.proposals.audience import audience_of
from handlers.proposals.creation import open_positions
from handlers.proposals.lifecycle import close_proposal, end_extension_time, give_full_time, wait_until_seen
from handlers.proposals.reminders import new_notice, with_snapshots
from storage import members, notices, proposals
from storage.consortia import Consortium
from storage.database import Database
from storage.due import Due, earliest
from storage.notices import Notice
from storage.proposals import Proposal
from storage.vocabulary import NoticeId, NoticeKind, ProposalState

REVIEW_HOUR = time(9, 0)
"""Time of day, in the consortium's zone, at which a review is announced."""


def sweep(db: Database, now: datetime) -> None:
    """Do everything that is due, each proposal in its own transaction."""
    with db.read() as session:
        opening = proposals.list_due_to_open(session, now)
        closing = proposals.list_due_to_close(session, now)
        reminding = proposals.list_due_for_reminders(session, now)
        past_extension = proposals.list_no_longer_extendable(session, now)
        reviewing = proposals.list_due_for_review(session, now.date() + timedelta(days=1))
    for proposal_id in opening:
        with row_transaction(db) as session:
            proposal = proposals.lock_by_id(session, proposal_id)
            if proposal.state is ProposalState.TALKING and proposal.opens_at <= now:
                open_positions(session, proposal, now)
                openings.announce_voting(session, proposal, now)
    for proposal_id in closing:
        with row_transaction(db) as session:
            proposal = proposals.lock_by_id(session, proposal_id)
            if proposal.state is not ProposalState.OPEN or proposal.closes_at > now:
                continue
            if not wait_until_seen(session, proposal, now):
                close_proposal(session, proposal, now)
    for proposal_id in reminding:
        with row_transaction(db) as session:
            proposal = proposals.lock_by_id(session, proposal_id)
            give_full_time(session, proposal, now)
            reminders.queue_reminders(session, proposal, now)
    for proposal_id in past_extension:
        with row_transaction(db) as session:
            end_extension_time(session, proposals.lock_by_id(session, proposal_id), now)
    for proposal_id in reviewing:
        with row_transaction(db) as session:
            _queue_review_notices(session, proposals.lock_by_id(session, proposal_id), now)


def _next_due(session: Session, values: Sequence[Any]) -> datetime | None:
    *times, first_review = values
    reviews = proposals.next_reviews_by_zone(session) if first_review is not None else []
    return earliest(session, [*times, *(_review_at(day, zone) for day, zone in reviews)])


next_due = Due(*proposals.NEXT_TIMES, proposals.NEXT_REVIEW, read=_next_due)
"""When this sweep next has something to do."""


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
        notices.add(session, new_notice(proposal, member.id, NoticeKind.REVIEW, key, now))


def _review_at(day: date, zone: str) -> datetime:
    return local_to_utc(datetime.combine(day, REVIEW_HOUR), zone)


def render_reviews(session: Session, due: Sequence[Notice], _now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the notices of decisions that are up for review."""
    rendered: dict[NoticeId, RenderedNotice] = {}
    for notice, proposal, shown in with_snapshots(session, due):
        if sees(Reader(notice.member_id), audience_of(session, proposal)):
            rendered[notice.id] = views.review_notice(shown)
    return rendered
