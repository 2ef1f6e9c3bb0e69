"""What time brings to the pulse: rounds open, ask, remind and close."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit import sealing
from handlers.kit.block_kit import Piece
from handlers.kit.isolation import alone
from handlers.kit.notices.sweep import RenderedNotice
from handlers.pulse import closing, rounds, snapshot, views
from handlers.pulse.rounds import is_reminder
from handlers.pulse.rules import calendar
from storage import closures, members, notices, pulse
from storage.consortia import Consortium
from storage.database import Database
from storage.members import Member
from storage.notices import Notice
from storage.pulse import Round
from storage.seals import KeyRing
from storage.vocabulary import Language, MemberId, NoticeId, NoticeKind, RoundState

A_DAY = timedelta(days=1)


def sweep(db: Database, ring: KeyRing, now: datetime) -> None:
    """Do everything that is due: first close, then open; each round in a transaction of its own."""
    with db.read() as session:
        to_close = pulse.to_close(session, now)
        to_open = pulse.to_open(session, now)

    def close(session: Session, found: Round) -> None:
        if found.state is RoundState.OPEN:
            closing.close(session, ring, found, now)

    sealing.close_each(db, to_close, pulse.lock_round, close, now, feature="pulse")
    for pulse_id in to_open:
        with alone(db) as session:
            planned = pulse.lock(session, pulse_id)
            if planned.opens_at is not None and planned.opens_at <= now:
                rounds.open_planned(session, ring, planned, now)


next_due = pulse.NEXT_DUE


def ask(session: Session, those: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Ask, or remind, those who have neither answered nor passed the round over."""
    people = members.named(session, {notice.member_id for notice in those})
    drawn: dict[NoticeId, RenderedNotice] = {}
    for number in {notice.subject for notice in those}:
        found = pulse.get_round(session, those[0].consortium_id, number)
        if found is not None and found.state is RoundState.OPEN and found.closes_at > now:
            drawn |= _ask(session, found, [notice for notice in those if notice.subject == number], people, now)
    return drawn


def _ask(
    session: Session, found: Round, those: Sequence[Notice], people: Mapping[MemberId, Member], now: datetime
) -> dict[NoticeId, RenderedNotice]:
    asked = pulse.invitations(session, found.id, [notice.member_id for notice in those])
    closed = closures.closed_days(session, found.consortium_id, found.day, found.closes_at.date() + A_DAY)
    hours = session.get_one(Consortium, found.consortium_id).quiet_hours
    pieces: dict[tuple[bool, Language, str], Piece] = {}
    drawn: dict[NoticeId, RenderedNotice] = {}
    # whoever hears of a round needs no reminder on the same day
    last = notices.said(session, NoticeKind.PULSE, found.number, list(asked))
    told = {one for one, at in last.items() if _day(at, people[one]) == _day(now, people[one])}
    for notice in sorted(those, key=lambda notice: notice.key):
        invitation, member = asked.get(notice.member_id), people[notice.member_id]
        if invitation is None or invitation.answered or invitation.skipped or member.id in told:
            continue
        told.add(member.id)
        wall = now.astimezone(ZoneInfo(member.zone))
        if wall.date() in closed.get(invitation.agency_id, ()):
            drawn[notice.id] = calendar.due_at(
                wall.date(), wall.time(), member.zone, closed[invitation.agency_id], hours
            )
            continue
        key = (is_reminder(notice.key), member.language, member.zone)
        if key not in pieces:
            pieces[key] = _piece(found, *key)
        drawn[notice.id] = pieces[key]
    return drawn


def _day(at: datetime, member: Member) -> date:
    return at.astimezone(ZoneInfo(member.zone)).date()


def _piece(found: Round, again: bool, language: Language, zone: str) -> Piece:
    if again:
        return views.reminder(found.number, found.closes_at, zone, language)
    return views.invitation(found.number, len(found.questions), found.closes_at, zone, language)


def concern(session: Session, those: Sequence[Notice], _now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Tell facilitators of themes that fell or stay low."""
    drawn: dict[NoticeId, RenderedNotice] = {}
    for number in {notice.subject for notice in those}:
        found = pulse.get_round(session, those[0].consortium_id, number)
        if found is None:
            continue
        piece = views.concern_told(snapshot.take(session, found))
        drawn |= {notice.id: piece for notice in those if notice.subject == number}
    return drawn
