"""The export tables of meetings and agendas."""

from collections.abc import Iterator

from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader, audience_of_meeting
from handlers.meetings.rules import rule_words
from storage import exports
from storage.exports import MeetingRecord
from storage.vocabulary import MeetingState

MEETING_HEAD = (
    *("Meeting", "Begins (ZONE)", "Ends (ZONE)", "Canceled", "How often", "Chair", "Takes the minutes"),
    *("Minutes posted (ZONE)", "Accepted (ZONE)"),
)
AGENDA_HEAD = ("Meeting", "Begins (ZONE)", "Item", "Brought by", "Minutes", "Times left over")


def meeting_rows(reader: ExportReader) -> Iterator[Row]:
    """Return a row for each meeting that the reader may see."""
    for held in visible_meetings(reader):
        meeting, series, minutes = held.meeting, held.series, held.minutes
        often = (
            rule_words.describe_rule(series.rrule, series.begins, series.zone, reader.consortium.zone)
            if series.rrule
            else "once"
        )
        chair, note_taker = reader.person(series.chair_id), reader.person(meeting.notes_id)
        posted = (minutes.posted_at, minutes.accepted_at) if minutes is not None else (None, None)
        cancelled = meeting.state is MeetingState.CANCELLED
        yield series.title, meeting.starts_at, meeting.ends_at, cancelled, often, chair, note_taker, *posted


def agenda_rows(reader: ExportReader) -> Iterator[Row]:
    """Return a row for each agenda item of the meetings that the reader may see."""
    for held in visible_meetings(reader):
        for item in held.items:
            who = reader.person(item.member_id)
            yield held.series.title, held.meeting.starts_at, item.title, who, item.length, item.carried


def visible_meetings(reader: ExportReader) -> Iterator[MeetingRecord]:
    """Return the meetings that the reader may see."""
    for page in exports.meeting_pages(reader.session, reader.consortium.id):
        yield from (held for held in page if reader.sees(audience_of_meeting(held)))
