"""Tables of meetings, what they talk about, and their minutes."""

from collections.abc import Iterator

from handlers.exports.rules import Row
from handlers.exports.scope import Reader
from handlers.meetings.rules import recurrence
from storage import exports, minutes
from storage.exports import Held
from storage.minutes import Minutes
from storage.vocabulary import CorrectionState, MeetingState

MEETING_HEAD = (
    *("Meeting", "Begins (ZONE)", "Ends (ZONE)", "Cancelled", "How often", "Chair", "Takes the minutes"),
    *("Minutes posted (ZONE)", "Accepted (ZONE)"),
)
AGENDA_HEAD = ("Meeting", "Begins (ZONE)", "Item", "Brought by", "Minutes", "Times left over")
MINUTES_HEAD = ("Meeting", "Began (ZONE)", "Kind", "Heading", "Text", "Who", "Due", "Task")


def meetings(reader: Reader) -> Iterator[Row]:
    """List the meetings that this person may see."""
    for held in _seen(reader):
        meeting, series, kept = held.meeting, held.series, held.minutes
        often = recurrence.words(series.rrule, series.begins) if series.rrule else "once"
        chair, notes = reader.person(series.chair_id), reader.person(meeting.notes_id)
        written = (kept.posted_at, kept.accepted_at) if kept is not None else (None, None)
        cancelled = meeting.state is MeetingState.CANCELLED
        yield series.title, meeting.starts_at, meeting.ends_at, cancelled, often, chair, notes, *written


def agendas(reader: Reader) -> Iterator[Row]:
    """List the items of their agendas."""
    for held in _seen(reader):
        for item in held.items:
            who = reader.person(item.member_id)
            yield held.series.title, held.meeting.starts_at, item.title, who, item.length, item.carried


def protocols(reader: Reader) -> Iterator[Row]:
    """List their minutes, a row for each thing that stands there."""
    for held in _seen(reader):
        if held.minutes is None:
            continue
        for row in _written(reader, held.minutes):
            yield held.series.title, held.meeting.starts_at, *row


def _written(reader: Reader, kept: Minutes) -> Iterator[Row]:
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


def _seen(reader: Reader) -> Iterator[Held]:
    for page in exports.meetings(reader.session, reader.consortium.id):
        yield from (held for held in page if reader.sees(held))
