"""What the bot tells people of meetings by itself, drawn when its time has come: what is done needs no reminder."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.block_kit import Piece
from handlers.kit.notices.sweep import RenderedNotice
from handlers.kit.text import escape
from handlers.meetings import channel_posts, participants, snapshot
from handlers.meetings import views as meetings_views
from handlers.meetings.minutes import views
from handlers.meetings.snapshot import MeetingSnapshot
from storage import meetings, members, minutes
from storage.meetings import Change, Meeting, Series
from storage.notices import Notice
from storage.vocabulary import ChangeId, CorrectionState, MeetingState, MemberId, NoticeId

One = Callable[[Session, Notice, MeetingSnapshot, datetime], Piece | None]


def _draw(one: One) -> Callable[[Session, Sequence[Notice], datetime], dict[NoticeId, RenderedNotice]]:
    """Draw notices about meetings that take place; the picture of each is taken once for all."""

    def draw(session: Session, those: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
        taken: dict[int, MeetingSnapshot | None] = {}
        drawn: dict[NoticeId, RenderedNotice] = {}
        for notice in those:
            if notice.subject not in taken:
                meeting = meetings.get(session, notice.consortium_id, notice.subject)
                taken[notice.subject] = snapshot.take(session, meeting) if meeting is not None else None
            picture = taken[notice.subject]
            if picture is not None and not picture.cancelled and not picture.written:
                drawn[notice.id] = one(session, notice, picture, now)
        return drawn

    return draw


def _chair(session: Session, notice: Notice, picture: MeetingSnapshot, now: datetime) -> Piece | None:
    del session, notice
    return meetings_views.chair_call(picture) if now < picture.starts_at else None


def _notes(session: Session, notice: Notice, picture: MeetingSnapshot, now: datetime) -> Piece | None:
    del session
    return meetings_views.notes(picture) if notice.member_id == picture.notes_id and now < picture.ends_at else None


def _notes_left(session: Session, notice: Notice, picture: MeetingSnapshot, now: datetime) -> Piece | None:
    del now
    series = meetings.series_of(session, session.get_one(Meeting, picture.id))
    knows = not picture.private or notice.member_id in {one.id for one in participants.insiders(session, series)}
    return meetings_views.notes_left(picture) if knows else meetings_views.notes_left_in_private()


def remind(session: Session, those: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Remind of meetings that begin at the time for which this was meant."""
    drawn: dict[NoticeId, RenderedNotice] = {}
    for subject in {notice.subject for notice in those}:
        meeting = meetings.get(session, those[0].consortium_id, subject)
        if meeting is None or meeting.state is MeetingState.CANCELLED or now >= meeting.ends_at:
            continue
        picture = snapshot.take(session, meeting)
        series = meetings.series_of(session, meeting)
        speakers = {one.id for one in participants.speakers(session, series, meeting.starts_at)}
        meant = channel_posts.key(meeting, "remind")
        for notice in those:
            if notice.subject == subject and notice.key.startswith(f"{meant}/") and not picture.written:
                tasks = _tasks(notice.member_id, picture, speakers)
                drawn[notice.id] = meetings_views.reminder(picture, tasks, begun=now >= picture.starts_at)
    return drawn


def _tasks(member_id: MemberId, picture: MeetingSnapshot, speakers: set[MemberId]) -> list[str]:
    """Say what a person does at a meeting."""
    own = [line for line in picture.lines if line.member_id == member_id]
    brings = ", ".join(f"“{escape(line.title)}”" for line in own[:5])
    speaks = "You speak for your agency." if member_id in speakers else ""
    return [
        "You chair it." if member_id == picture.chair_id else "",
        "You take the minutes." if member_id == picture.notes_id else "",
        f"You bring {brings}." if brings else "",
        speaks,
    ]


def _minutes(session: Session, notice: Notice, picture: MeetingSnapshot, now: datetime) -> Piece | None:
    del session, now
    if notice.member_id != picture.notes_id:
        return None
    return meetings_views.minutes_wanted(picture, int(notice.key.split("/")[2].removeprefix("minutes-")))


def _lacking(session: Session, notice: Notice, picture: MeetingSnapshot, now: datetime) -> Piece | None:
    del session, notice, now
    return meetings_views.minutes_lacking(picture)


def changed(session: Session, those: Sequence[Notice], _now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Tell what was moved or cancelled, unless it was changed again since."""
    drawn: dict[NoticeId, RenderedNotice] = {}
    for notice in those:
        change = session.get(Change, ChangeId(notice.subject))
        if change is not None and not meetings.changes_after(session, change):
            series = session.get_one(Series, change.series_id)
            who = members.named(session, [change.member_id])[change.member_id].name
            drawn[notice.id] = meetings_views.changed(series, change, who)
    return drawn


def correction(session: Session, those: Sequence[Notice], _now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Tell the note-taker what somebody wants corrected, unless that is settled."""
    drawn: dict[NoticeId, RenderedNotice] = {}
    for notice in those:
        found = minutes.correction(session, notice.subject)
        if found is None or found.state is not CorrectionState.OPEN:
            continue
        kept = session.get_one(minutes.Minutes, found.minutes_id)
        meeting = meetings.get(session, notice.consortium_id, kept.meeting_id)
        if kept.accepted_at is None and meeting is not None:
            who = members.named(session, [found.member_id])[found.member_id].name
            drawn[notice.id] = views.correction(snapshot.take(session, meeting), found.id, found.text, who)
    return drawn


chair = _draw(_chair)
notes = _draw(_notes)
notes_left = _draw(_notes_left)
minutes_wanted = _draw(_minutes)
minutes_lacking = _draw(_lacking)
