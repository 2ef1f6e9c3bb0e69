"""What time brings to polls: reminding and closing."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from handlers.kit import quiet_hours
from handlers.kit.isolation import alone
from handlers.kit.notices.messages import reply
from handlers.kit.notices.sweep import RenderedNotice
from handlers.polls import snapshot, views, voting
from storage import members, notices, occurrences, polls, seals
from storage.consortia import Consortium
from storage.database import Database
from storage.members import Member
from storage.notices import Notice, Wanted
from storage.polls import Poll
from storage.seals import KeyRing
from storage.vocabulary import NoticeId, NoticeKind, PollState, Seat

log = structlog.get_logger()

BEFORE = timedelta(hours=24)
AGAIN = timedelta(hours=1)
LOOK_AGAIN = timedelta(hours=6)


def sweep(db: Database, ring: KeyRing, now: datetime) -> None:
    """Do everything that is due; each poll in a transaction of its own."""
    with db.read() as session:
        closing = polls.to_close(session, now)
        reminding = polls.to_remind(session, now)
    for poll_id in closing:
        try:
            with alone(db, seals.KeyMissing) as session:
                poll = polls.lock_id(session, poll_id)
                if poll.state is PollState.OPEN and poll.closes_at <= now:
                    voting.close(session, ring, poll, now)
        except seals.KeyMissing:
            # nothing is thrown away: with the right key the next try opens it
            log.critical("a poll cannot be opened: SEAL_KEYS lacks the key it was sealed with", feature="polls")
            with db.begin() as session:
                polls.lock_id(session, poll_id).closes_at = now + AGAIN
    for poll_id in reminding:
        with alone(db) as session:
            _remind(session, polls.lock_id(session, poll_id), now)


next_due = polls.NEXT_DUE


def _remind(session: Session, poll: Poll, now: datetime) -> None:
    """Remind those who have not voted, once; in a private channel within the thread."""
    if poll.state is not PollState.OPEN or now >= poll.closes_at:
        return
    if poll.private:
        _remind_thread(session, poll, now)
        return
    following = [now + LOOK_AGAIN]
    for member, at in _to_remind(session, poll):
        if at > now:
            following.append(at)
        else:
            key = f"poll/{poll.number}/remind/{member.id}"
            about = (NoticeKind.POLL, key, poll.number)
            notices.put(session, Wanted(poll.consortium_id, member.id, poll.team_id, *about, at, poll.closes_at))
    poll.remind_at = min(following)


def _remind_thread(session: Session, poll: Poll, now: datetime) -> None:
    zone = session.get_one(Consortium, poll.consortium_id)
    at = quiet_hours.reminder(poll.closes_at - BEFORE, poll.closes_at, zone.zone, zone.quiet_hours)
    if at > now:
        poll.remind_at = at
        return
    poll.remind_at = None
    if at > poll.created_at and occurrences.claim(session, poll.consortium_id, f"poll/{poll.number}/remind", now):
        reply(session, poll, views.thread_reminder(snapshot.take(session, poll)), "the reminder", now)


def _to_remind(session: Session, poll: Poll) -> Iterator[tuple[Member, datetime]]:
    """List who has not voted, each with the moment; where agencies vote, only who speaks for one."""
    before = poll.closes_at - BEFORE
    hours = session.get_one(Consortium, poll.consortium_id).quiet_hours
    voted = {ballot.member_id for ballot in polls.ballots(session, poll.id)}
    heard = {ballot.agency_id for ballot in polls.ballots(session, poll.id)} if poll.by_agency else set()
    for member in members.living(session, poll.consortium_id):
        speaks = not poll.by_agency or member.seat is not Seat.MEMBER
        if member.id in voted or not speaks or (poll.by_agency and member.agency_id in heard):
            continue
        at = quiet_hours.reminder(before, poll.closes_at, member.zone, hours)
        if at > poll.created_at:
            yield member, at


def remind(session: Session, those: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Say what is still lacking: who has voted by now needs no reminder."""
    people = members.named(session, {notice.member_id for notice in those})
    drawn: dict[NoticeId, RenderedNotice] = {}
    for number in {notice.subject for notice in those}:
        poll = polls.get(session, those[0].consortium_id, number)
        if poll is None or poll.state is PollState.CLOSED or poll.closes_at <= now:
            continue
        piece = views.reminder(snapshot.take(session, poll))
        ballots = polls.ballots(session, poll.id)
        voted = {ballot.member_id for ballot in ballots}
        heard = {ballot.agency_id for ballot in ballots} if poll.by_agency else set()
        for notice in those:
            lacks = notice.member_id not in voted and people[notice.member_id].agency_id not in heard
            if notice.subject == number and lacks:
                drawn[notice.id] = piece
    return drawn
