"""The table that an export has of minutes."""

from collections.abc import Iterator

from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader
from handlers.meetings.tables import visible_meetings
from storage import minutes
from storage.minutes import Minutes
from storage.vocabulary import CorrectionState

MINUTES_HEAD = ("Meeting", "Began (ZONE)", "Kind", "Heading", "Text", "Who", "Due", "Task")


def minutes_rows(reader: ExportReader) -> Iterator[Row]:
    """List their minutes, a row for each thing that stands there."""
    for held in visible_meetings(reader):
        if held.minutes is None:
            continue
        for row in _written(reader, held.minutes):
            yield held.series.title, held.meeting.starts_at, *row


def _written(reader: ExportReader, kept: Minutes) -> Iterator[Row]:
    present = sorted(reader.agency(one) for one in kept.agencies if one in reader.agencies)
    yield "present", "", ", ".join(present), kept.people, None, None
    for heading, text in kept.parts:
        yield "notes", heading, text, "", None, None
    for decision in minutes.decisions(reader.session, kept.id):
        yield "decision", "", decision.text, "", None, None
    for action in kept.actions:
        yield "to do", "", action["text"], action["who"], action["due"], action["task"]
    for one in minutes.corrections(reader.session, kept.id):
        if one.state is CorrectionState.TAKEN:
            yield "correction", "", one.text, reader.person(one.member_id), None, None
