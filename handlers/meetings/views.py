"""What people see of meetings in channels and direct messages."""

import json
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from slack_sdk.models.blocks import Block

from handlers.kit import block_kit, todo
from handlers.kit.block_kit import Piece, chunks, context, divider, section
from handlers.kit.text import bold, counted, cut, escape, lines, moment, written
from handlers.kit.todo import TodoReader
from handlers.meetings.rules import recurrence
from handlers.meetings.snapshot import Line, MeetingSnapshot
from storage.meetings import Change, Series
from storage.todo import TodoItem

WIDTHS = (150, 80, 40)
ROOM, LESS_ROOM, FOR_PROPOSALS = 6000, 2500, 2500
"""How many characters of a message an agenda may take, beside a menu less, and how far its titles are cut for it."""

NO_ITEMS = "Nothing is on the agenda yet."


def name(picture: MeetingSnapshot) -> str:
    """Name a meeting with its date, for a sentence."""
    return f"{bold(picture.title)}, {moment(picture.starts_at, picture.zone)}"


def plain_name(picture: MeetingSnapshot) -> str:
    """Name a meeting with its date where nothing is formatted."""
    return f"{escape(picture.title)}, {written(picture.starts_at, picture.zone)}"


def head(picture: MeetingSnapshot) -> str:
    """Give the heading of a meeting: its name, date, and who does what."""
    parts = [
        moment(picture.starts_at, picture.zone),
        f"{picture.length} minutes",
        f"chair {escape(picture.chair)}",
        f"minutes {escape(picture.notes)}" if picture.notes else "",
    ]
    return f"{bold(picture.title)}\n{' · '.join(part for part in parts if part)}"


def items(picture: MeetingSnapshot, room: int = ROOM) -> list[str]:
    """List the items, who brings them and how long they take; titles are cut so that all fit."""
    made: list[str] = []
    for width in WIDTHS:
        made = [_item(place, line, width) for place, line in enumerate(picture.lines, start=1)]
        if sum(map(_size, made)) <= room:
            break
    return _fitting(made, room)


def _size(text: str) -> int:
    """Count the characters that a text takes in a message: quotation marks count twice."""
    return len(json.dumps(text, ensure_ascii=False))


def _fitting(texts: Sequence[str], room: int) -> list[str]:
    """Give as many as there is room for, and how many more there are."""
    fit = sum(size <= room for size in accumulate(map(_size, texts)))
    return [*texts] if fit == len(texts) else [*texts[:fit], f"{len(texts) - fit} more"]


def _item(place: int, line: Line, width: int) -> str:
    takes = f", {line.length} min" if line.length else ""
    left = " · left from last time" if line.carried else ""
    return f"{place}. {escape(cut(line.title, width))} ({escape(line.who)}{takes}){left}"


def proposals(picture: MeetingSnapshot) -> list[str]:
    """List the proposals that are open in the channel."""
    if not picture.proposals:
        return []
    listed = [
        f"• #{one.number} {escape(cut(one.title, 60))} · closes {moment(one.closes_at, picture.zone)}"
        for one in picture.proposals
    ]
    return ["*Open proposals*", *_fitting(listed, FOR_PROPOSALS)]


def body_of(picture: MeetingSnapshot, room: int = ROOM) -> list[Block]:
    """Draw items and open proposals."""
    made: list[Block] = [*chunks(items(picture, room) or [NO_ITEMS]), *chunks(proposals(picture))]
    if picture.planned_minutes > picture.length:
        made.append(context(f"Together {picture.planned_minutes} minutes, of {picture.length}."))
    if picture.waiting:
        made.append(context(f"This agenda is full; {counted(picture.waiting, 'more item waits', 'more items wait')}."))
    return made


def call(picture: MeetingSnapshot) -> dict[str, Any]:
    """Ask the channel what to talk about."""
    text = f"{name(picture)}: what should we talk about?"
    shown: list[Block] = [section(text)]
    if picture.lines:
        shown += [context("On the agenda so far:"), *chunks(items(picture))]
    shown.append(block_kit.row(add_button(picture)))
    return block_kit.message(f"What should we talk about at {plain_name(picture)}?", shown)


def add_button(picture: MeetingSnapshot) -> Any:
    """Make the button that puts an item on the agenda."""
    return block_kit.button("Add an item", "meeting.add", str(picture.id))


