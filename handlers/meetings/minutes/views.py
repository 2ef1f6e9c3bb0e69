"""What people see of minutes: the message, its pages, corrections and objections."""

from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block

from handlers.kit import block_kit, todo
from handlers.kit.block_kit import Piece, chunks, context, section
from handlers.kit.text import bold, counted, cut, day, escape, listed, moment, quote
from handlers.kit.todo import TodoReader
from handlers.meetings.minutes.snapshot import Decision, MinutesSnapshot, Todo
from handlers.meetings.snapshot import MeetingSnapshot as Meeting
from handlers.meetings.views import name, plain_name
from storage.todo import TodoItem
from storage.vocabulary import CorrectionId

FIRST, LATER = 5000, 10_000
"""How many characters of blocks the first message takes of the text, and those in its thread."""

PAGE_BLOCKS = 30
SHOWN = 3


def live(picture: MinutesSnapshot) -> dict[str, Any]:
    """Draw the message of minutes: the first page, how it stands with corrections, and the buttons."""
    shown: list[Block] = [section(_head(picture)), *_pages(picture)[0]]
    if len(_pages(picture)) > 1:
        shown.append(context("It goes on in the thread."))
    shown += [*_standing(picture), block_kit.row(*_buttons(picture))]
    return block_kit.message(f"The minutes of {plain_name(picture.meeting)}", shown)


def later_pages(picture: MinutesSnapshot) -> list[dict[str, Any]]:
    """Draw what has no room in the first message."""
    return [block_kit.message(f"More of the minutes of {plain_name(picture.meeting)}", p) for p in _pages(picture)[1:]]


