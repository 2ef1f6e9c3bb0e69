"""Notices about meetings. They are rendered when they are due, and those that are no longer needed are dropped."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.block_kit import MessagePart
from handlers.kit.notices.sweep import RenderedNotice, RenderNotices
from handlers.kit.text import escape
from handlers.kit.visibility import Reader, sees
from handlers.meetings import channel_posts, participants, snapshot, views
from handlers.meetings.audience import audience_of, brings_item
from handlers.meetings.snapshot import MeetingSnapshot
from storage import agendas, meetings, members, notices
from storage.meetings import Meeting, MeetingChange, Series
from storage.members import Member
from storage.notices import NewNotice, Notice
from storage.vocabulary import MeetingChangeId, MeetingState, MemberId, NoticeId, NoticeKind, NoticeTiming, SeriesId

RenderOne = Callable[[Session, Notice, MeetingSnapshot, datetime], MessagePart | None]
"""Renders one notice about a meeting; returns None where it is no longer needed."""


def put_step_notice(
    session: Session,
    series: Series,
    meeting: Meeting,
    member: Member,
    kind: NoticeKind,
    step: str,
    due_at: datetime,
    until: datetime | None,
    manner: NoticeTiming = NoticeTiming.DAY,
) -> None:
    """Leave a notice for a person about a step of a meeting, once for each date of the meeting."""
    key = f"{channel_posts.step_key(meeting, step)}/{member.id}"
    about = (kind, key, meeting.id)
    notices.add(session, NewNotice(series.consortium_id, member.id, series.team_id, *about, due_at, until, manner))


def while_open(render_one: RenderOne) -> RenderNotices:
    """Return a renderer for notices about meetings that are neither canceled nor have minutes yet."""

    def render(session: Session, waiting: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
        snapshots: dict[int, MeetingSnapshot | None] = {}
        rendered: dict[NoticeId, RenderedNotice] = {}
        for notice in waiting:
            if notice.subject not in snapshots:
                meeting = meetings.get(session, notice.consortium_id, notice.subject)
                snapshots[notice.subject] = snapshot.load_snapshot(session, meeting) if meeting is not None else None
            shown = snapshots[notice.subject]
            if shown is not None and not shown.cancelled and not shown.has_minutes:
                rendered[notice.id] = render_one(session, notice, shown, now)
        return rendered

    return render


def _chair_notice(session: Session, notice: Notice, meeting: MeetingSnapshot, now: datetime) -> MessagePart | None:
    del session
    return views.chair_notice(meeting) if now < meeting.starts_at and notice.member_id == meeting.chair_id else None


render_chair_notices = while_open(_chair_notice)


def render_chair_left(session: Session, waiting: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the question for another chair, unless there is one by now, or the series no longer meets."""
    rendered: dict[NoticeId, RenderedNotice] = {}
    for notice in waiting:
        series = session.get_one(Series, SeriesId(notice.subject))
        chair = session.get_one(Member, series.chair_id)
        meeting = meetings.next_of_series(session, series.id, now)
        stand_in = participants.acting_chair(session, series)
        if chair.left_at is None or meeting is None:
            continue
        if series.private:
            rendered[notice.id] = views.chair_left_in_private()
        elif stand_in is not None:
            shown = snapshot.load_snapshot(session, meeting)
            rendered[notice.id] = views.chair_left(
                shown, chair.name, "" if stand_in.id == notice.member_id else stand_in.name
            )
    return rendered


def render_reminders(session: Session, waiting: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render reminders of meetings that still begin at the time for which the reminder was left."""
    rendered: dict[NoticeId, RenderedNotice] = {}
    for subject in {notice.subject for notice in waiting}:
        meeting = meetings.get(session, waiting[0].consortium_id, subject)
        if meeting is None or meeting.state is MeetingState.CANCELLED or now >= meeting.ends_at:
            continue
        shown = snapshot.load_snapshot(session, meeting)
        series = meetings.series_of(session, meeting)
        speakers = {person.id for person in participants.present_representatives(session, series, meeting.starts_at)}
        key = channel_posts.step_key(meeting, "remind")
        for notice in waiting:
            if notice.subject == subject and notice.key.startswith(f"{key}/") and not shown.has_minutes:
                parts = _parts_played(notice.member_id, shown, speakers)
                whole = sees(Reader(notice.member_id), audience_of(shown))
                if not whole and not brings_item(Reader(notice.member_id), shown):
                    continue
                begun = now >= shown.starts_at
                rendered[notice.id] = views.reminder(shown, parts, begun=begun, with_channel=whole)
    return rendered


def _parts_played(member_id: MemberId, meeting: MeetingSnapshot, speakers: set[MemberId]) -> list[str]:
    """Return a sentence for each part that a person has in a meeting, and empty texts for the others."""
    own = [line for line in meeting.lines if line.member_id == member_id]
    titles = ", ".join(f"“{escape(line.title)}”" for line in own[:5])
    return [
        "You chair it." if member_id == meeting.chair_id else "",
        "You take the minutes." if member_id == meeting.notes_id else "",
        f"You bring {titles}." if titles else "",
        "You speak for your agency." if member_id in speakers else "",
    ]


def _may_know(session: Session, series: Series, changed: Sequence[Meeting], member_id: MemberId) -> bool:
    """Return whether a person may see one of the meetings that were changed as a whole."""
    if not series.private:
        return True
    return any(sees(Reader(member_id), audience_of(snapshot.load_snapshot(session, m))) for m in changed)


def _own_change(
    session: Session, series: Series, change: MeetingChange, changed: Sequence[Meeting], member_id: MemberId
) -> MessagePart | None:
    """Render a change for somebody who only brings items; None where they no longer do."""
    if change.now_at is None:
        # what they bring has left the meeting by now, for another one of the channel
        items = agendas.open_items_in_channel(session, series.consortium_id, series.channel, member_id)
        return views.own_change_notice(series, change, ()) if items else None
    shown = [snapshot.load_snapshot(session, meeting) for meeting in changed]
    starts = [each.starts_at for each in shown if not each.cancelled and brings_item(Reader(member_id), each)]
    return views.own_change_notice(series, change, starts) if starts else None


def render_changes(session: Session, waiting: Sequence[Notice], _now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render news of moved and canceled meetings for people who may see them, unless they changed again since."""
    rendered: dict[NoticeId, RenderedNotice] = {}
    for notice in waiting:
        change = session.get(MeetingChange, MeetingChangeId(notice.subject))
        if change is not None and not meetings.has_later_change(session, change):
            series = session.get_one(Series, change.series_id)
            changed = [m for m in meetings.meetings_of_series(session, series.id) if change.meeting_id in {None, m.id}]
            if not _may_know(session, series, changed, notice.member_id):
                rendered[notice.id] = _own_change(session, series, change, changed, notice.member_id)
                continue
            who = members.by_ids(session, [change.member_id])[change.member_id].name
            how = snapshot.describe_recurrence(session, series)
            rendered[notice.id] = views.change_notice(series, change, who, how)
    return rendered
