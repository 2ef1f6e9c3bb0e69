"""Forms: planning, changing, moving and canceling meetings, and adding items to agendas."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    DatePickerElement,
    DateTimePickerElement,
    InputBlock,
    RadioButtonsElement,
    UserSelectElement,
)

from handlers.kit import block_kit
from handlers.kit.block_kit import context, plain_text, section
from handlers.kit.text import format_zone, join_lines, slack_date
from handlers.meetings import agenda, reminder_settings
from handlers.meetings.creation import DEFAULT_LENGTH, MAX_TITLE, SeriesDraft, draft_summary, first_dates
from handlers.meetings.rules.rule_words import describe_days
from handlers.meetings.rules.step_times import StepOffsets
from handlers.meetings.rules.weekdays import DAYS, NTH
from handlers.meetings.snapshot import MeetingSnapshot, OwnPart
from handlers.meetings.views import meeting_name
from storage.meetings import Series

EVERY = [
    block_kit.option("Once", "once"),
    block_kit.option("Every week", "week"),
    block_kit.option("Every second week", "2weeks"),
    block_kit.option("Every month, on the same weekday", "month"),
    block_kit.option("Every quarter, on the same weekday", "quarter"),
    *(
        block_kit.option(f"Every {place} {day} of the month", f"{place} {day.casefold()}")
        for place in NTH.values()
        for day in DAYS
    ),
]

BECOMES_PUBLIC = "In a public channel, everyone can see its title, times, and agenda from then on."

CHANNEL_STAYS = "It stays in its private channel, because you are not in that channel."

SHOWN_DATES = 3
"""The number of dates that a confirmation shows."""

ALL, ONE = "all", "one"
"""The values of the choice between one meeting and all later ones; action ids end in them too."""


# planning and changing a series ------------------------------------------------------------------------


def new_meeting(
    metadata: dict[str, Any],
    *,
    title: str,
    channel: str,
    begins: datetime,
    chair: str,
    zone: str = "",
    more: StepOffsets | None = None,
    length: int = DEFAULT_LENGTH,
) -> dict[str, Any]:
    """Render the form for a new meeting; with `more`, the end of a series, its zone and the step fields too."""
    name = block_kit.text_input(initial=title[:MAX_TITLE], most=MAX_TITLE, placeholder="Council")
    fields: list[Block] = [
        block_kit.input_block("title", "Name", name),
        block_kit.input_block("channel", "Channel", block_kit.channel_select(channel)),
        block_kit.input_block("begins", "Begins", _time_picker(begins)),
        _length_field(length),
        block_kit.input_block("every", "How often", block_kit.static_select("value", EVERY, initial="once")),
        block_kit.input_block("chair", "Chair", _user_select(chair)),
        _note_taker_field(""),
        *(_end_and_zone(zone) if more is not None else []),
        *_more_options(more),
    ]
    return block_kit.form("New meeting", "meeting.new", fields, submit="Plan", metadata=metadata)


def edit_series(
    metadata: dict[str, Any],
    meeting: MeetingSnapshot,
    *,
    in_channel: bool,
    chair: str,
    notes: str,
    more: StepOffsets | None = None,
) -> dict[str, Any]:
    """Render the form that changes a series; `chair` and `notes` are Slack user ids.

    Who is not `in_channel`, which is private then, cannot choose a channel: the menu could not offer the present one.
    """
    fields: list[Block] = [
        block_kit.input_block("title", "Name", block_kit.text_input(initial=meeting.title, most=MAX_TITLE)),
        _channel_field(meeting) if in_channel else section(CHANNEL_STAYS),
        _length_field(meeting.length),
        block_kit.input_block("chair", "Chair", _user_select(chair)),
        _note_taker_field(notes),
        *_more_options(more),
    ]
    return block_kit.form("Change meeting", "meeting.edit", fields, metadata=metadata)


def series_values(series: Series) -> dict[str, Any]:
    """Return the values of the form that changes a series, as JSON: its length in minutes, people by member id."""
    return {
        "title": series.title,
        "channel": series.channel,
        "length": series.length,
        "chair": series.chair_id,
        "notes": series.notes_id,
    }


def _channel_field(meeting: MeetingSnapshot) -> InputBlock:
    menu = block_kit.channel_select(meeting.channel)
    return block_kit.input_block("channel", "Channel", menu, hint=BECOMES_PUBLIC if meeting.private else None)


def settings(metadata: dict[str, Any], offsets: StepOffsets) -> dict[str, Any]:
    """Render the form of the consortium's reminder settings."""
    intro = section("These apply to every meeting that has no settings of its own under *More options*.")
    return block_kit.form(
        "Meetings", "meeting.settings", [intro, *reminder_settings.fields(offsets)], metadata=metadata
    )


def confirm_series(metadata: dict[str, Any], draft: SeriesDraft, closed: str) -> dict[str, Any]:
    """Render a form that asks whether a series was understood correctly."""
    blocks = confirmation_blocks(draft, closed)
    return block_kit.form("Is this right?", "meeting.sure", blocks, submit="Plan them", metadata=metadata)


def confirmation_blocks(draft: SeriesDraft, closed: str) -> list[Block]:
    """Return a series in words, with its next three dates; `closed` says which agencies are closed on them."""
    first = first_dates(draft, SHOWN_DATES + 1)
    heading = (
        "The next dates:" if len(first) > SHOWN_DATES else "All its dates:" if len(first) > 1 else "Its only date:"
    )
    dates = [f"• {slack_date(at, draft.zone)}" for at in first[:SHOWN_DATES]]
    return [section(join_lines([f"{draft_summary(draft)}.", heading, *dates, closed]))]


