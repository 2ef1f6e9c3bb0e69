"""Scheduled work of the pulse: opening and closing rounds, and rendering the notices that are due."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.orm import Session

from handlers.kit.block_kit import Piece
from handlers.kit.isolation import alone
from handlers.kit.notices.sweep import RenderedNotice
from handlers.pulse import result_views, rounds, views
from handlers.pulse.rules import calendar
from handlers.pulse.snapshot import load_snapshot
from storage import closures, members, notices, pulse, seals
from storage.consortia import Consortium
from storage.database import Database
from storage.members import Member
from storage.notices import Notice
from storage.pulse import Round
from storage.seals import KeyRing
from storage.vocabulary import Language, MemberId, NoticeId, NoticeKind, RoundState

log = structlog.get_logger()

RETRY = timedelta(hours=1)
"""When a round whose key is missing is tried again."""

DAY = timedelta(days=1)

next_due = pulse.NEXT_DUE


def sweep(db: Database, ring: KeyRing, now: datetime) -> None:
    """Close the rounds that are due, then open those that are due, each in its own transaction."""
    with db.read() as session:
        to_close = pulse.to_close(session, now)
        to_open = pulse.to_open(session, now)
    for round_id in to_close:
        try:
            with alone(db, seals.KeyMissing) as session:
                closing = pulse.lock_round(session, round_id)
                if closing.state is RoundState.OPEN and closing.closes_at <= now:
                    rounds.close(session, ring, closing, now)
        except seals.KeyMissing:
            # the answers stay: the round closes once the key is back
            log.critical("a round cannot be opened: SEAL_KEYS lacks the key it was sealed with", feature="pulse")
            with db.begin() as session:
                pulse.lock_round(session, round_id).closes_at = now + RETRY
    for pulse_id in to_open:
        with alone(db) as session:
            record = pulse.lock(session, pulse_id)
            if record.opens_at is not None and record.opens_at <= now:
                rounds.open_planned(session, ring, record, now)


def render_invitations(session: Session, due: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the questions and reminders for people who have neither answered nor skipped the round."""
    people = members.named(session, {notice.member_id for notice in due})
    rendered: dict[NoticeId, RenderedNotice] = {}
    for number in {notice.subject for notice in due}:
        running = pulse.get_round(session, due[0].consortium_id, number)
        if running is not None and running.state is RoundState.OPEN and running.closes_at > now:
            own = [notice for notice in due if notice.subject == number]
            rendered |= _render_round(session, running, own, people, now)
    return rendered


def _render_round(
    session: Session, running: Round, due: Sequence[Notice], people: Mapping[MemberId, Member], now: datetime
) -> dict[NoticeId, RenderedNotice]:
    invitations = pulse.invitations(session, running.id, [notice.member_id for notice in due])
    closed = closures.closed_days(session, running.consortium_id, running.day, running.closes_at.date() + DAY)
    consortium = session.get_one(Consortium, running.consortium_id)
    pieces: dict[tuple[bool, Language, str], Piece] = {}
    rendered: dict[NoticeId, RenderedNotice] = {}
    # no second message about a round to the same person on the same day
    last = notices.said(session, NoticeKind.PULSE, running.number, list(invitations))
    notified = {
        member_id for member_id, at in last.items() if _day(at, people[member_id]) == _day(now, people[member_id])
    }
    for notice in sorted(due, key=lambda notice: notice.key):
        invitation, member = invitations.get(notice.member_id), people[notice.member_id]
        if invitation is None or invitation.answered or invitation.skipped or member.id in notified:
            continue
        notified.add(member.id)
        wall = now.astimezone(ZoneInfo(member.zone))
        closed_days = closed.get(invitation.agency_id, set())
        if wall.date() in closed_days:
            rendered[notice.id] = calendar.due_at(
                wall.date(), wall.time(), member.zone, closed_days, consortium.quiet_hours
            )
            continue
        key = (rounds.is_reminder(notice.key), member.language, member.zone)
        if key not in pieces:
            pieces[key] = _piece(consortium.name, running, *key)
        rendered[notice.id] = pieces[key]
    return rendered


def _day(at: datetime, member: Member) -> date:
    return at.astimezone(ZoneInfo(member.zone)).date()


def _piece(consortium: str, running: Round, is_reminder: bool, language: Language, zone: str) -> Piece:
    if is_reminder:
        return views.reminder(running.number, running.closes_at, zone, language)
    questions = len(running.questions)
    return views.invitation(consortium, running.number, questions, running.closes_at, zone, language)


def render_concerns(session: Session, due: Sequence[Notice], _now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render for facilitators the themes that fell or stay low."""
    rendered: dict[NoticeId, RenderedNotice] = {}
    for number in {notice.subject for notice in due}:
        closed = pulse.get_round(session, due[0].consortium_id, number)
        if closed is None:
            continue
        piece = result_views.concern_notice(load_snapshot(session, closed))
        rendered |= {notice.id: piece for notice in due if notice.subject == number}
    return rendered
