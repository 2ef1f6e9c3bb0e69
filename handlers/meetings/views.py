"""Messages and notices about meetings and their agendas."""

import json
from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any

from slack_sdk.models.blocks import Block

from handlers.kit import block_kit, todo
from handlers.kit.block_kit import MessagePart, context, divider, section, text_sections
from handlers.kit.text import bold, escape, format_time, join_lines, join_names, pluralize, slack_date, truncate
from handlers.kit.todo import TodoReader
from handlers.meetings.snapshot import AgendaLine, LateMinutes, MeetingSnapshot, OwnPart
from storage.meetings import MeetingChange, Series
from storage.todo import TodoItem

TITLE_WIDTHS = (150, 80, 40)
"""The lengths to which the titles of a full agenda are cut, one after the other, until it fits."""

ROOM, ROOM_BESIDE_MENU, ROOM_FOR_PROPOSALS = 6000, 2500, 2500
"""How many characters of a message the items, the items beside a menu, and the open proposals may take."""

MAX_LATE = 3
"""How many late minutes a message names; the latest ones."""

NO_ITEMS = "Nothing is on the agenda yet."


def meeting_name(meeting: MeetingSnapshot | OwnPart) -> str:
    """Return a meeting's name with its date, for use in a sentence."""
    return f"{bold(meeting.title)}, {slack_date(meeting.starts_at, meeting.zone)}"


def plain_meeting_name(meeting: MeetingSnapshot | OwnPart) -> str:
    """Return a meeting's name with its date, for places without formatting."""
    return f"{escape(meeting.title)}, {format_time(meeting.starts_at, meeting.zone)}"


def _heading(meeting: MeetingSnapshot) -> str:
    parts = [
        slack_date(meeting.starts_at, meeting.zone),
        f"{meeting.length} minutes",
        f"chair {escape(meeting.chair)}" if meeting.chair else "",
        f"minutes {escape(meeting.notes)}" if meeting.notes else "",
    ]
    return f"{bold(meeting.title)}\n{' · '.join(part for part in parts if part)}"


# agendas in channels -----------------------------------------------------------------------------------


def planned_post(meeting: MeetingSnapshot, who: str) -> dict[str, Any]:
    """Announce a new meeting or series to its channel. `meeting` is its first one; `who` has planned it."""
    when, length = slack_date(meeting.starts_at, meeting.zone), f"{meeting.length} minutes"
    times = f", {meeting.recurrence}, starting {when}, {length} each." if meeting.recurring else f": {when}, {length}."
    people = [f"{escape(meeting.chair)} chairs it." if meeting.chair else ""]
    people.append(f"{escape(meeting.notes)} takes the minutes." if meeting.notes else "")
    text = f"{escape(who)} has planned {bold(meeting.title)}{times} {' '.join(filter(None, people))}"
    blocks: list[Block] = [section(text.rstrip())]
    if meeting.lines:
        blocks += [context("On the agenda so far:"), *text_sections(_item_lines(meeting))]
    blocks.append(block_kit.actions(_add_button(meeting)))
    return block_kit.message(f"{escape(who)} has planned {plain_meeting_name(meeting)}", blocks)


def call_for_items(meeting: MeetingSnapshot, late: Sequence[LateMinutes]) -> dict[str, Any]:
    """Ask the channel what to talk about. `late` are the minutes of earlier meetings that are late."""
    blocks: list[Block] = [section(f"{meeting_name(meeting)}: what should we talk about?"), *_late_lines(meeting, late)]
    if meeting.lines:
        blocks += [context("On the agenda so far:"), *text_sections(_item_lines(meeting))]
    blocks.append(block_kit.actions(_add_button(meeting)))
    return block_kit.message(f"What should we talk about at {plain_meeting_name(meeting)}?", blocks)


def live_agenda(meeting: MeetingSnapshot, late: Sequence[LateMinutes], channel: str) -> dict[str, Any]:
    """Render the agenda message in `channel`; where the meeting moved to another channel, it shows only that."""
    return agenda(meeting, late) if meeting.channel == channel else _moved_elsewhere()


def agenda(meeting: MeetingSnapshot, late: Sequence[LateMinutes]) -> dict[str, Any]:
    """Render the agenda message. `late` are the minutes of earlier meetings that are late."""
    if meeting.cancelled:
        text = f"{meeting_name(meeting)} is canceled."
        return block_kit.message(f"{plain_meeting_name(meeting)} is canceled.", [section(text)])
    blocks: list[Block] = [
        section(f"*Agenda* · {_heading(meeting)}"),
        *_agenda_blocks(meeting),
        *_late_lines(meeting, late),
    ]
    if not meeting.has_minutes:
        blocks.append(block_kit.actions(_add_button(meeting)))
    return block_kit.message(f"The agenda of {plain_meeting_name(meeting)}", blocks)


