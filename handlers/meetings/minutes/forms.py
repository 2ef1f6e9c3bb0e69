"""The forms of minutes: writing, correcting, objecting."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Block, CheckboxesElement, RadioButtonsElement, StaticMultiSelectElement

from handlers.kit import block_kit
from handlers.kit.block_kit import context, plain, section
from handlers.kit.text import cut
from handlers.meetings.minutes.acceptance import CORRECTION, REASON
from handlers.meetings.minutes.snapshot import MinutesSnapshot
from handlers.meetings.snapshot import Line
from handlers.meetings.snapshot import MeetingSnapshot as Meeting
from handlers.meetings.views import name
from storage.vocabulary import AgencyId

BOXES = 10
NOTES = 3000
EACH = 20
"""Up to so many items have a field of their own, where somebody wants that."""


def write(carry: dict[str, Any], meeting: Meeting, agencies: Mapping[AgencyId, str], *, each: bool) -> dict[str, Any]:
    """Draw the form for minutes, filled with the agenda; with `each`, a field for every item."""
    fields: list[Block] = [
        section(name(meeting)),
        block_kit.field("agencies", "Agencies that were there", _agencies(agencies), optional=True),
        block_kit.field("people", "Who else was there", block_kit.words(most=300), optional=True),
        *(_each(meeting.lines) if each else _one(meeting)),
        block_kit.field(
            "decisions",
            "Decided, one on each line",
            block_kit.words(long=True),
            optional=True,
            hint="Each goes into the decision log. Agencies can object as long as the minutes can be corrected.",
        ),
        block_kit.field(
            "actions",
            "To do, one on each line",
            block_kit.words(long=True, placeholder="@Ben draft the agreement, by 2026-12-10"),
            optional=True,
            hint="Each is offered to the person as a task. Without a name it is nobody's yet.",
        ),
    ]
    if meeting.lines:
        label = "Not finished: these go to the next agenda"
        fields.append(block_kit.field("left", label, _left(meeting.lines), optional=True))
    return block_kit.form("Minutes", "minutes.write", fields, submit="Post", carry={**carry, "meeting": meeting.id})


def _agencies(agencies: Mapping[AgencyId, str]) -> StaticMultiSelectElement:
    options = [block_kit.choice(label, str(id_)) for id_, label in list(agencies.items())[:100]]
    return StaticMultiSelectElement(action_id="value", options=options, placeholder=plain("Choose"))


def filled(meeting: Meeting) -> str:
    """Give the text with which the form begins."""
    return cut("\n\n".join(f"{place}. {line.title}" for place, line in enumerate(meeting.lines, start=1)), NOTES)


def _one(meeting: Meeting) -> list[Block]:
    """One text, with the items as headings."""
    made: list[Block] = [
        block_kit.field(
            "notes", "What was said", block_kit.words(initial=filled(meeting), long=True, most=NOTES), optional=True
        )
    ]
    if 0 < len(meeting.lines) <= EACH:
        made.append(
            block_kit.row(block_kit.button("More room: a field for each item", "minutes.each", str(meeting.id)))
        )
    return made


def _each(lines: Sequence[Line]) -> list[Block]:
    made: list[Block] = [
        block_kit.field(
            f"item.{line.id}", f"{place}. {line.title}", block_kit.words(long=True, most=NOTES), optional=True
        )
        for place, line in enumerate(lines[:EACH], start=1)
    ]
    made.append(block_kit.field("notes", "Anything else", block_kit.words(long=True, most=NOTES), optional=True))
    return made


def _left(lines: Sequence[Line]) -> CheckboxesElement | StaticMultiSelectElement:
    options = [block_kit.choice(line.title, str(line.id)) for line in lines[:100]]
    if len(options) <= BOXES:
        return CheckboxesElement(action_id="value", options=options)
    return StaticMultiSelectElement(action_id="value", options=options, placeholder=plain("Choose"))


def correct(carry: dict[str, Any], picture: MinutesSnapshot) -> dict[str, Any]:
    """Draw the form for a correction."""
    fields: list[Block] = [
        section(name(picture.meeting)),
        block_kit.field(
            "text",
            "What should it say?",
            block_kit.words(long=True, most=CORRECTION, placeholder="We meet on Tuesday, not on Thursday."),
        ),
        context(
            "Who wrote the minutes, else who runs the meeting, is asked to take it in. It is shown beneath them then."
        ),
    ]
    return block_kit.form(
        "Correction", "minutes.correct", fields, submit="Propose", carry={**carry, "minutes": picture.id}
    )


def objection(carry: dict[str, Any], picture: MinutesSnapshot, agency: str) -> dict[str, Any]:
    """Draw the form for an objection to a recorded decision."""
    open_ = [one for one in picture.decisions if one.proposal is None]
    options = [block_kit.choice(f"{one.place}. {one.text}", str(one.place)) for one in open_]
    first = options[0] if len(options) == 1 else None
    element: Any = (
        RadioButtonsElement(action_id="value", options=options, initial_option=first)
        if len(options) <= BOXES
        else block_kit.menu("value", options)
    )
    fields: list[Block] = [
        section(
            f"{agency} objects, and what was recorded becomes a proposal, so that every agency can say where it "
            "stands. Everyone in the channel will read why."
        ),
        block_kit.field("decision", "Which decision", element),
        block_kit.field("why", "Why", block_kit.words(long=True, most=REASON)),
    ]
    carried = {**carry, "minutes": picture.id}
    return block_kit.form("Objection", "minutes.object", fields, submit="Object", carry=carried)