def rehoused() -> dict[str, Any]:
    """Draw what is left of an agenda whose meeting belongs to another channel now."""
    text = "This meeting takes place in another channel now, and its agenda is there. `/meeting` lists what is planned."
    return block_kit.message(text, [section(text)])


def agenda(picture: MeetingSnapshot) -> dict[str, Any]:
    """Draw the agenda's message."""
    if picture.cancelled:
        text = f"{name(picture)} is cancelled."
        return block_kit.message(f"{plain_name(picture)} is cancelled.", [section(text)])
    top = f"*Agenda* · {head(picture)}"
    shown: list[Block] = [section(top), *body_of(picture)]
    if not picture.written:
        shown.append(block_kit.row(add_button(picture)))
    return block_kit.message(f"The agenda of {plain_name(picture)}", shown)


def change_post(series: Series, change: Change, who: str) -> dict[str, Any]:
    """Tell the channel what was moved or cancelled."""
    text = change_text(series, change, who)
    return block_kit.message(text, [section(text)])


def change_text(series: Series, change: Change, who: str) -> str:
    """Say who moved or cancelled what."""
    was, title = moment(change.was_at, series.zone), bold(series.title)
    if change.now_at is None:
        from_on = "" if change.meeting_id is not None else " and all that follow"
        return f"{escape(who)} has cancelled {title}, {was}{from_on}."
    to = moment(change.now_at, series.zone)
    if change.meeting_id is not None:
        return f"{escape(who)} has moved {title} from {was} to {to}."
    how = recurrence.words(series.rrule, series.begins)
    return f"{escape(who)} has moved {title}: {how} from now on, the next time {to} instead of {was}."


# lists -------------------------------------------------------------------------------------------------


def overview(shown: Sequence[tuple[MeetingSnapshot, bool]], more: int) -> list[Block]:
    """List the next meetings with their agendas and buttons; with each goes whether the reader may change it."""
    made: list[Block] = [] if shown else [section("No meeting is planned.")]
    room = block_kit.MESSAGE_CHARACTERS - 1000
    for picture, may in shown:
        drawn = _listed(picture, may=may)
        room -= block_kit.size(drawn)
        if room < 0:
            more += 1
        else:
            made += drawn
    if more:
        made.append(context(f"{counted(more, 'later meeting is', 'later meetings are')} planned too."))
    made.append(block_kit.row(block_kit.button("New meeting", "meeting.form")))
    return made


def _listed(picture: MeetingSnapshot, *, may: bool) -> list[Block]:
    where = f" · <#{picture.channel}>"
    how = f"\n{picture.how}" if picture.recurring else ""
    short = [_item(n, line, 60) for n, line in enumerate(picture.lines[:5], start=1)]
    rest = len(picture.lines) - 5
    text = lines([f"{head(picture)}{where}{how}", *(short or [NO_ITEMS]), f"{rest} more" if rest > 0 else ""])
    return [section(text), block_kit.row(*_list_buttons(picture, may=may)), divider()]


def _list_buttons(picture: MeetingSnapshot, *, may: bool) -> list[Any]:
    number = str(picture.id)
    made = [add_button(picture), block_kit.button("Agenda", "meeting.agenda", number)]
    if may:
        made += [
            block_kit.button("Move", "meeting.move", number),
            block_kit.button("Cancel", "meeting.cancel", number),
            block_kit.button("Change", "meeting.edit", number),
        ]
    return made


def agenda_for_reader(picture: MeetingSnapshot, own: Sequence[Line], *, may: bool) -> list[Block]:
    """Show an agenda to one reader, with what they may take off."""
    made: list[Block] = [section(head(picture)), *body_of(picture, LESS_ROOM if own else ROOM)]
    options = [block_kit.choice(cut(line.title, 50), str(line.id)) for line in own]
    off = block_kit.menu("meeting.off", options, placeholder="Take an item off")
    made.append(
        block_kit.row(
            add_button(picture),
            block_kit.button("Publish it now", "meeting.publish", str(picture.id)) if may else None,
            off if own else None,
        )
    )
    return made


def chair_call(picture: MeetingSnapshot) -> Piece:
    """Ask the chair what to talk about."""
    count = counted(len(picture.lines), "item is", "items are") if picture.lines else "nothing is"
    text = f"{name(picture)}, which you chair: {count} on the agenda so far. The channel was asked what to talk about."
    return Piece(
        f"You chair {plain_name(picture)}.",
        [
            section(text),
            block_kit.row(add_button(picture), block_kit.button("Agenda", "meeting.agenda", str(picture.id))),
        ],
    )


