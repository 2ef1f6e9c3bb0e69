"""The forms of meetings: making, changing, moving and cancelling them, and items of agendas."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    ConversationFilter,
    ConversationSelectElement,
    DateTimePickerElement,
    RadioButtonsElement,
    UserSelectElement,
)

from handlers.kit import block_kit
from handlers.kit.block_kit import context, plain, section
from handlers.kit.text import bold, lines, moment
from handlers.meetings import agenda, reminder_settings
from handlers.meetings.creation import DEFAULT_LENGTH, TITLE, SeriesDraft, describe, next_dates
from handlers.meetings.rules.step_times import Steps
from handlers.meetings.snapshot import MeetingSnapshot

EVERY = [
    block_kit.choice("Once", "once"),
    block_kit.choice("Every week", "week"),
    block_kit.choice("Every second week", "2weeks"),
    block_kit.choice("Every month, on the same weekday", "month"),
]
ROUND = "Leave it empty and the task goes round the agencies."


def new(
    carry: dict[str, Any], *, title: str, channel: str, begins: datetime, chair: str, more: Steps | None = None
) -> dict[str, Any]:
    """Draw the form for a new meeting; with `more`, the rare questions too."""
    fields: list[Block] = [
        block_kit.field(
            "title", "What meets", block_kit.words(initial=title[:TITLE], most=TITLE, placeholder="Council")
        ),
        block_kit.field("channel", "Channel", _channel(channel)),
        block_kit.field("begins", "Begins", _moment(begins)),
        block_kit.field(
            "length", "Length", block_kit.words(initial=f"{DEFAULT_LENGTH}m", most=10), hint="Such as 90m or 2h."
        ),
        block_kit.field("every", "How often", block_kit.menu("value", EVERY, initial="once")),
        block_kit.field("chair", "Chair", _person(chair)),
        block_kit.field("notes", "Who takes the minutes", _person(""), optional=True, hint=ROUND),
        *_more(more),
    ]
    return block_kit.form("New meeting", "meeting.new", fields, submit="Plan", carry=carry)


def _more(more: Steps | None) -> list[Block]:
    if more is None:
        return [block_kit.row(block_kit.button("More options", "meeting.more"), block_id="more")]
    return reminder_settings.fields(more)


def _channel(initial: str) -> ConversationSelectElement:
    return ConversationSelectElement(
        action_id="value",
        initial_conversation=initial or None,
        filter=ConversationFilter(include=["public", "private"], exclude_bot_users=True),
        placeholder=plain("Choose"),
    )


def _moment(initial: datetime) -> DateTimePickerElement:
    return DateTimePickerElement(action_id="value", initial_date_time=int(initial.timestamp()))


def _person(initial: str) -> UserSelectElement:
    return UserSelectElement(action_id="value", initial_user=initial or None, placeholder=plain("Choose"))


def edit(
    carry: dict[str, Any], picture: MeetingSnapshot, *, chair: str, notes: str, more: Steps | None = None
) -> dict[str, Any]:
    """Draw the form that changes a series."""
    fields: list[Block] = [
        block_kit.field("title", "What meets", block_kit.words(initial=picture.title, most=TITLE)),
        block_kit.field("channel", "Channel", _channel(picture.channel)),
        block_kit.field(
            "length", "Length", block_kit.words(initial=f"{picture.length}m", most=10), hint="Such as 90m or 2h."
        ),
        block_kit.field("chair", "Chair", _person(chair)),
        block_kit.field("notes", "Who takes the minutes", _person(notes), optional=True, hint=ROUND),
        *_more(more),
    ]
    return block_kit.form("Change meeting", "meeting.edit", fields, carry=carry)


def settings(carry: dict[str, Any], chosen: Steps) -> dict[str, Any]:
    """Draw the consortium's own steps."""
    top = section("For all meetings, unless one has its own under *More options*.")
    return block_kit.form("Meetings", "meeting.settings", [top, *reminder_settings.fields(chosen)], carry=carry)


def confirmation(draft: SeriesDraft) -> list[Block]:
    """Say what would be planned, with the next three dates."""
    dates = [f"• {moment(at, draft.zone)}" for at in next_dates(draft)]
    return [section(lines([f"{describe(draft)}.", "The next dates:", *dates]))]


