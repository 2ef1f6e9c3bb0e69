"""The export table of minutes."""

from collections.abc import Iterator

from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader
from handlers.meetings.tables import visible_meetings
from storage import minutes
from storage.minutes import Minutes
from storage.vocabulary import CorrectionState

MINUTES_HEAD = ("Meeting", "Began (ZONE)", "Kind", "Heading", "Text", "Who", "Due", "Task")


def minutes_rows(reader: ExportReader) -> Iterator[Row]:
    """Return a row for each part of the minutes of the meetings that the reader may see."""
    for held in visible_meetings(reader):
        if held.minutes is None:
            continue
        for row in _part_rows(reader, held.minutes):
            yield held.series.title, held.meeting.starts_at, *row


def _part_rows(reader: ExportReader, record: Minutes) -> Iterator[Row]:
    present = sorted(reader.agency(agency) for agency in record.agencies if agency in reader.agencies)
    yield "present", "", ", ".join(present), record.people, None, None
    for heading, text in record.parts:
        yield "notes", heading, text, "", None, None
    for decision in minutes.decisions_in(reader.session, record.id):
        yield "decision", "", decision.text, "", None, None
        if decision.original:
            yield "decision before its correction", "", decision.original, "", None, None
    for action in record.actions:
        yield "to do", "", action["text"], action["who"], action["due"], action["task"]
    for correction in minutes.list_corrections(reader.session, record.id):
        if correction.state is CorrectionState.TAKEN:
            yield "correction", "", correction.text, reader.person(correction.member_id), None, None