def _late_lines(meeting: MeetingSnapshot, late: Sequence[LateMinutes]) -> list[Block]:
    """Say which minutes of earlier meetings are late, and who takes them."""
    texts = [
        f"The minutes of {slack_date(each.starts_at, meeting.zone)} are still missing. "
        f"{f'{escape(each.notes)} takes them.' if each.notes else 'Nobody takes them.'}"
        for each in late[-MAX_LATE:]
    ]
    return [context(text) for text in texts]


def _moved_elsewhere() -> dict[str, Any]:
    text = "This meeting now takes place in another channel, and its agenda is there. `/meeting` lists what is planned."
    return block_kit.message(text, [section(text)])


def _agenda_blocks(meeting: MeetingSnapshot, room: int = ROOM) -> list[Block]:
    blocks: list[Block] = [
        *text_sections(_item_lines(meeting, room) or [NO_ITEMS]),
        *text_sections(_proposal_lines(meeting)),
    ]
    if meeting.planned_minutes > meeting.length:
        blocks.append(context(f"{meeting.planned_minutes} minutes of items for a {meeting.length}-minute meeting."))
    if meeting.waiting:
        items = pluralize(meeting.waiting, "more item waits", "more items wait")
        blocks.append(context(f"This agenda is full; {items}."))
    return blocks


def _item_lines(meeting: MeetingSnapshot, room: int = ROOM) -> list[str]:
    """Return the items with who brings them and how long they take; titles are cut so that as many as possible fit."""
    texts: list[str] = []
    for width in TITLE_WIDTHS:
        texts = [_item_line(number, line, width) for number, line in enumerate(meeting.lines, start=1)]
        if sum(map(_size, texts)) <= room:
            break
    return _fitting(texts, room)


def _item_line(number: int, line: AgendaLine, width: int) -> str:
    length = f", {line.length} min" if line.length else ""
    carried = " · carried over" if line.carried else ""
    return f"{number}. {escape(truncate(line.title, width))} ({escape(line.who)}{length}){carried}"


def _proposal_lines(meeting: MeetingSnapshot) -> list[str]:
    """Return the proposals that are open in the channel, under a heading."""
    if not meeting.proposals:
        return []
    texts = [
        (
            f"• #{proposal.number} {escape(truncate(proposal.title, 60))} · closes "
            f"{slack_date(proposal.closes_at, meeting.zone)}"
        )
        for proposal in meeting.proposals
    ]
    return ["*Open proposals*", *_fitting(texts, ROOM_FOR_PROPOSALS)]


def _fitting(texts: Sequence[str], room: int) -> list[str]:
    """Return the texts that have room, and a line with the number of those left out."""
    fit = sum(size <= room for size in accumulate(map(_size, texts)))
    return [*texts] if fit == len(texts) else [*texts[:fit], f"{len(texts) - fit} more"]


def _size(text: str) -> int:
    """Return the size of a text in a message, in characters of JSON: quotation marks count twice."""
    return len(json.dumps(text, ensure_ascii=False))


def _add_button(meeting: MeetingSnapshot | OwnPart) -> Any:
    return block_kit.button("Add an item", "meeting.add", str(meeting.id))


# changes -----------------------------------------------------------------------------------------------


def change_post(series: Series, change: MeetingChange, who: str, how: str) -> dict[str, Any]:
    """Render the news of a change for the channel; `how` describes how the series repeats."""
    text = _change_text(series, change, who, how)
    return block_kit.message(text, [section(text)])


def change_notice(series: Series, change: MeetingChange, who: str, how: str) -> MessagePart:
    """Render the news of a change for a person concerned; `how` describes how the series repeats."""
    text = _change_text(series, change, who, how)
    return MessagePart(text, [section(text), block_kit.actions(block_kit.button("Next meetings", "meeting.list"))])