def _head(picture: MinutesSnapshot, most: int = 400) -> str:
    present = escape(cut(listed(picture.agencies), most))
    people = escape(cut(picture.people, most // 2))
    who = [f"Present: {present}" if present else "", people, f"Written by {escape(picture.author)}"]
    return f"*Minutes* · {name(picture.meeting)}\n{' · '.join(part for part in who if part)}"


def text_blocks(picture: MinutesSnapshot) -> list[Block]:
    """Draw the whole text: what was decided and what is to be done first, then what was said."""
    made: list[Block] = []
    if picture.decisions:
        made += chunks(["*Decided*", *(_decision(one) for one in picture.decisions)])
    if picture.actions:
        made += chunks(["*To do*", *(_todo(one) for one in picture.actions)])
    for heading, text in picture.parts:
        lines = [line for whole in escape(text).split("\n") for line in _short(whole)]
        made += chunks([f"*{escape(heading)}*", *lines] if heading else lines)
    return made


def _short(line: str) -> list[str]:
    """Cut a very long line into pieces that fit into a section."""
    return [line[at : at + 2500] for at in range(0, len(line), 2500)] or [""]


def _decision(one: Decision) -> str:
    return f"{one.place}. {escape(one.text)}"


def _todo(one: Todo) -> str:
    who = escape(one.who) if one.who else "nobody yet"
    due = f", by {day(one.due_on)}" if one.due_on else ""
    return f"• #{one.task} {escape(one.text)} ({who}{due})"


def _pages(picture: MinutesSnapshot) -> list[list[Block]]:
    """Divide the text so that each page fits into a message, always alike: what came later stands beneath it."""
    pages: list[list[Block]] = [[]]
    room = FIRST
    for block in text_blocks(picture):
        size = block_kit.size([block])
        if pages[-1] and (size > room or len(pages[-1]) >= PAGE_BLOCKS):
            pages.append([])
            room = LATER
        pages[-1].append(block)
        room -= size
    return pages


def _standing(picture: MinutesSnapshot) -> list[Block]:
    """Say how it stands with corrections."""
    made: list[Block] = [
        context(f"Correction, {escape(cut(one.who, 40))}: {quote(one.text, 120)}") for one in picture.taken[:SHOWN]
    ]
    if len(picture.taken) > SHOWN:
        made.append(context(f"{len(picture.taken) - SHOWN} more corrections are in the thread."))
    return [*made, *_objected(picture), context(standing(picture))]


def _objected(picture: MinutesSnapshot) -> list[Block]:
    """Say which decisions were objected to and are proposals now."""
    those = [f"decision {one.place} is proposal #{one.proposal} now" for one in picture.decisions if one.proposal]
    return [context(f"Objected to: {listed(those)}.")] if those else []


def standing(picture: MinutesSnapshot) -> str:
    """Say in a sentence whether the minutes are accepted."""
    zone = picture.meeting.zone
    if picture.accepted_at is None and picture.accepts_at is not None:
        return f"Open for corrections until {moment(picture.accepts_at, zone)}; after that accepted by silence."
    if picture.accepts_at is None:
        return "They stand as they were posted."
    objected = [one for one in picture.decisions if one.proposal]
    said = "Accepted without objection."
    if objected:
        numbers = listed([f"#{one.proposal}" for one in objected])
        said = f"Accepted, except for what was objected to: {numbers}."
    elif picture.taken:
        said = f"Accepted with {counted(len(picture.taken), 'correction')}."
    if picture.pending:
        count = counted(len(picture.pending), "proposed correction was", "proposed corrections were")
        said += f" {count} not taken in."
    return said


def _buttons(picture: MinutesSnapshot) -> list[Any]:
    number = str(picture.id)
    made = []
    if picture.accepted_at is None:
        made.append(block_kit.button("Propose a correction", "minutes.correct", number))
        if any(one.proposal is None for one in picture.decisions):
            made.append(block_kit.button("I object to a decision", "minutes.object", number))
    return [*made, block_kit.button("Read all", "minutes.read", number)]


def whole(picture: MinutesSnapshot, carry: dict[str, Any]) -> dict[str, Any]:
    """Draw everything about minutes as a form that only shows."""
    blocks: list[Block] = [section(_head(picture, 2000)), *text_blocks(picture)[:80]]
    for title, those in (("Corrections", picture.taken), ("Proposed corrections, not taken in", picture.pending)):
        if those:
            lines = [f"• {escape(one.who)}: {quote(one.text, 1000)}" for one in those]
            blocks += chunks([f"*{title}*", *lines])[:8]
    blocks += _objected(picture)
    blocks.append(context(standing(picture)))
    return block_kit.form("Minutes", "notice", blocks, submit=None, close="Close", carry=carry)


def thread_note(text: str) -> dict[str, Any]:
    """Say something in the thread of minutes."""
    return block_kit.message(text, [section(text)])


def correction(meeting: Meeting, correction_id: CorrectionId, text: str, who: str) -> Piece:
    """Show the note-taker what somebody wants corrected."""
    said = f"{escape(who)} proposes a correction to the minutes of {name(meeting)}:\n{quote(text, 1200)}"
    return Piece(f"{escape(who)} proposes a correction to the minutes.", [section(said), _decision_row(correction_id)])


def _decision_row(correction_id: CorrectionId) -> ActionsBlock:
    return block_kit.row(
        block_kit.button("Take it in", "minutes.take", str(correction_id), style="primary"),
        block_kit.button("Decline", "minutes.decline", str(correction_id)),
    )


def correction_for_all(correction_id: CorrectionId, text: str, who: str) -> dict[str, Any]:
    """Show a correction beneath the minutes, where nobody is left who could be asked."""
    said = (
        f"{escape(who)} proposes a correction: {quote(text, 1200)}\n"
        "Nobody is left who wrote these minutes or runs this meeting, so a facilitator who reads this can take it in."
    )
    return block_kit.message(f"{escape(who)} proposes a correction.", [section(said), _decision_row(correction_id)])


def declined(picture: MinutesSnapshot, text: str, who: str) -> dict[str, Any]:
    """Tell somebody that their correction was not taken in."""
    said = (
        f"{escape(who)} did not take in your correction to the minutes of {bold(picture.meeting.title)}: "
        f"{quote(text, 300)}. You can talk about it in the thread of the minutes."
    )
    return block_kit.message(said, [section(said)])


def todo_item(item: TodoItem, reader: TodoReader) -> list[Block]:
    """Show minutes that the reader still has to write."""
    text = f"*Minutes of {escape(cut(item.title, 120))}*\n{todo.at(item, reader)} · the agenda is filled in already"
    buttons = block_kit.row(
        block_kit.button("Write the minutes", "minutes.write", str(item.number), style="primary"),
        block_kit.button("I wasn't there", "meeting.absent", str(item.number)),
    )
    return [section(text), buttons]
