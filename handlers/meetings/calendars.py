"""A member's calendar of the consortium's meetings, and the file that goes with what is announced."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.kit.deps import Deps
from handlers.meetings.rules import ical
from handlers.meetings.rules.ical import Occasion, Plan
from storage import attachments, calendars
from storage.attachments import Enclosure
from storage.consortia import Consortium
from storage.meetings import Meeting, Series
from storage.outbox import Outbox
from storage.vocabulary import MeetingState, SeriesId

KEPT = timedelta(days=365)
"""Series whose last meeting is longer ago than this leave the calendar."""


def served(deps: Deps, secret: str) -> bytes | None:
    """Give the calendar that a secret opens, or None where it opens nothing."""
    now = deps.clock.now()
    with deps.db.read() as session:
        member = calendars.whose(session, secret)
        if member is None:
            return None
        name = session.get_one(Consortium, member.consortium_id).name
        found = calendars.series_since(session, member.consortium_id, now - KEPT)
        planned = plans(session, found)
    # who sees a private channel only Slack knows; it is asked when the transaction is over
    seen = [
        planned[series.id]
        for series in found
        if not series.private or deps.directory.can_see(series.team_id, series.channel, member.user_id)
    ]
    return ical.calendar(name, seen)


def plans(session: Session, those: Sequence[Series]) -> dict[SeriesId, Plan]:
    """Take series with all their meetings as plain values."""
    ids = [series.id for series in those]
    held = calendars.meetings_of(session, ids)
    changed = calendars.changed_at(session, ids)
    return {
        series.id: Plan(
            uid=series.uid,
            sequence=series.sequence,
            title=series.title,
            zone=series.zone,
            begins=series.begins,
            rule=series.rrule,
            length=series.length,
            ended=series.ended_at is not None,
            changed_at=changed.get(series.id, series.created_at),
            occasions=[_occasion(meeting) for meeting in held[series.id]],
        )
        for series in those
    }


def _occasion(meeting: Meeting) -> Occasion:
    cancelled = meeting.state is MeetingState.CANCELLED
    return Occasion(meeting.place, meeting.original_at, meeting.starts_at, meeting.ends_at, cancelled)


def enclose(session: Session, series: Series, announcement: Outbox, now: datetime) -> None:
    """Leave the calendar file of a series for the thread of what was announced about it."""
    session.flush()
    content = ical.calendar(series.title, [plans(session, [series])[series.id]])
    what = Enclosure(
        filename=f"{_filename(series.title)}.ics",
        title=f"{series.title}, for your calendar",
        content=content.decode(),
        comment="For your own calendar. `/meeting calendar` gives you an address that keeps itself current.",
        about="the calendar file of " + ("a meeting in a private channel" if series.private else series.title),
    )
    attachments.enclose(session, announcement, what, now)


def _filename(title: str) -> str:
    """Make a name for a file out of a title: letters, digits and hyphens."""
    words = "".join(one if one.isalnum() else " " for one in title).split()
    return "-".join(words)[:60] or "meeting"
