"""Moving and cancelling meetings: one, or all from it on. Everyone concerned is told once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit import dates
from handlers.kit.callers import Caller, ask_whom
from handlers.kit.refusals import Refusal
from handlers.kit.text import bold, escape, moment
from handlers.meetings import carry_over, channel_posts, participants
from handlers.meetings.carry_over import Carried
from handlers.meetings.rules import recurrence
from storage import audit, live_messages, meetings, members, minutes, notices
from storage.meetings import Change, Meeting, Series
from storage.notices import Wanted
from storage.vocabulary import Manner, MeetingState, NoticeKind

SOON = timedelta(hours=24)
"""Who has to know within so many hours is told in quiet hours too."""


def locked(session: Session, caller: Caller, meeting_id: int, now: datetime) -> tuple[Series, Meeting]:
    """Lock a meeting that the caller may change. Raises Refusal."""
    return may_change(session, caller, meetings.lock(session, meeting_id), now)


def may_change(session: Session, caller: Caller, meeting: Meeting | None, now: datetime) -> tuple[Series, Meeting]:
    """Give a meeting that the caller may change. Raises Refusal."""
    if meeting is None or meeting.consortium_id != caller.consortium.id:
        raise Refusal("There is no such meeting any more. `/meeting` lists what is planned.")
    series = meetings.series_of(session, meeting)
    if not participants.may_change(series, caller.person):
        names = members.named(session, {series.chair_id, series.author_id}).values()
        chairs = " or ".join(escape(one.name) for one in names if one.left_at is None)
        who = f"You can ask {chairs}." if chairs else ask_whom(session, caller.consortium)
        raise Refusal(f"Who chairs {bold(series.title)}, who planned it, or a facilitator changes it. {who}")
    if meeting.state is MeetingState.CANCELLED:
        raise Refusal(f"{bold(series.title)} on {moment(meeting.starts_at, series.zone)} is cancelled already.")
    if meeting.starts_at <= now:
        raise Refusal(
            f"{bold(series.title)} began {moment(meeting.starts_at, series.zone)}, so it stays where it is. `/meeting` "
            "lists what is planned."
        )
    return series, meeting


def move_one(session: Session, caller: Caller, meeting_id: int, to: datetime, now: datetime) -> str:
    """Move one meeting. Raises Refusal."""
    series, meeting = locked(session, caller, meeting_id, now)
    _check(meeting, to, now)
    was = meeting.starts_at
    _place(session, series, meeting, to, now)
    _note(session, caller, series, Change(meeting_id=meeting.id, was_at=was, now_at=to), [meeting], now)
    return f"{bold(series.title)} is moved from {moment(was, series.zone)} to {moment(to, series.zone)}. {_TOLD}"


_TOLD = "The channel and everyone concerned are told once."


def move_all(session: Session, caller: Caller, meeting_id: int, to: datetime, now: datetime) -> str:
    """Move a meeting and all that follow it. Raises Refusal."""
    series, meeting = locked(session, caller, meeting_id, now)
    _check(meeting, to, now)
    zone = ZoneInfo(series.zone)
    wall = to.astimezone(zone).replace(tzinfo=None)
    rule = recurrence.moved(series.rrule, wall)
    if rule is None:
        raise Refusal(
            "This series follows a rule of its own, so only single meetings of it can be moved. For other days, "
            "cancel all and make it anew: `/meeting new`"
        )
    affected = [m for m in meetings.of_series(session, series.id) if m.original_at >= meeting.original_at]
    was = meeting.starts_at
    series.first_day, series.clock, series.rrule = wall.date(), f"{wall:%H:%M}", rule
    walls = recurrence.following(rule, wall, wall, len(affected))
    for one, on in zip(affected, walls, strict=False):
        starts_at = dates.local(on, series.zone)
        one.original_at = starts_at
        if one.state is MeetingState.PLANNED and one.starts_at > now:
            _place(session, series, one, starts_at, now)
    _note(session, caller, series, Change(meeting_id=None, was_at=was, now_at=to), affected, now)
    how = recurrence.words(rule, wall)
    return f"{bold(series.title)} is {how} from {moment(to, series.zone)} on. {_TOLD}"


_EXAMPLE = "For example: `/meeting move 2026-12-04 14:00`"


def _check(meeting: Meeting, to: datetime, now: datetime) -> None:
    if to <= now:
        raise Refusal(f"That has passed already. {_EXAMPLE}", field="begins")
    if to > now + dates.FARTHEST:
        raise Refusal(f"That is more than three years away. {_EXAMPLE}", field="begins")
    if to == meeting.starts_at:
        raise Refusal("It begins at that time already. Nothing has changed.", field="begins")


def _place(session: Session, series: Series, meeting: Meeting, to: datetime, now: datetime) -> None:
    """Give a meeting another date; what was to be said about the old one is not said."""
    meeting.starts_at, meeting.ends_at = to, to + timedelta(minutes=series.length)
    meeting.planned_at = meeting.look_at = now
    _quiet(session, meeting)


def _quiet(session: Session, meeting: Meeting) -> None:
    for kind in (NoticeKind.CHAIR, NoticeKind.MEETING):
        notices.withdraw(session, meeting.consortium_id, kind, meeting.id)


def cancel_one(session: Session, caller: Caller, meeting_id: int, now: datetime) -> str:
    """Cancel one meeting; its items go to the next one. Raises Refusal."""
    series, meeting = locked(session, caller, meeting_id, now)
    _cancel(session, [meeting], now)
    _note(session, caller, series, Change(meeting_id=meeting.id, was_at=meeting.starts_at, now_at=None), [meeting], now)
    left = carry_over.carry_all(session, series, meeting, now)
    kept = f" What was on its agenda goes to the next meeting here.{left.too_many}" if left.count else ""
    return f"{bold(series.title)} on {moment(meeting.starts_at, series.zone)} is cancelled.{kept} {_TOLD}"


def cancel_all(session: Session, caller: Caller, meeting_id: int, now: datetime) -> str:
    """Cancel a meeting and all that follow it. Raises Refusal."""
    series, meeting = locked(session, caller, meeting_id, now)
    later = [
        m
        for m in meetings.of_series(session, series.id)
        if m.starts_at > now and m.original_at >= meeting.original_at and m.state is MeetingState.PLANNED
    ]
    series.ended_at = now
    _cancel(session, later, now)
    _note(session, caller, series, Change(meeting_id=None, was_at=meeting.starts_at, now_at=None), later, now)
    left = sum((carry_over.carry_all(session, series, one, now) for one in later), Carried())
    kept = f" What was on its agenda waits for the next meeting in its channel.{left.too_many}" if left.count else ""
    return f"{bold(series.title)} is cancelled from {moment(meeting.starts_at, series.zone)} on.{kept} {_TOLD}"


def _cancel(session: Session, those: Sequence[Meeting], now: datetime) -> None:
    for meeting in those:
        meeting.state = MeetingState.CANCELLED
        meeting.look_at = now
        _quiet(session, meeting)
        notices.withdraw(session, meeting.consortium_id, NoticeKind.NOTES, meeting.id)


def _note(
    session: Session, caller: Caller, series: Series, change: Change, those: Sequence[Meeting], now: datetime
) -> None:
    """Write a change down, and leave the news for the channel and for everyone concerned."""
    series.sequence += 1
    change.series_id, change.member_id, change.at = series.id, caller.person.id, now
    session.add(change)
    session.flush()
    deed = "moved" if change.now_at else "cancelled"
    audit.note(session, series.consortium_id, caller.person.id, deed, f"meeting {series.title}", now)
    concerned = {
        id_: one for meeting in those for id_, one in participants.concerned(session, meeting, change.was_at).items()
    }
    first = min(at for at in (change.was_at, change.now_at) if at is not None)
    until = max(change.was_at, change.now_at or change.was_at)
    manner = Manner.SOON if first - now < SOON else Manner.HOUR
    for member in concerned.values():
        if member.id != caller.person.id:
            about = (NoticeKind.MEETING_CHANGE, f"change/{change.id}/{member.id}", change.id)
            notices.put(session, Wanted(series.consortium_id, member.id, series.team_id, *about, now, until, manner))
    for meeting in those:
        if meeting.live_id is not None and minutes.of_meeting(session, meeting.id) is None:
            live_messages.want(session, meeting.live_id)
    channel_posts.change(session, series, change, now)
