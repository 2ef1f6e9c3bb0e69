"""Moving and canceling meetings: one, or one and all after it. Everyone concerned is told once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NoReturn
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit import dates
from handlers.kit.callers import Caller, facilitators_to_ask
from handlers.kit.refusals import Refusal
from handlers.kit.text import bold, escape, slack_date
from handlers.meetings import carry_over, channel_posts, participants, snapshot
from handlers.meetings.agenda import NO_SUCH
from handlers.meetings.carry_over import CarryOver
from handlers.meetings.closures import closed_note
from handlers.meetings.rules import recurrence
from storage import audit, live_messages, meetings, members, minutes, notices
from storage.meetings import Meeting, MeetingChange, Series
from storage.notices import NewNotice
from storage.vocabulary import MeetingState, NoticeKind, NoticeTiming

URGENT = timedelta(hours=24)
"""A change that affects a meeting within this time is announced in quiet hours too."""

EXAMPLE = "For example: `/meeting move 2026-12-04 14:00`"

TOLD = "The channel and everyone concerned will be told."


def lock_changeable(session: Session, caller: Caller, meeting_id: int, now: datetime) -> tuple[Series, Meeting]:
    """Lock a meeting and its series. Raise `Refusal` where the caller cannot change it."""
    return require_changeable(session, caller, meetings.lock_with_series(session, meeting_id), now)


def require_changeable(
    session: Session, caller: Caller, meeting: Meeting | None, now: datetime
) -> tuple[Series, Meeting]:
    """Return a meeting and its series.

    Raise `Refusal` where the caller may not change it, or it has begun or is canceled.
    """
    if meeting is None or meeting.consortium_id != caller.consortium.id:
        raise Refusal(NO_SUCH)
    series = meetings.series_of(session, meeting)
    if not participants.may_change(series, caller.person):
        people = members.by_ids(session, {series.chair_id, series.author_id}).values()
        names = " or ".join(escape(person.name) for person in people if person.left_at is None)
        whom = f"You can ask {names}." if names else facilitators_to_ask(session, caller.consortium)
        raise Refusal(
            f"Only the chair of {bold(series.title)}, the person who planned it, or a facilitator can change it. {whom}"
        )
    if meeting.state is MeetingState.CANCELLED:
        raise Refusal(f"{bold(series.title)} on {slack_date(meeting.starts_at, series.zone)} is already canceled.")
    if meeting.starts_at <= now:
        raise Refusal(
            f"{bold(series.title)} began {slack_date(meeting.starts_at, series.zone)} and can no longer be changed. "
            "`/meeting` lists what is planned."
        )
    return series, meeting


def move_one(session: Session, caller: Caller, meeting_id: int, to: datetime, now: datetime) -> str:
    """Move one meeting. Return the answer. Raise `Refusal` where that is not possible."""
    series, meeting = lock_changeable(session, caller, meeting_id, now)
    _check_new_time(meeting, to, now)
    was = meeting.starts_at
    _set_time(session, series, meeting, to, now)
    _record_change(session, caller, series, MeetingChange(meeting_id=meeting.id, was_at=was, now_at=to), [meeting], now)
    closed = closed_note(session, series.consortium_id, [to], series.zone)
    moved = f"{bold(series.title)} is moved from {slack_date(was, series.zone)} to {slack_date(to, series.zone)}."
    return f"{moved} {TOLD} {closed}".rstrip()


def move_all(session: Session, caller: Caller, meeting_id: int, to: datetime, now: datetime) -> str:
    """Move a meeting and all after it. Return the answer. Raise `Refusal` where that is not possible."""
    series, meeting = lock_changeable(session, caller, meeting_id, now)
    _check_new_time(meeting, to, now)
    wall = to.astimezone(ZoneInfo(series.zone)).replace(tzinfo=None)
    rule = recurrence.rule_for_new_start(series.rrule, wall)
    if rule is None:
        raise Refusal(
            "This series has a rule of its own, so its meetings can only be moved one at a time. To meet on other "
            "days, cancel all of them and plan a new series: `/meeting new`"
        )
    affected = [m for m in meetings.meetings_of_series(session, series.id) if m.original_at >= meeting.original_at]
    was = meeting.starts_at
    walls = recurrence.occurrences(rule, wall, wall, len(affected), series.zone)
    after_end = [m for m in affected[len(walls) :] if m.state is MeetingState.PLANNED]
    if after_end:
        _refuse_move_past_end(session, series, len(after_end))
    series.first_day, series.clock, series.rrule = wall.date(), f"{wall:%H:%M}", rule
    for moved, new_wall in zip(affected, walls, strict=False):
        starts_at = dates.local_to_utc(new_wall, series.zone)
        moved.original_at = starts_at
        if moved.state is MeetingState.PLANNED and moved.starts_at > now:
            _set_time(session, series, moved, starts_at, now)
    _record_change(session, caller, series, MeetingChange(meeting_id=None, was_at=was, now_at=to), affected, now)
    how = snapshot.describe_recurrence(session, series)
    starts = [m.starts_at for m in affected if m.state is MeetingState.PLANNED and m.starts_at > now]
    closed = closed_note(session, series.consortium_id, starts, series.zone)
    return f"{bold(series.title)} is now {how}, starting {slack_date(to, series.zone)}. {TOLD} {closed}".rstrip()


def _refuse_move_past_end(session: Session, series: Series, count: int) -> NoReturn:
    """Raise `Refusal` because some meetings of a series would be after its end."""
    how = snapshot.describe_recurrence(session, series)
    raise Refusal(
        f"{bold(series.title)} is planned {how}, and {count} of its meetings would be after "
        "that. Choose an earlier day, or move single meetings.",
        field="begins",
    )


def _check_new_time(meeting: Meeting, to: datetime, now: datetime) -> None:
    if to <= now:
        raise Refusal(f"That time has already passed. {EXAMPLE}", field="begins")
    if to > now + dates.MAX_AHEAD:
        raise Refusal(f"That is more than three years away. {EXAMPLE}", field="begins")
    if to == meeting.starts_at:
        raise Refusal("It already begins at that time. Nothing has changed.", field="begins")


def _set_time(session: Session, series: Series, meeting: Meeting, to: datetime, now: datetime) -> None:
    """Give a meeting a new time, and withdraw notices about the old one."""
    meeting.starts_at, meeting.ends_at = to, to + timedelta(minutes=series.length)
    meeting.planned_at = meeting.look_at = now
    _withdraw_notices(session, meeting)


def _withdraw_notices(session: Session, meeting: Meeting) -> None:
    for kind in (NoticeKind.CHAIR, NoticeKind.MEETING):
        notices.drop_waiting(session, meeting.consortium_id, kind, meeting.id)


def cancel_one(session: Session, caller: Caller, meeting_id: int, now: datetime) -> str:
    """Cancel one meeting; its items go to the next one. Return the answer. Raise `Refusal` where not possible."""
    series, meeting = lock_changeable(session, caller, meeting_id, now)
    _cancel(session, [meeting], now)
    change = MeetingChange(meeting_id=meeting.id, was_at=meeting.starts_at, now_at=None)
    _record_change(session, caller, series, change, [meeting], now)
    carried = carry_over.carry_open_items(session, series, meeting, now)
    items = f" Its agenda items go to the next meeting here.{carried.overflow_text}" if carried.count else ""
    return f"{bold(series.title)} on {slack_date(meeting.starts_at, series.zone)} is canceled.{items} {TOLD}"


def cancel_all(session: Session, caller: Caller, meeting_id: int, now: datetime) -> str:
    """Cancel a meeting and all after it. Return the answer. Raise `Refusal` where that is not possible."""
    series, meeting = lock_changeable(session, caller, meeting_id, now)
    cancelled = [
        m
        for m in meetings.meetings_of_series(session, series.id)
        if m.starts_at > now and m.original_at >= meeting.original_at and m.state is MeetingState.PLANNED
    ]
    series.ended_at = now
    _cancel(session, cancelled, now)
    change = MeetingChange(meeting_id=None, was_at=meeting.starts_at, now_at=None)
    _record_change(session, caller, series, change, cancelled, now)
    carried = sum((carry_over.carry_open_items(session, series, m, now) for m in cancelled), CarryOver())
    items = (
        f" Its agenda items wait for the next meeting in its channel.{carried.overflow_text}" if carried.count else ""
    )
    return f"{bold(series.title)} is canceled, starting {slack_date(meeting.starts_at, series.zone)}.{items} {TOLD}"


def _cancel(session: Session, cancelled: Sequence[Meeting], now: datetime) -> None:
    for meeting in cancelled:
        meeting.state = MeetingState.CANCELLED
        meeting.look_at = now
        _withdraw_notices(session, meeting)
        notices.drop_waiting(session, meeting.consortium_id, NoticeKind.NOTES, meeting.id)


def _record_change(
    session: Session, caller: Caller, series: Series, change: MeetingChange, affected: Sequence[Meeting], now: datetime
) -> None:
    """Store a change, and leave the news for the channel and for everyone concerned."""
    series.sequence += 1
    change.series_id, change.member_id, change.at = series.id, caller.person.id, now
    session.add(change)
    session.flush()
    deed = "moved" if change.now_at else "cancelled"
    audit.record(session, series.consortium_id, caller.person.id, deed, f"meeting {series.title}", now)
    _notify_people(session, caller, series, change, affected, now)
    for meeting in affected:
        if meeting.live_id is not None and minutes.of_meeting(session, meeting.id) is None:
            live_messages.request_update(session, meeting.live_id)
    channel_posts.post_change(session, series, change, now)


def _notify_people(
    session: Session, caller: Caller, series: Series, change: MeetingChange, affected: Sequence[Meeting], now: datetime
) -> None:
    """Leave a notice about a change for everyone concerned except the caller."""
    concerned = {
        id_: member
        for meeting in affected
        for id_, member in participants.people_to_notify(session, meeting, change.was_at).items()
    }
    first = min(at for at in (change.was_at, change.now_at) if at is not None)
    until = max(change.was_at, change.now_at or change.was_at)
    manner = NoticeTiming.SOON if first - now < URGENT else NoticeTiming.HOUR
    for member in concerned.values():
        if member.id != caller.person.id:
            about = (NoticeKind.MEETING_CHANGE, f"change/{change.id}/{member.id}", change.id)
            notices.add(session, NewNotice(series.consortium_id, member.id, series.team_id, *about, now, until, manner))