def often(draft: SeriesDraft) -> str:
    """Return how often a series repeats, without its hour and end, for a button: "every 2 weeks on Thursday"."""
    return describe_days(draft.rule or "", draft.wall)


def _more_options(more: StepOffsets | None) -> list[Block]:
    if more is None:
        return [block_kit.actions(block_kit.button("More options", "meeting.more"), block_id="more")]
    return reminder_settings.fields(more)


def _end_and_zone(zone: str) -> list[Block]:
    """Return the fields for the last day of a series, and for the clock that it follows."""
    until = DatePickerElement(action_id="value", placeholder=plain_text("Choose a day"))
    return [
        block_kit.input_block(
            "until", "Until", until, optional=True, hint="The last day of a series. Leave it empty to go on."
        ),
        block_kit.input_block(
            "zone",
            "Time zone",
            block_kit.text_input(initial=format_zone(zone), most=64, placeholder="America/Denver"),
            hint="When clocks change, a series keeps its hour in this time zone.",
        ),
    ]


def _length_field(minutes: int) -> InputBlock:
    element = block_kit.text_input(initial=f"{minutes}m", most=10)
    return block_kit.input_block("length", "Length", element, hint="For example 90m or 2h.")


def _note_taker_field(user_id: str) -> InputBlock:
    hint = "Leave this empty, and the agencies take turns. In a private channel, the chair takes them."
    return block_kit.input_block("notes", "Who takes the minutes", _user_select(user_id), optional=True, hint=hint)


def _time_picker(initial: datetime) -> DateTimePickerElement:
    return DateTimePickerElement(action_id="value", initial_date_time=int(initial.timestamp()))


def _user_select(initial: str) -> UserSelectElement:
    return UserSelectElement(action_id="value", initial_user=initial or None, placeholder=plain_text("Choose"))


# agendas -----------------------------------------------------------------------------------------------


def add_item(metadata: dict[str, Any], meeting: MeetingSnapshot | OwnPart, user: str) -> dict[str, Any]:
    """Render the form for an agenda item. Who sees only their own part brings it themselves."""
    who = block_kit.input_block("who", "Who brings it", _user_select(user))
    fields: list[Block] = [
        section(meeting_name(meeting)),
        block_kit.input_block("title", "What should we talk about?", block_kit.text_input(most=agenda.MAX_TITLE)),
        block_kit.input_block("length", "Minutes", block_kit.text_input(most=6, placeholder="15"), optional=True),
        *([] if isinstance(meeting, OwnPart) else [who]),
    ]
    carried = {**metadata, "meeting": meeting.id}
    return block_kit.form("Add an item", "meeting.item", fields, submit="Add", metadata=carried)


def removable_items(meeting: MeetingSnapshot, member_id: int, *, may_change: bool) -> Sequence[Any]:
    """Return the items that a person may remove."""
    return [line for line in meeting.lines if may_change or line.member_id == member_id][:100]


# moving and canceling -----------------------------------------------------------------------------------


def move_meeting(metadata: dict[str, Any], meeting: MeetingSnapshot) -> dict[str, Any]:
    """Render the form that moves a meeting."""
    fields = [
        section(meeting_name(meeting)),
        block_kit.input_block("begins", "New time", _time_picker(meeting.starts_at + timedelta(days=1))),
        *_which_field(meeting, "move"),
        context("The channel and everyone concerned will be told."),
    ]
    return block_kit.form("Move", "meeting.move", fields, submit="Move", metadata={**metadata, "meeting": meeting.id})


def cancel_meeting(metadata: dict[str, Any], meeting: MeetingSnapshot) -> dict[str, Any]:
    """Render the form that cancels a meeting."""
    fields = [
        section(meeting_name(meeting)),
        *_which_field(meeting, "cancel"),
        context("Agenda items go to the next meeting. The channel and everyone concerned will be told."),
    ]
    carried = {**metadata, "meeting": meeting.id}
    return block_kit.form(
        "Cancel a meeting", "meeting.cancel", fields, submit="Cancel it", close="Keep it", metadata=carried
    )


def _which_field(meeting: MeetingSnapshot, verb: str) -> list[Block]:
    """Return the choice between one meeting and all later ones too; empty for a single meeting."""
    if not meeting.recurring:
        return []
    options = [
        block_kit.option("Only this one", ONE),
        block_kit.option(f"This and all later ones, {meeting.recurrence}"[:75], ALL),
    ]
    radio = RadioButtonsElement(action_id="value", options=options, initial_option=options[0])
    return [block_kit.input_block("which", f"Which ones to {verb}", radio)]


def move_choice(meeting: MeetingSnapshot, to: datetime) -> list[Block]:
    """Ask, after a typed date, whether it is for one meeting or for all later ones too."""
    value = f"{meeting.id}|{int(to.timestamp())}"
    text = f"Move {meeting_name(meeting)}, to {slack_date(to, meeting.zone)}?"
    return [section(text), _choice_buttons("meeting.moved", value, "Move", recurring=meeting.recurring)]


def cancel_choice(meeting: MeetingSnapshot) -> list[Block]:
    """Ask whether to cancel one meeting or all later ones too."""
    text = f"Cancel {meeting_name(meeting)}? Everyone concerned will be told."
    return [section(text), _choice_buttons("meeting.cancelled", str(meeting.id), "Cancel", recurring=meeting.recurring)]


def _choice_buttons(action: str, value: str, verb: str, *, recurring: bool) -> ActionsBlock:
    one = block_kit.button(f"{verb} only this one" if recurring else f"{verb} it", f"{action}.{ONE}", value)
    every = block_kit.button(f"{verb} this and all later ones", f"{action}.{ALL}", value) if recurring else None
    return block_kit.actions(one, every, block_kit.button("Keep it", "meeting.keep", value))
