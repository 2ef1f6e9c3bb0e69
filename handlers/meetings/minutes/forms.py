"""Forms: writing minutes, correcting them, and objecting to a decision."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Block, CheckboxesElement, RadioButtonsElement, StaticMultiSelectElement

from handlers.kit import block_kit
from handlers.kit.block_kit import context, plain_text, section
from handlers.kit.text import escape, truncate
from handlers.meetings.minutes.corrections import MAX_CORRECTION
from handlers.meetings.minutes.objections import MAX_REASON
from handlers.meetings.minutes.snapshot import MinutesSnapshot
from handlers.meetings.snapshot import AgendaLine, MeetingSnapshot
from handlers.meetings.views import meeting_name
from storage.vocabulary import AgencyId

MAX_NOTES = 3000
"""The longest text in a field, in characters; also Slack's limit."""

MAX_CHECKBOXES = 10
"""Slack's limit; more options become a menu."""

MAX_ITEM_FIELDS = 20
"""The most items that can have a field of their own."""


def write_minutes(
    metadata: dict[str, Any], meeting: MeetingSnapshot, agencies: Mapping[AgencyId, str], *, each: bool
) -> dict[str, Any]:
    """Render the form for minutes, filled with the agenda; with `each`, there is a field for every item."""
    fields: list[Block] = [
        section(meeting_name(meeting)),
        block_kit.input_block("agencies", "Agencies that were there", _agency_select(agencies), optional=True),
        block_kit.input_block("people", "Who else was there", block_kit.text_input(most=300), optional=True),
        *(_item_fields(meeting.lines) if each else _single_notes_field(meeting)),
        block_kit.input_block(
            "decisions",
            "Decisions, one per line",
            block_kit.text_input(long=True),
            optional=True,
            hint="Each enters the decision log. Agencies can object while the minutes are open for corrections.",
        ),
        block_kit.input_block(
            "actions",
            "Action items, one per line",
            block_kit.text_input(long=True, placeholder="@Ben draft the agreement, by 2026-12-10"),
            optional=True,
            hint="Each is offered to the person as a task. Without a name, anyone can take it."
            + (" Everybody in the consortium can read it." if meeting.private else ""),
        ),
    ]
    if meeting.lines:
        label = "Unfinished items, for the next agenda"
        fields.append(block_kit.input_block("left", label, _unfinished_select(meeting.lines), optional=True))
    return block_kit.form(
        "Minutes", "minutes.write", fields, submit="Post", metadata={**metadata, "meeting": meeting.id}
    )


def prefilled_notes(meeting: MeetingSnapshot) -> str:
    """Return the text with which the notes field begins: the items as headings."""
    return truncate(
        "\n\n".join(f"{number}. {line.title}" for number, line in enumerate(meeting.lines, start=1)), MAX_NOTES
    )


def _agency_select(agencies: Mapping[AgencyId, str]) -> StaticMultiSelectElement:
    options = [block_kit.option(label, str(id_)) for id_, label in list(agencies.items())[:100]]
    return StaticMultiSelectElement(action_id="value", options=options, placeholder=plain_text("Choose"))


def _single_notes_field(meeting: MeetingSnapshot) -> list[Block]:
    notes = block_kit.text_input(initial=prefilled_notes(meeting), long=True, most=MAX_NOTES)
    blocks: list[Block] = [block_kit.input_block("notes", "Notes", notes, optional=True)]
    if 0 < len(meeting.lines) <= MAX_ITEM_FIELDS:
        blocks.append(block_kit.actions(block_kit.button("A field for each item", "minutes.each", str(meeting.id))))
    return blocks


def _item_fields(lines: Sequence[AgendaLine]) -> list[Block]:
    fields: list[Block] = [
        block_kit.input_block(
            f"item.{line.id}", f"{number}. {line.title}", block_kit.text_input(long=True, most=MAX_NOTES), optional=True
        )
        for number, line in enumerate(lines[:MAX_ITEM_FIELDS], start=1)
    ]
    fields.append(
        block_kit.input_block("notes", "Anything else", block_kit.text_input(long=True, most=MAX_NOTES), optional=True)
    )
    return fields


def _unfinished_select(lines: Sequence[AgendaLine]) -> CheckboxesElement | StaticMultiSelectElement:
    options = [block_kit.option(line.title, str(line.id)) for line in lines[:100]]
    # what has moved on already stays there, unless somebody says that it was finished
    chosen = [option for option, line in zip(options, lines, strict=False) if line.moved_on] or None
    if len(options) <= MAX_CHECKBOXES:
        return CheckboxesElement(action_id="value", options=options, initial_options=chosen)
    return StaticMultiSelectElement(
        action_id="value", options=options, initial_options=chosen, placeholder=plain_text("Choose")
    )


def propose_correction(metadata: dict[str, Any], minutes: MinutesSnapshot) -> dict[str, Any]:
    """Render the form for a correction."""
    text = block_kit.text_input(long=True, most=MAX_CORRECTION, placeholder="We meet on Tuesday, not on Thursday.")
    decisions = [
        block_kit.option(f"Decision {d.place}: {d.text}", str(d.place)) for d in minutes.decisions if d.proposal is None
    ]
    elsewhere = block_kit.option("Something else in the minutes", "0")
    subject = block_kit.static_select("value", [elsewhere, *decisions], initial="0")
    hint = "For a decision, write its whole new wording. The decision log will show it, and the old wording below it."
    fields: list[Block] = [
        section(meeting_name(minutes.meeting)),
        *([block_kit.input_block("place", "What do you correct?", subject)] if decisions else []),
        block_kit.input_block("text", "What should it say?", text, hint=hint if decisions else None),
        context(
            "The author of the minutes, or somebody who runs the meeting, will be asked to accept it. The minutes then "
            "show it."
        ),
    ]
    carried = {**metadata, "minutes": minutes.id, "versions": _versions(minutes)}
    return block_kit.form("Correction", "minutes.correct", fields, submit="Propose", metadata=carried)


def object_to_decision(metadata: dict[str, Any], minutes: MinutesSnapshot, agency: str) -> dict[str, Any]:
    """Render the form for an agency's objection to a recorded decision."""
    open_decisions = [decision for decision in minutes.decisions if decision.proposal is None]
    options = [block_kit.option(f"{d.place}. {d.text}", str(d.place)) for d in open_decisions]
    only = options[0] if len(options) == 1 else None
    element: Any = (
        RadioButtonsElement(action_id="value", options=options, initial_option=only)
        if len(options) <= MAX_CHECKBOXES
        else block_kit.static_select("value", options)
    )
    fields: list[Block] = [
        section(
            f"{escape(agency)} objects. The decision becomes a proposal, so that every agency can take a position. "
            "Everyone in the channel will read why."
            + (" So will the people who decide, in the channel or not." if minutes.meeting.private else "")
        ),
        block_kit.input_block("decision", "Which decision", element),
        block_kit.input_block("why", "Why", block_kit.text_input(long=True, most=MAX_REASON)),
    ]
    carried = {**metadata, "minutes": minutes.id, "versions": _versions(minutes)}
    return block_kit.form("Objection", "minutes.object", fields, submit="Object", metadata=carried)


def _versions(minutes: MinutesSnapshot) -> dict[str, int]:
    """Return which wording of each decision a form shows, by its place. Forms carry it as JSON."""
    return {str(decision.place): decision.version for decision in minutes.decisions}
