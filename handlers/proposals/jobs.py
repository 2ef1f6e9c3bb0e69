"""What time brings to proposals: opening, reminding, closing, looking again."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from handlers.kit import quiet
from handlers.kit.dates import local
from handlers.kit.speech import tell
from handlers.proposals import picture as pictures
from handlers.proposals import views
from handlers.proposals.endings import close
from handlers.proposals.proposing import open_positions
from handlers.proposals.rules import REMIND, by_heads
from storage import members, occurrences, proposals
from storage.consortia import Consortium
from storage.database import Database
from storage.members import Member
from storage.proposals import Proposal
from storage.vocabulary import ProposalState

LOOK_AGAIN = timedelta(hours=6)
"""So often it is looked who is silent now: people are named, come back and take positions back."""

REVIEW_HOUR = time(9, 0)


def sweep(db: Database, now: datetime) -> None:
    """Do everything that is due; each proposal in a transaction of its own."""
    with db.read() as session:
        opening = proposals.to_open(session, now)
        closing = proposals.to_close(session, now)
        reminding = proposals.to_remind(session, now)
        reviewing = proposals.to_review(session, now.date() + timedelta(days=1))
    for proposal_id in opening:
        with db.begin() as session:
            proposal = proposals.lock_id(session, proposal_id)
            if proposal.state is ProposalState.TALKING and proposal.opens_at <= now:
                open_positions(session, proposal)
    for proposal_id in closing:
        with db.begin() as session:
            proposal = proposals.lock_id(session, proposal_id)
            if proposal.state is ProposalState.OPEN and proposal.closes_at <= now:
                close(session, proposal, now)
    for proposal_id in reminding:
        with db.begin() as session:
            _remind(session, proposals.lock_id(session, proposal_id), now)
    for proposal_id in reviewing:
        with db.begin() as session:
            _review(session, proposals.lock_id(session, proposal_id), now)


def next_due(session: Session) -> datetime | None:
    """Give the next moment at which this sweep has something to do, or None."""
    moments = proposals.next_moments(session)
    reviews = [_review_at(day, zone) for day, zone in proposals.next_reviews(session)]
    return min((at for at in (*moments, *reviews) if at is not None), default=None)


def _remind(session: Session, proposal: Proposal, now: datetime) -> None:
    """Remind those who speak for agencies not yet heard, once for each closing time."""
    if proposal.state is not ProposalState.OPEN or now >= proposal.closes_at:
        return
    following = [now + LOOK_AGAIN]
    picture = pictures.take(session, proposal)
    for member, agency, at in _to_remind(session, proposal, picture):
        key = f"proposal/{proposal.number}/remind/{int(proposal.closes_at.timestamp())}/{member.id}"
        if at > now:
            following.append(at)
        elif occurrences.claim(session, proposal.consortium_id, key, now):
            body = views.reminder(picture, agency)
            tell(session, proposal.team_id, member, body, f"the reminder of proposal {proposal.number}", now)
    proposal.remind_at = min(following)


def _to_remind(
    session: Session, proposal: Proposal, picture: pictures.Picture
) -> Iterator[tuple[Member, str, datetime]]:
    """List whom to remind for which agency, and when; whoever is away is left in peace."""
    if by_heads(proposal.rule):
        return
    before = proposal.closes_at - REMIND
    hours = session.get_one(Consortium, proposal.consortium_id).quiet_hours
    silent = [agency for agency, stands in picture.standings.items() if not stands.heard]
    for agency, pair in members.speakers(session, silent).items():
        named = [member for member in pair if member is not None]
        # where nobody is named, any of the agency's people speak for it
        for member in named or members.of_agency(session, agency):
            if member.away_until is not None and member.away_until > before:
                continue
            at = quiet.reminder(before, proposal.closes_at, member.zone, hours)
            if at > proposal.opens_at:
                yield member, picture.agencies[agency], at


def _review(session: Session, proposal: Proposal, now: datetime) -> None:
    """Tell the author and the facilitators that a decision was to be looked at again."""
    zone = session.get_one(Consortium, proposal.consortium_id).zone
    if proposal.reviewed or proposal.review_on is None or _review_at(proposal.review_on, zone) > now:
        return
    proposal.reviewed = True
    people = {m.id: m for m in members.facilitators(session, proposal.consortium_id)}
    people |= members.named(session, {proposal.author_id})
    body = views.review(pictures.take(session, proposal))
    for member in people.values():
        tell(session, proposal.team_id, member, body, f"the review of proposal {proposal.number}", now)


def _review_at(day: date, zone: str) -> datetime:
    return local(datetime.combine(day, REVIEW_HOUR), zone)
