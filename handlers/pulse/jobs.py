"""Scheduled work of the pulse: opening and closing rounds, and rendering the notices that are due."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit import sealing
from handlers.kit.block_kit import MessagePart
from handlers.kit.isolation import row_transaction
from handlers.kit.notices.sweep import RenderedNotice
from handlers.pulse import result_views, rounds, views
from handlers.pulse.rules import calendar
from handlers.pulse.snapshot import load_snapshot
from storage import closures, members, notices, pulse
from storage.consortia import Consortium
from storage.database import Database
from storage.members import Member
from storage.notices import Notice
from storage.pulse import PulseRound
from storage.seals import KeyRing
from storage.vocabulary import Language, MemberId, NoticeId, NoticeKind, RoundState

DAY = timedelta(days=1)

next_due = pulse.NEXT_DUE


def sweep(db: Database, ring: KeyRing, now: datetime) -> None:
    """Close the rounds that are due, then open those that are due, each in its own transaction."""
    with db.read() as session:
        to_close = pulse.list_due_to_close(session, now)
        to_open = pulse.list_due_to_open(session, now)

    def close(session: Session, closing: PulseRound) -> None:
        if closing.state is RoundState.OPEN:
            rounds.close(session, ring, closing, now)

    sealing.close_each(db, to_close, pulse.lock_round, close, now, feature="pulse")
    for pulse_id in to_open:
        with row_transaction(db) as session:
            record = pulse.lock_by_id(session, pulse_id)
            if record.opens_at is not None and record.opens_at <= now:
                rounds.open_planned(session, ring, record, now)


def render_invitations(session: Session, due: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the questions and reminders for people who have neither answered nor skipped the round."""
    people = members.by_ids(session, {notice.member_id for notice in due})
    rendered: dict[NoticeId, RenderedNotice] = {}
    for number in {notice.subject for notice in due}:
        running = pulse.get_round(session, due[0].consortium_id, number)
        if running is not None and running.state is RoundState.OPEN and running.closes_at > now:
            own = [notice for notice in due if notice.subject == number]
            rendered |= _render_round(session, running, own, people, now)
    return rendered


def _render_round(
    session: Session, running: PulseRound, due: Sequence[Notice], people: Mapping[MemberId, Member], now: datetime
) -> dict[NoticeId, RenderedNotice]:
    invitations = pulse.invitations_by_member(session, running.id, [notice.member_id for notice in due])
    closed = closures.closed_days(session, running.consortium_id, running.day, running.closes_at.date() + DAY)
    consortium = session.get_one(Consortium, running.consortium_id)
    pieces: dict[tuple[bool, Language, str], MessagePart] = {}
    rendered: dict[NoticeId, RenderedNotice] = {}
    # no second message about a round to the same person on the same day
    last = notices.last_sent(session, NoticeKind.PULSE, running.number, list(invitations))
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


def _piece(consortium: str, running: PulseRound, is_reminder: bool, language: Language, zone: str) -> MessagePart:
    if is_reminder:
        return views.reminder(running.number, running.closes_at, zone, language)
    questions = len(running.questions)
    return views.invitation(consortium, running.number, questions, running.closes_at, zone, language)


def render_concerns(session: Session, due: Sequence[Notice], _now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render for facilitators the themes that fell or stay low."""
    people = members.by_ids(session, {notice.member_id for notice in due})
    rendered: dict[NoticeId, RenderedNotice] = {}
    for number in {notice.subject for notice in due}:
        closed = pulse.get_round(session, due[0].consortium_id, number)
        if closed is None:
            continue
        snapshot = load_snapshot(session, closed)
        pieces = {language: result_views.concern_notice(snapshot, language) for language in Language}
        rendered |= {notice.id: pieces[people[notice.member_id].language] for notice in due if notice.subject == number}
    return rendered
