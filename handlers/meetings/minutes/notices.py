"""Notices about minutes. They are rendered when they are due, and those that are no longer needed are dropped."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.block_kit import MessagePart
from handlers.kit.notices.sweep import RenderedNotice
from handlers.kit.visibility import Reader, sees
from handlers.meetings import participants
from handlers.meetings.audience import audience_of
from handlers.meetings.minutes import snapshot as minutes_snapshot
from handlers.meetings.minutes import views
from handlers.meetings.notices import while_open
from handlers.meetings.snapshot import MeetingSnapshot
from storage import meetings, members, minutes
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.minutes import Minutes
from storage.notices import Notice
from storage.vocabulary import CorrectionState, NoticeId


def _note_taker_notice(session: Session, notice: Notice, meeting: MeetingSnapshot, now: datetime) -> MessagePart | None:
    del session
    wanted = notice.member_id == meeting.notes_id and now < meeting.ends_at
    return views.note_taker_notice(meeting) if wanted else None


def _note_taker_left(session: Session, notice: Notice, meeting: MeetingSnapshot, now: datetime) -> MessagePart | None:
    if not _may_know(session, notice, meeting):
        return views.note_taker_left_in_private()
    return views.note_taker_left(meeting, can_name=meeting.private and not meeting.notes and now < meeting.starts_at)


def _no_note_taker(session: Session, notice: Notice, meeting: MeetingSnapshot, now: datetime) -> MessagePart | None:
    if meeting.notes or now >= meeting.starts_at:
        return None
    return views.no_note_taker(meeting) if _may_know(session, notice, meeting) else views.no_note_taker_in_private()


def _may_know(session: Session, notice: Notice, meeting: MeetingSnapshot) -> bool:
    """Return whether the reader of a notice is somebody who keeps the series going, and may read its title."""
    if not meeting.private:
        return True
    return notice.member_id in {person.id for person in participants.organizers(session, _series_of(session, meeting))}


def _minutes_request(session: Session, notice: Notice, meeting: MeetingSnapshot, now: datetime) -> MessagePart | None:
    del session, now
    if notice.member_id != meeting.notes_id:
        return None
    return views.minutes_request(meeting, int(notice.key.split("/")[2].removeprefix("minutes-")))


def _missing_minutes(session: Session, notice: Notice, meeting: MeetingSnapshot, now: datetime) -> MessagePart | None:
    del now
    chair = participants.acting_chair(session, _series_of(session, meeting))
    return views.missing_minutes(meeting) if chair is not None and chair.id == notice.member_id else None


def _late_minutes(session: Session, notice: Notice, meeting: MeetingSnapshot, now: datetime) -> MessagePart | None:
    del now
    organizers = participants.organizers(session, _series_of(session, meeting))
    return views.late_minutes(meeting) if notice.member_id in {person.id for person in organizers} else None


def _series_of(session: Session, meeting: MeetingSnapshot) -> Series:
    return meetings.series_of(session, session.get_one(Meeting, meeting.id))


render_note_taker_notices = while_open(_note_taker_notice)
render_note_taker_left = while_open(_note_taker_left)
render_no_note_taker = while_open(_no_note_taker)
render_minutes_requests = while_open(_minutes_request)
render_missing_minutes = while_open(_missing_minutes)
render_late_minutes = while_open(_late_minutes)


def render_corrected(session: Session, waiting: Sequence[Notice], _now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the news of what became of corrections, for those who proposed them."""
    rendered: dict[NoticeId, RenderedNotice] = {}
    for notice in waiting:
        correction = minutes.get_correction(session, notice.subject)
        if correction is None:
            continue
        shown = minutes_snapshot.load_snapshot(session, session.get_one(Minutes, correction.minutes_id))
        decision = next((d for d in shown.decisions if d.place == correction.place), None)
        decider = session.get(Member, correction.decided_by) if correction.decided_by is not None else None
        proposal = decision.proposal if decision else None
        who = decider.name if decider else ""
        outcome = views.correction_outcome(correction.state, who, correction.place, proposal)
        rendered[notice.id] = views.correction_news(shown, correction.text, outcome)
    return rendered


def render_corrections(session: Session, waiting: Sequence[Notice], _now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render proposed corrections, unless they are decided or the minutes are accepted."""
    rendered: dict[NoticeId, RenderedNotice] = {}
    for notice in waiting:
        correction = minutes.get_correction(session, notice.subject)
        if correction is None or correction.state is not CorrectionState.OPEN:
            continue
        record = session.get_one(Minutes, correction.minutes_id)
        meeting = meetings.get(session, notice.consortium_id, record.meeting_id)
        if record.accepted_at is None and meeting is not None:
            who = members.by_ids(session, [correction.member_id])[correction.member_id].name
            shown = minutes_snapshot.load_snapshot(session, record)
            if not sees(Reader(notice.member_id), audience_of(shown.meeting)):
                continue
            decision = next((d for d in shown.decisions if d.place == correction.place), None)
            rendered[notice.id] = views.correction_request(shown.meeting, correction.id, correction.text, who, decision)
    return rendered