def confirm(carry: dict[str, Any], draft: SeriesDraft) -> dict[str, Any]:
    """Ask whether a series is meant as it was read."""
    return block_kit.form("Is this right?", "meeting.sure", confirmation(draft), submit="Plan them", carry=carry)


def item(carry: dict[str, Any], picture: MeetingSnapshot, user: str) -> dict[str, Any]:
    """Draw the form for an item of the agenda."""
    fields: list[Block] = [
        section(f"{bold(picture.title)}, {moment(picture.starts_at, picture.zone)}"),
        block_kit.field("title", "What should we talk about?", block_kit.words(most=agenda.TITLE)),
        block_kit.field("length", "Minutes", block_kit.words(most=6, placeholder="15"), optional=True),
        block_kit.field("who", "Who brings it", _person(user)),
    ]
    return block_kit.form("Add an item", "meeting.item", fields, submit="Add", carry={**carry, "meeting": picture.id})


ALL, ONE = "all", "one"


def _which(picture: MeetingSnapshot, verb: str) -> list[Block]:
    """Ask whether one meeting is meant, or all from it on."""
    if not picture.recurring:
        return []
    options = [
        block_kit.choice("Only this one", ONE),
        block_kit.choice(f"This one and all that follow, {picture.how}"[:75], ALL),
    ]
    radio = RadioButtonsElement(action_id="value", options=options, initial_option=options[0])
    return [block_kit.field("which", f"Which ones to {verb}", radio)]


def move(carry: dict[str, Any], picture: MeetingSnapshot) -> dict[str, Any]:
    """Draw the form that moves a meeting."""
    fields = [
        section(f"{bold(picture.title)}, {moment(picture.starts_at, picture.zone)}"),
        block_kit.field("begins", "Begins instead", _moment(picture.starts_at + timedelta(days=1))),
        *_which(picture, "move"),
        context("The channel and everyone concerned are told once."),
    ]
    return block_kit.form("Move", "meeting.move", fields, submit="Move", carry={**carry, "meeting": picture.id})


def cancel(carry: dict[str, Any], picture: MeetingSnapshot) -> dict[str, Any]:
    """Draw the form that cancels a meeting."""
    fields = [
        section(f"{bold(picture.title)}, {moment(picture.starts_at, picture.zone)}"),
        *_which(picture, "cancel"),
        context("What is on the agenda goes to the next meeting. The channel and everyone concerned are told once."),
    ]
    carried = {**carry, "meeting": picture.id}
    return block_kit.form(
        "Cancel a meeting", "meeting.cancel", fields, submit="Cancel it", close="Keep it", carry=carried
    )


def move_choice(picture: MeetingSnapshot, to: datetime) -> list[Block]:
    """Ask, after a typed date, whether one meeting is meant or all."""
    value = f"{picture.id}|{int(to.timestamp())}"
    text = f"{bold(picture.title)}, {moment(picture.starts_at, picture.zone)}, to {moment(to, picture.zone)}?"
    return [section(text), _choices("meeting.moved", value, "Move", recurring=picture.recurring)]


def cancel_choice(picture: MeetingSnapshot) -> list[Block]:
    """Ask whether one meeting is to be cancelled, or all."""
    text = f"Cancel {bold(picture.title)}, {moment(picture.starts_at, picture.zone)}? Everyone concerned is told once."
    return [section(text), _choices("meeting.cancelled", str(picture.id), "Cancel", recurring=picture.recurring)]


def _choices(action: str, value: str, verb: str, *, recurring: bool) -> Any:
    one = block_kit.button(f"{verb} only this one" if recurring else f"{verb} it", f"{action}.{ONE}", value)
    every = block_kit.button(f"{verb} all from this one on", f"{action}.{ALL}", value) if recurring else None
    return block_kit.row(one, every, block_kit.button("Keep it", "meeting.keep", value))


def own_items(picture: MeetingSnapshot, member_id: int, *, may: bool) -> Sequence[Any]:
    """List the items that a reader may take off."""
    return [line for line in picture.lines if may or line.member_id == member_id][:100]
