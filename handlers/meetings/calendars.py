"""iCalendar data: the feed behind a member's calendar address, and the file attached to announcements."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.kit.deps import Deps
from handlers.kit.notices.messages import PRIVATE
from handlers.meetings.rules import ical
from handlers.meetings.rules.ical import CalendarMeeting, CalendarSeries
from storage import attachments, calendars
from storage.attachments import Attachment
from storage.consortia import Consortium
from storage.meetings import Meeting, Series
from storage.outbox import OutboxMessage
from storage.vocabulary import MeetingState, SeriesId

KEPT = timedelta(days=365)
"""How long a series stays in the feed after its last meeting."""


def feed_for_secret(deps: Deps, secret: str) -> bytes | None:
    """Return the feed that a secret opens, or None where it opens nothing."""
    now = deps.clock.now()
    with deps.db.read() as session:
        member = calendars.find_member_by_secret(session, secret)
        if member is None:
            return None
        name = session.get_one(Consortium, member.consortium_id).name
        current = calendars.list_series_since(session, member.consortium_id, now - KEPT)
        loaded = _load_series(session, current)
    # only Slack knows who can see a private channel, and Slack is asked outside the transaction
    visible = [
        loaded[series.id]
        for series in current
        if not series.private or deps.directory.can_see(series.team_id, series.channel, member.user_id)
    ]
    return ical.render_calendar(name, visible)


def attach_calendar_file(session: Session, series: Series, announcement: OutboxMessage, now: datetime) -> None:
    """Attach the calendar file of a series to the thread of an announcement about it."""
    session.flush()
    content = ical.render_calendar(series.title, [_load_series(session, [series])[series.id]])
    enclosure = Attachment(
        filename=f"{_filename(series.title)}.ics",
        title=f"{series.title}, for your calendar",
        content=content.decode(),
        comment="For your own calendar. `/meeting calendar` gives you an address that stays up to date.",
        about="the calendar file of " + (f"a meeting {PRIVATE}" if series.private else series.title),
    )
    attachments.attach(session, announcement, enclosure, now)


def _load_series(session: Session, several: Sequence[Series]) -> dict[SeriesId, CalendarSeries]:
    """Map series to plain values with all their meetings."""
    ids = [series.id for series in several]
    meetings = calendars.meetings_by_series(session, ids)
    changed = calendars.last_changes(session, ids)
    return {
        series.id: CalendarSeries(
            uid=series.uid,
            sequence=series.sequence,
            title=series.title,
            zone=series.zone,
            begins=series.begins,
            rule=series.rrule,
            length=series.length,
            ended=series.ended_at is not None,
            changed_at=changed.get(series.id, series.created_at),
            meetings=[_calendar_meeting(meeting) for meeting in meetings[series.id]],
        )
        for series in several
    }


def _calendar_meeting(meeting: Meeting) -> CalendarMeeting:
    cancelled = meeting.state is MeetingState.CANCELLED
    return CalendarMeeting(meeting.place, meeting.original_at, meeting.starts_at, meeting.ends_at, cancelled)


def _filename(title: str) -> str:
    """Return a file name made from a title: letters, digits and hyphens."""
    words = "".join(char if char.isalnum() else " " for char in title).split()
    return "-".join(words)[:60] or "meeting"
