"""What time brings to proposals: opening, reminding, closing, looking again."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from handlers.kit import quiet_hours
from handlers.kit.dates import local
from handlers.kit.isolation import alone
from handlers.kit.notices.sweep import RenderedNotice
from handlers.proposals import snapshot, views
from handlers.proposals.creation import open_positions
from handlers.proposals.lifecycle import close_proposal
from handlers.proposals.rules import LONGEST_REMINDER_LEAD, REMINDER_LEAD, counts_people
from storage import members, notices, proposals
from storage.consortia import Consortium
from storage.database import Database
from storage.due import Due, least
from storage.members import Member
from storage.notices import Notice, Wanted
from storage.proposals import Proposal
from storage.vocabulary import NoticeId, NoticeKind, ProposalState

CHECK_INTERVAL = timedelta(hours=12)
"""So often it is looked who is silent now, besides when people are named or leave and when positions are taken back."""

REVIEW_HOUR = time(9, 0)


def sweep(db: Database, now: datetime) -> None:
    """Do everything that is due; each proposal in a transaction of its own."""
    with db.read() as session:
        opening = proposals.to_open(session, now)
        closing = proposals.to_close(session, now)
        reminding = proposals.to_remind(session, now)
        reviewing = proposals.to_review(session, now.date() + timedelta(days=1))
    for proposal_id in opening:
        with alone(db) as session:
            proposal = proposals.lock_id(session, proposal_id)
            if proposal.state is ProposalState.TALKING and proposal.opens_at <= now:
                open_positions(session, proposal)
    for proposal_id in closing:
        with alone(db) as session:
            proposal = proposals.lock_id(session, proposal_id)
            if proposal.state is ProposalState.OPEN and proposal.closes_at <= now:
                close_proposal(session, proposal, now)
    for proposal_id in reminding:
        with alone(db) as session:
            _remind(session, proposals.lock_id(session, proposal_id), now)
    for proposal_id in reviewing:
        with alone(db) as session:
            _review(session, proposals.lock_id(session, proposal_id), now)


def _next(session: Session, values: Sequence[Any]) -> datetime | None:
    *moments, first_review = values
    reviews = proposals.next_reviews(session) if first_review is not None else []
    return least(session, [*moments, *(_review_at(day, zone) for day, zone in reviews)])


next_due = Due(*proposals.MOMENTS, proposals.FIRST_REVIEW, read=_next)
"""The next moment at which this sweep has something to do."""


def _remind(session: Session, proposal: Proposal, now: datetime) -> None:
    """Remind those who speak for agencies not yet heard, once for each closing time."""
    if proposal.state is not ProposalState.OPEN or now >= proposal.closes_at:
        return
    following = [max(now + CHECK_INTERVAL, proposal.closes_at - LONGEST_REMINDER_LEAD)]
    for member, at in reminders_due(session, proposal):
        if at > now:
            following.append(at)
        else:
            key = f"proposal/{proposal.number}/remind/{int(proposal.closes_at.timestamp())}/{member.id}"
            notices.put(session, _wanted(proposal, member, NoticeKind.PROPOSAL, key, at, proposal.closes_at))
    proposal.remind_at = min(following)


def reminders_due(session: Session, proposal: Proposal) -> Iterator[tuple[Member, datetime]]:
    """List whom to remind, and when."""
    if counts_people(proposal.rule):
        return
    before = proposal.closes_at - REMINDER_LEAD
    hours = session.get_one(Consortium, proposal.consortium_id).quiet_hours
    picture = snapshot.load_snapshot(session, proposal)
    silent = [agency for agency, stands in picture.standings.items() if not stands.heard]
    for agency, pair in members.speakers(session, silent).items():
        named = [member for member in pair if member is not None]
        # where nobody is named, any of the agency's people speak for it
        for member in named or members.of_agency(session, agency):
            at = quiet_hours.reminder(before, proposal.closes_at, member.zone, hours)
            if at > proposal.opens_at:
                yield member, at


def _review(session: Session, proposal: Proposal, now: datetime) -> None:
    """Tell the author and the facilitators that a decision was to be looked at again."""
    zone = session.get_one(Consortium, proposal.consortium_id).zone
    if proposal.reviewed or proposal.review_on is None or _review_at(proposal.review_on, zone) > now:
        return
    proposal.reviewed = True
    people = {m.id: m for m in members.facilitators(session, proposal.consortium_id)}
    people |= members.named(session, {proposal.author_id})
    for member in people.values():
        key = f"proposal/{proposal.number}/review/{proposal.review_on}/{member.id}"
        notices.put(session, _wanted(proposal, member, NoticeKind.REVIEW, key, now))


def _wanted(
    proposal: Proposal, member: Member, kind: NoticeKind, key: str, due_at: datetime, until: datetime | None = None
) -> Wanted:
    return Wanted(proposal.consortium_id, member.id, proposal.team_id, kind, key, proposal.number, due_at, until)


def render_reminders(session: Session, those: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Say what is still lacking: an agency that was heard by now needs no reminder."""
    people = members.named(session, {notice.member_id for notice in those})
    drawn: dict[NoticeId, RenderedNotice] = {}
    for notice, picture in _pictured(session, those):
        agency = people[notice.member_id].agency_id
        stands = picture.standings.get(agency) if agency is not None else None
        open_still = picture.state is ProposalState.OPEN and picture.closes_at > now
        if agency is not None and stands is not None and not stands.heard and open_still:
            drawn[notice.id] = views.reminder_notice(picture, picture.agencies[agency])
    return drawn


def render_reviews(session: Session, those: Sequence[Notice], _now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Say which decisions were to be looked at again."""
    return {notice.id: views.review_notice(picture) for notice, picture in _pictured(session, those)}


def _pictured(session: Session, those: Sequence[Notice]) -> Iterator[tuple[Notice, snapshot.ProposalSnapshot]]:
    """Give each notice with the picture of its proposal, taken once for all."""
    taken: dict[int, snapshot.ProposalSnapshot] = {}
    for notice in those:
        if notice.subject not in taken:
            proposal = proposals.get(session, notice.consortium_id, notice.subject)
            if proposal is None:
                continue
            taken[notice.subject] = snapshot.load_snapshot(session, proposal)
        yield notice, taken[notice.subject]


def _review_at(day: date, zone: str) -> datetime:
    return local(datetime.combine(day, REVIEW_HOUR), zone)