def own_change_notice(series: Series, change: MeetingChange, starts: Sequence[datetime]) -> MessagePart:
    """Render the news of a change for somebody who only brings items; `starts` are the new times of their meetings."""
    title, one = bold(series.title), change.meeting_id is not None
    was = slack_date(change.was_at, series.zone)
    if change.now_at is None:
        text = f"{title}, {was}, is canceled." if one else f"{title} is canceled."
        text += " What you bring to it goes to a later meeting."
    else:
        new = join_names([slack_date(at, series.zone) for at in starts])
        text = f"{title}, to which you bring an item, is moved{f' from {was}' if one else ''} to {new}."
    return MessagePart(text, [section(text), block_kit.actions(block_kit.button("Next meetings", "meeting.list"))])


def move_post(title: str, who: str, channel: str) -> dict[str, Any]:
    """Tell the private channel that a series leaves who moved it, and to where; `channel` is empty if it is private."""
    where = f"<#{channel}>" if channel else "another private channel"
    text = f"{escape(who)} has moved {bold(title)} to {where}. It meets there from now on."
    return block_kit.message(text, [section(text)])


def _change_text(series: Series, change: MeetingChange, who: str, how: str) -> str:
    was, title = slack_date(change.was_at, series.zone), bold(series.title)
    if change.now_at is None:
        later = "" if change.meeting_id is not None else ", and all later ones"
        return f"{escape(who)} has canceled {title}, {was}{later}."
    to = slack_date(change.now_at, series.zone)
    if change.meeting_id is not None:
        return f"{escape(who)} has moved {title} from {was} to {to}."
    return f"{escape(who)} has moved {title}. It is now {how}, starting {to} instead of {was}."


# lists and agendas for one reader ----------------------------------------------------------------------


def overview(listed: Sequence[tuple[MeetingSnapshot | OwnPart, bool]], more: int, hidden: int) -> list[Block]:
    """List the next meetings with their agendas and buttons.

    Each meeting comes with whether the reader may change it. `more` counts the meetings that are not listed, `hidden`
    the series of which the reader learns only that they exist.
    """
    blocks: list[Block] = [] if listed or hidden else [section("No meeting is planned.")]
    room = block_kit.MESSAGE_CHARACTERS - 1000
    for meeting, may_change in listed:
        rendered = (
            _own_entry(meeting) if isinstance(meeting, OwnPart) else _overview_entry(meeting, may_change=may_change)
        )
        room -= block_kit.json_size(rendered)
        if room < 0:
            more += 1
        else:
            blocks += rendered
    if more:
        blocks.append(context(f"{pluralize(more, 'later meeting is', 'later meetings are')} planned too."))
    if hidden:
        blocks.append(section(_hidden_text(hidden)))
    blocks.append(block_kit.actions(block_kit.button("New meeting", "meeting.form")))
    return blocks


def _hidden_text(count: int) -> str:
    """Return that meetings are planned in private channels, and no more; a series counts once."""
    if count == 1:
        return "1 meeting or series is planned in a private channel, where `/meeting` lists it."
    return f"{count} meetings or series are planned in private channels, where `/meeting` lists them."


def _own_entry(meeting: OwnPart) -> list[Block]:
    agenda_button = block_kit.button("My items", "meeting.agenda", str(meeting.id))
    return [*_own_blocks(meeting), block_kit.actions(_add_button(meeting), agenda_button), divider()]


def _own_blocks(meeting: OwnPart) -> list[Block]:
    heading = f"{bold(meeting.title)}\n{slack_date(meeting.starts_at, meeting.zone)}"
    note = "You see only what you bring. People in its private channel see the rest there."
    return [*text_sections([heading, *map(_own_line, meeting.lines)]), context(note)]


def _own_line(line: AgendaLine) -> str:
    length = f" ({line.length} min)" if line.length else ""
    return f"• {escape(line.title)}{length}"


def own_agenda(meeting: OwnPart) -> list[Block]:
    """Render a person's own part of a meeting, with a menu to remove their items."""
    return [*_own_blocks(meeting), block_kit.actions(_add_button(meeting), _removal_menu(meeting.lines))]


def _removal_menu(lines: Sequence[AgendaLine]) -> Any:
    options = [block_kit.option(truncate(line.title, 50), str(line.id)) for line in lines]
    return block_kit.static_select("meeting.off", options, placeholder="Remove an item")


def _overview_entry(meeting: MeetingSnapshot, *, may_change: bool) -> list[Block]:
    recurs = f"\n{meeting.recurrence}" if meeting.recurring else ""
    items = [_item_line(number, line, 60) for number, line in enumerate(meeting.lines[:5], start=1)]
    rest = len(meeting.lines) - 5
    heading = f"{_heading(meeting)} · <#{meeting.channel}>{recurs}"
    text = join_lines([heading, *(items or [NO_ITEMS]), f"{rest} more" if rest > 0 else ""])
    return [section(text), block_kit.actions(*_overview_buttons(meeting, may_change=may_change)), divider()]


