"""Scheduled work of minutes: asking for them, and accepting those whose time for corrections is over."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.isolation import row_transaction
from handlers.meetings import participants
from handlers.meetings.minutes import acceptance, note_takers
from handlers.meetings.notices import put_step_notice
from handlers.meetings.rules import step_times
from handlers.meetings.rules.step_times import MeetingStep, StepOffsets
from storage import minutes
from storage.consortia import Consortium
from storage.database import Database
from storage.due import Due
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.vocabulary import NoticeKind, NoticeTiming

next_due = Due(minutes.NEXT_ACCEPTANCE)
"""When this sweep next has something to do."""


def sweep(db: Database, now: datetime) -> None:
    """Accept the minutes that are due, each in its own transaction."""
    with db.read() as session:
        due = minutes.list_due_for_acceptance(session, now)
    for minutes_id in due:
        with row_transaction(db) as session:
            acceptance.accept_by_silence(session, minutes_id, now)


def request_minutes(
    session: Session, series: Series, meeting: Meeting, offsets: StepOffsets, now: datetime
) -> list[datetime]:
    """Ask for the minutes of a locked meeting if that is due. Return the times of all requests.

    The note-taker is asked up to three times, then the chair; after a week, those who keep the series going are told.
    The minutes stay expected for 90 days. This runs with the other steps of the meeting.
    """
    wait = offsets.get(MeetingStep.MINUTES)
    if wait is None:
        return []
    first = step_times.minutes_after(meeting.ends_at, wait, series.zone)
    late = step_times.shift(first, step_times.LATE, series.zone)
    later = [late, first + step_times.NO_LONGER_EXPECTED]
    if late <= now:
        _tell_organizers(session, series, meeting, late)
    if first <= now:
        note_takers.ensure_note_taker(session, series, meeting, now)
    note_taker = session.get(Member, meeting.notes_id) if meeting.notes_id is not None else None
    if note_taker is None:
        if first <= now:
            _ask_chair(session, series, meeting, first)
        return [first, *later]
    quiet_hours = session.get_one(Consortium, series.consortium_id).quiet_hours
    begin = max(first, meeting.notes_since or first)
    times = step_times.request_times(begin, offsets.get(MeetingStep.AGAIN), note_taker.zone, quiet_hours)
    due = [number for number, at in enumerate(times) if at <= now]
    if due and due[-1] == step_times.MAX_REQUESTS:
        _ask_chair(session, series, meeting, times[-1])
    elif due:
        number = due[-1]
        until = times[number + 1] if number + 1 < len(times) else None
        kind, step = NoticeKind.MINUTES, f"minutes-{number}"
        put_step_notice(session, series, meeting, note_taker, kind, step, times[number], until, NoticeTiming.HOUR)
    return [*times, *later]


def _tell_organizers(session: Session, series: Series, meeting: Meeting, due_at: datetime) -> None:
    """Tell facilitators or, in a private channel, the chair that the minutes are late."""
    for organizer in participants.organizers(session, series):
        if organizer.id != meeting.notes_id:
            kind = NoticeKind.MINUTES_LATE
            put_step_notice(session, series, meeting, organizer, kind, "late", due_at, None)


def _ask_chair(session: Session, series: Series, meeting: Meeting, due_at: datetime) -> None:
    chair = participants.acting_chair(session, series)
    if chair is not None:
        kind = NoticeKind.MINUTES_LACK
        put_step_notice(session, series, meeting, chair, kind, "lack", due_at, None, NoticeTiming.HOUR)
