"""Scheduled work of meetings: calls for items, agendas, reminders, and the next meetings of a series."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.isolation import row_transaction
from handlers.meetings import channel_posts, creation, participants, snapshot
from handlers.meetings.minutes import jobs as minutes_jobs
from handlers.meetings.minutes import note_takers
from handlers.meetings.notices import put_step_notice
from handlers.meetings.rules import step_times
from handlers.meetings.rules.step_times import StepOffsets
from storage import meetings, members, minutes, notices, occurrences
from storage.database import Database
from storage.due import Due
from storage.meetings import Meeting, Series
from storage.notices import NewNotice
from storage.vocabulary import MeetingId, MeetingState, NoticeKind, NoticeTiming

ROUNDS = 3
"""How often a sweep looks for due meetings: the end of one meeting plans the next, which may be due at once."""

next_due = Due(meetings.NEXT_DUE, minutes.NEXT_WITHOUT_NOTE_TAKER, meetings.NEXT_CHAIR_LEFT)
"""When this sweep next has something to do."""


def sweep(db: Database, now: datetime) -> None:
    """Run all steps that are due, each meeting in its own transaction, and ask for chairs where one has left."""
    with db.read() as session:
        without_chair = meetings.list_chair_left(session)
    for series_id in without_chair:
        with row_transaction(db) as session:
            _ask_for_chair(session, meetings.lock_series(session, series_id), now)
    seen: set[MeetingId] = set()
    for _ in range(ROUNDS):
        with db.read() as session:
            due = dict.fromkeys([*meetings.list_due(session, now), *minutes.list_without_note_taker(session)])
        # a meeting that failed is tried again in the next sweep, not in this one
        fresh = [meeting_id for meeting_id in due if meeting_id not in seen]
        if not fresh:
            return
        for meeting_id in fresh:
            with row_transaction(db) as session:
                run_due_steps(session, meeting_id, now)
        seen.update(fresh)


def _ask_for_chair(session: Session, series: Series, now: datetime) -> None:
    """Ask the facilitators for another chair of a locked series whose chair has left, if it still meets."""
    series.chair_asked_at = now
    if meetings.next_of_series(session, series.id, now) is None:
        return
    for facilitator in members.facilitators(session, series.consortium_id):
        key = f"series/{series.id}/chair-left/{series.chair_id}/{int(now.timestamp())}/{facilitator.id}"
        about = (NoticeKind.CHAIR_LEFT, key, series.id)
        wanted = NewNotice(
            series.consortium_id, facilitator.id, series.team_id, *about, due_at=now, manner=NoticeTiming.HOUR
        )
        notices.add(session, wanted)


def run_due_steps(session: Session, meeting_id: int, now: datetime) -> None:
    """Lock a meeting, run its due steps, and store when the next one is due."""
    meeting = meetings.lock_with_series(session, meeting_id)
    if meeting is None:
        return
    series = meetings.series_of(session, meeting)
    cancelled = meeting.state is MeetingState.CANCELLED
    if cancelled or meeting.ends_at <= now:
        creation.plan_next_meetings(session, series, now)
    if cancelled or minutes.of_meeting(session, meeting.id) is not None:
        # where minutes are written during the meeting, its end still has to plan the next one
        meeting.look_at = None if cancelled or meeting.ends_at <= now else meeting.ends_at
        return
    offsets = step_times.merge_offsets(meetings.reminder_steps(session, series.consortium_id), series.steps)
    following = [
        *_run_steps_before(session, series, meeting, offsets, now),
        *minutes_jobs.request_minutes(session, series, meeting, offsets, now),
    ]
    meeting.look_at = min((at for at in (*following, meeting.ends_at) if at > now), default=None)


def _run_steps_before(
    session: Session, series: Series, meeting: Meeting, offsets: StepOffsets, now: datetime
) -> list[datetime]:
    """Run the due steps before a meeting. Return the times of all of them."""
    at = step_times.times_before(snapshot.load_timing(session, series, meeting), offsets)
    if at.note_taker <= now or meeting.notes_id is not None:
        note_takers.ensure_note_taker(session, series, meeting, now)
    if at.call is not None and at.call <= now:
        _call_for_items(session, series, meeting, at.agenda or meeting.starts_at, now)
    if at.agenda is not None and at.agenda <= now < meeting.starts_at:
        channel_posts.publish_agenda(session, series, meeting, now)
    if at.remind is not None and at.remind <= now < meeting.ends_at:
        _remind(session, series, meeting, at.remind, now)
    return [time for time in (at.note_taker, at.call, at.agenda, at.remind) if time is not None]


def _call_for_items(session: Session, series: Series, meeting: Meeting, until: datetime, now: datetime) -> None:
    """Call for items once, unless the agenda is already published or due."""
    if channel_posts.is_agenda_published(session, series, meeting) or now >= until:
        return
    if not occurrences.claim(session, series.consortium_id, channel_posts.step_key(meeting, "call"), now):
        return
    channel_posts.post_call_for_items(session, series, meeting, now)
    chair = participants.acting_chair(session, series)
    if chair is not None:
        put_step_notice(session, series, meeting, chair, NoticeKind.CHAIR, "chair", now, until)


def _remind(session: Session, series: Series, meeting: Meeting, due_at: datetime, now: datetime) -> None:
    """Leave a reminder for everyone concerned, once for each date.

    Where a new meeting begins so soon that it is due at once, the person who planned it has just read when it is, but
    not that they take the minutes.
    """
    if not occurrences.claim(session, series.consortium_id, channel_posts.step_key(meeting, "remind"), now):
        return
    kind, until = NoticeKind.MEETING, meeting.ends_at
    knows = series.author_id if due_at <= meeting.planned_at and series.author_id != meeting.notes_id else None
    for member in participants.people_to_notify(session, meeting, meeting.starts_at).values():
        if member.id == knows:
            continue
        put_step_notice(session, series, meeting, member, kind, "remind", due_at, until, NoticeTiming.SOON)