def _overview_buttons(meeting: MeetingSnapshot, *, may_change: bool) -> list[Any]:
    value = str(meeting.id)
    buttons = [_add_button(meeting), block_kit.button("Agenda", "meeting.agenda", value)]
    if may_change:
        buttons += [
            block_kit.button("Move", "meeting.move", value),
            block_kit.button("Cancel", "meeting.cancel", value),
            block_kit.button("Change", "meeting.edit", value),
        ]
    return buttons


def agenda_for_reader(meeting: MeetingSnapshot, removable: Sequence[AgendaLine], *, may_publish: bool) -> list[Block]:
    """Render an agenda for one reader, with a menu of the items that they may remove."""
    buttons = block_kit.actions(
        _add_button(meeting),
        block_kit.button("Publish now", "meeting.publish", str(meeting.id)) if may_publish else None,
        _removal_menu(removable) if removable else None,
    )
    return [section(_heading(meeting)), *_agenda_blocks(meeting, ROOM_BESIDE_MENU if removable else ROOM), buttons]


# notices -----------------------------------------------------------------------------------------------


def chair_notice(meeting: MeetingSnapshot) -> MessagePart:
    """Tell the chair what is on the agenda so far. The call for items in the channel may not have been posted yet."""
    items = pluralize(len(meeting.lines), "agenda item") if meeting.lines else "no agenda items"
    text = (
        f"{meeting_name(meeting)}, which you chair, has {items} so far. Add what the meeting should talk about, or ask "
        "people to."
    )
    buttons = block_kit.actions(_add_button(meeting), block_kit.button("Agenda", "meeting.agenda", str(meeting.id)))
    return MessagePart(f"You chair {plain_meeting_name(meeting)}.", [section(text), buttons])


def chair_left(meeting: MeetingSnapshot, gone: str, stand_in: str) -> MessagePart:
    """Ask a facilitator for another chair. `gone` has left.

    `stand_in` gets what is meant for the chair until then; empty for the reader.
    """
    asked = f"{escape(stand_in)} is asked" if stand_in else "you are asked"
    text = (
        f"*{escape(meeting.title)} needs a chair.* {escape(gone)}, who chaired it, has left. It meets next on "
        f"{slack_date(meeting.starts_at, meeting.zone)}. Until somebody is chosen, {asked} in place of the "
        "chair."
    )
    buttons = block_kit.actions(
        block_kit.button("I'll chair it", "meeting.chair", str(meeting.id), style="primary"),
        block_kit.button("Choose somebody", "meeting.edit", str(meeting.id)),
    )
    return MessagePart(f"{escape(meeting.title)} needs a chair.", [section(text), buttons])


def chair_left_in_private() -> MessagePart:
    """Tell a facilitator that the chair of a meeting has left, without naming a meeting that they may not know of."""
    text = (
        "The chair of a meeting in a private channel has left. A facilitator who is in that channel, or the person who "
        "planned the meeting, can choose another: *Change*, in `/meeting`."
    )
    return MessagePart("The chair of a meeting has left.", [section(text)])


def reminder(meeting: MeetingSnapshot, parts: Sequence[str], *, begun: bool, with_channel: bool = True) -> MessagePart:
    """Remind a person of a meeting; `parts` are sentences about their part in it.

    Who only brings an item to a private channel is reminded without the channel.
    """
    verb = "began" if begun else "begins"
    where = f", in <#{meeting.channel}>" if with_channel else ""
    begins = f"{bold(meeting.title)} {verb} {slack_date(meeting.starts_at, meeting.zone)}{where}."
    plain = f"{escape(meeting.title)} {verb} {format_time(meeting.starts_at, meeting.zone)}"
    button = block_kit.actions(block_kit.button("Agenda", "meeting.agenda", str(meeting.id)))
    return MessagePart(plain, [section(join_lines([begins, *parts])), button])


# the to-do list ----------------------------------------------------------------------------------------


def todo_item(item: TodoItem, reader: TodoReader) -> list[Block]:
    """Render one of the reader's next meetings."""
    where = f" in <#{item.extra}>" if item.extra and item.extra.startswith("C") else ""
    add = block_kit.button("Add an item", "meeting.add", str(item.number))
    return [section(f"*{escape(truncate(item.title, 120))}*\n{todo.item_time(item, reader)}{where}", accessory=add)]
