"""Tables that an export has of meetings and agendas."""

from collections.abc import Iterator

from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader, audience_of_meeting
from handlers.meetings.rules import recurrence
from storage import exports
from storage.exports import Held
from storage.vocabulary import MeetingState

MEETING_HEAD = (
    *("Meeting", "Begins (ZONE)", "Ends (ZONE)", "Cancelled", "How often", "Chair", "Takes the minutes"),
    *("Minutes posted (ZONE)", "Accepted (ZONE)"),
)


AGENDA_HEAD = ("Meeting", "Begins (ZONE)", "Item", "Brought by", "Minutes", "Times left over")


def meetings(reader: ExportReader) -> Iterator[Row]:
    """List the meetings that this person may see."""
    for held in visible_meetings(reader):
        meeting, series, kept = held.meeting, held.series, held.minutes
        often = recurrence.words(series.rrule, series.begins) if series.rrule else "once"
        chair, notes = reader.person(series.chair_id), reader.person(meeting.notes_id)
        written = (kept.posted_at, kept.accepted_at) if kept is not None else (None, None)
        cancelled = meeting.state is MeetingState.CANCELLED
        yield series.title, meeting.starts_at, meeting.ends_at, cancelled, often, chair, notes, *written


def agendas(reader: ExportReader) -> Iterator[Row]:
    """List the items of their agendas."""
    for held in visible_meetings(reader):
        for item in held.items:
            who = reader.person(item.member_id)
            yield held.series.title, held.meeting.starts_at, item.title, who, item.length, item.carried


def visible_meetings(reader: ExportReader) -> Iterator[Held]:
    """Return the meetings that the reader may see."""
    for page in exports.meetings(reader.session, reader.consortium.id):
        yield from (held for held in page if reader.sees(audience_of_meeting(held)))