def notes(picture: MeetingSnapshot) -> Piece:
    """Tell somebody that they take the minutes this time."""
    text = f"You take the minutes this time: {name(picture)}. The form will be filled with the agenda."
    return Piece(
        f"You take the minutes of {plain_name(picture)}.",
        [section(text), block_kit.row(block_kit.button("I can't", "meeting.cannot", str(picture.id)))],
    )


def notes_left(picture: MeetingSnapshot) -> Piece:
    """Tell a facilitator that a note-taker has left."""
    now = f"{escape(picture.notes)} takes them now." if picture.notes else "Nobody takes them so far."
    text = f"{name(picture)}: who was to take the minutes has left Slack. {now}"
    return Piece(f"The note-taker of {plain_name(picture)} has left.", [section(text)])


def notes_left_in_private() -> Piece:
    """Tell a facilitator that a note-taker has left, where the meeting is not theirs to know of."""
    text = (
        "Somebody who was to take the minutes of a meeting in a private channel has left Slack. Who is in that channel "
        "can see what is planned there: `/meeting`"
    )
    return Piece("A note-taker has left.", [section(text)])


def reminder(picture: MeetingSnapshot, tasks: Sequence[str], *, begun: bool) -> Piece:
    """Remind somebody that a meeting is about to begin, and of what they do there."""
    when = f"{bold(picture.title)} {'has begun' if begun else 'begins'}: {moment(picture.starts_at, picture.zone)}"
    text = lines([f"{when}, in <#{picture.channel}>.", *tasks])
    at = written(picture.starts_at, picture.zone)
    plain = f"{escape(picture.title)} {'has begun' if begun else 'begins'}: {at}"
    return Piece(plain, [section(text), block_kit.row(block_kit.button("Agenda", "meeting.agenda", str(picture.id)))])


def minutes_wanted(picture: MeetingSnapshot, asked: int) -> Piece:
    """Ask the note-taker for the minutes."""
    again = {
        0: "",
        1: "The minutes are still to come. ",
        2: "The minutes are still to come; tomorrow the chair is asked. ",
    }
    text = (
        f"{again.get(asked, '')}{bold(picture.title)} met {moment(picture.starts_at, picture.zone)}. You take the "
        "minutes this time. The agenda is filled in already."
    )
    return Piece(f"The minutes of {plain_name(picture)} are yours to write.", [section(text), _write_row(picture)])


def _write_row(picture: MeetingSnapshot) -> Any:
    number = str(picture.id)
    return block_kit.row(
        block_kit.button("Write the minutes", "minutes.write", number, style="primary"),
        block_kit.button("I wasn't there", "meeting.absent", number),
    )


def minutes_lacking(picture: MeetingSnapshot) -> Piece:
    """Tell the chair that there are no minutes yet."""
    asked = f"{escape(picture.notes)} was asked." if picture.notes else "Nobody was there to write them."
    text = f"There are no minutes yet of {name(picture)}. {asked} Perhaps you have notes, or know who has."
    button = block_kit.button("Write the minutes", "minutes.write", str(picture.id), style="primary")
    return Piece(f"There are no minutes yet of {plain_name(picture)}.", [section(text), block_kit.row(button)])


def changed(series: Series, change: Change, who: str) -> Piece:
    """Tell somebody concerned what was moved or cancelled."""
    text = change_text(series, change, who)
    return Piece(text, [section(text), block_kit.row(block_kit.button("Next meetings", "meeting.list"))])


def todo_item(item: TodoItem, reader: TodoReader) -> list[Block]:
    """Show one of the reader's next meetings."""
    where = f" in <#{item.extra}>" if item.extra and item.extra.startswith("C") else ""
    add = block_kit.button("Add an item", "meeting.add", str(item.number))
    return [section(f"*{escape(cut(item.title, 120))}*\n{todo.at(item, reader)}{where}", accessory=add)]


def live_agenda(picture: MeetingSnapshot, channel: str) -> dict[str, Any]:
    """Show an agenda in the channel where its message stands; a meeting that has moved elsewhere says so there."""
    return agenda(picture) if picture.channel == channel else rehoused()
