"""Messages and notices about minutes."""

from collections.abc import Callable
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block

from handlers.kit import block_kit, todo
from handlers.kit.block_kit import MessagePart, context, section, text_sections
from handlers.kit.refusals import RefusalButton
from handlers.kit.text import escape, format_day, join_names, pluralize, quote, slack_date, truncate
from handlers.kit.todo import TodoReader
from handlers.meetings.minutes.snapshot import ActionItem, MinutesSnapshot, ProposedCorrection, RecordedDecision
from handlers.meetings.snapshot import MeetingSnapshot
from handlers.meetings.views import meeting_name, plain_meeting_name
from storage.todo import TodoItem
from storage.vocabulary import CorrectionId, CorrectionState

FIRST_PAGE, LATER_PAGE = 5000, 10_000
"""How many characters of blocks the text of minutes may take in the first message, and in each one in its thread."""

PAGE_BLOCKS = 30
"""The most blocks on a page."""

MAX_CORRECTIONS = 3
"""How many accepted corrections the first message shows."""

NAME_SOMEBODY = "You can name somebody who does: *Change*, in `/meeting`."
"""What the chair of a meeting in a private channel can do where nobody takes the minutes."""


# the message -------------------------------------------------------------------------------------------


def live(minutes: MinutesSnapshot) -> dict[str, Any]:
    """Render the message of minutes: the first page, the state of corrections, and the buttons."""
    pages = _pages(minutes)
    blocks: list[Block] = [section(_heading(minutes)), *pages[0]]
    if len(pages) > 1:
        blocks.append(context("Continued in the thread."))
    blocks += [*_correction_blocks(minutes), block_kit.actions(*_buttons(minutes))]
    return block_kit.message(f"The minutes of {plain_meeting_name(minutes.meeting)}", blocks)


def later_pages(minutes: MinutesSnapshot) -> list[dict[str, Any]]:
    """Render the pages that have no room in the first message."""
    title = f"More of the minutes of {plain_meeting_name(minutes.meeting)}"
    return [block_kit.message(title, page) for page in _pages(minutes)[1:]]


def whole(minutes: MinutesSnapshot, metadata: dict[str, Any]) -> dict[str, Any]:
    """Render everything about minutes as a window without fields."""
    blocks: list[Block] = [section(_heading(minutes, 2000)), *_text_blocks(minutes, _decision_line)[:80]]
    for title, corrections in (("Corrections", minutes.taken), ("Proposed corrections, undecided", minutes.pending)):
        if corrections:
            texts = [f"• {_corrector(correction)}: {quote(correction.text, 1000)}" for correction in corrections]
            blocks += text_sections([f"*{title}*", *texts])[:8]
    blocks += _objection_blocks(minutes)
    blocks.append(context(state_sentence(minutes)))
    return block_kit.form("Minutes", "notice", blocks, submit=None, close="Close", metadata=metadata)


def _heading(minutes: MinutesSnapshot, most: int = 400) -> str:
    present = escape(truncate(join_names(minutes.agencies), most))
    people = escape(truncate(minutes.people, most // 2))
    parts = [f"Present: {present}" if present else "", people, f"Written by {escape(minutes.author)}"]
    return f"*Minutes* · {meeting_name(minutes.meeting)}\n{' · '.join(part for part in parts if part)}"


def _pages(minutes: MinutesSnapshot) -> list[list[Block]]:
    """Divide the text into pages that each fit into a message. Corrections do not change the division."""
    pages: list[list[Block]] = [[]]
    room = FIRST_PAGE
    for block in _text_blocks(minutes, _decision_as_posted):
        size = block_kit.json_size([block])
        if pages[-1] and (size > room or len(pages[-1]) >= PAGE_BLOCKS):
            pages.append([])
            room = LATER_PAGE
        pages[-1].append(block)
        room -= size
    return pages


def _text_blocks(minutes: MinutesSnapshot, decision_line: Callable[[RecordedDecision], str]) -> list[Block]:
    """Return the whole text: decisions and action items first, then the notes."""
    blocks: list[Block] = []
    if minutes.decisions:
        blocks += text_sections(["*Decided*", *map(decision_line, minutes.decisions)])
    if minutes.actions:
        blocks += text_sections(["*To do*", *(_action_line(action) for action in minutes.actions)])
    for heading, text in minutes.parts:
        lines = [piece for line in escape(text).split("\n") for piece in _split_line(line)]
        blocks += text_sections([f"*{escape(heading)}*", *lines] if heading else lines)
    return blocks


def _decision_as_posted(decision: RecordedDecision) -> str:
    """Return a decision as it was posted: later pages of the message stay as they are."""
    return f"{decision.place}. {escape(decision.original or decision.text)}"


def _decision_line(decision: RecordedDecision) -> str:
    """Return a decision as it stands, with its wording before a correction."""
    before = f" _(before: {quote(decision.original, 300)})_" if decision.original else ""
    return f"{decision.place}. {escape(decision.text)}{before}"


def _corrector(correction: ProposedCorrection) -> str:
    """Return who proposed a correction, and of which decision."""
    subject = f", decision {correction.place}" if correction.place else ""
    return f"{escape(truncate(correction.who, 40))}{subject}"


def _action_line(action: ActionItem) -> str:
    who = escape(action.who) if action.who else "nobody yet"
    due = f", by {format_day(action.due_on)}" if action.due_on else ""
    return f"• #{action.task} {escape(action.text)} ({who}{due})"


def _split_line(line: str) -> list[str]:
    """Split a very long line into pieces that fit into a section."""
    return [line[at : at + 2500] for at in range(0, len(line), 2500)] or [""]


def _correction_blocks(minutes: MinutesSnapshot) -> list[Block]:
    """Return the accepted corrections, the objections, and the state of the minutes."""
    blocks: list[Block] = [
        context(f"Correction, {_corrector(correction)}: {quote(correction.text, 120)}")
        for correction in minutes.taken[:MAX_CORRECTIONS]
    ]
    if len(minutes.taken) > MAX_CORRECTIONS:
        more = pluralize(len(minutes.taken) - MAX_CORRECTIONS, "more correction is", "more corrections are")
        blocks.append(context(f"{more} in the thread."))
    return [*blocks, *_objection_blocks(minutes), context(state_sentence(minutes))]


def _objection_blocks(minutes: MinutesSnapshot) -> list[Block]:
    objections = [f"decision {d.place} is now proposal #{d.proposal}" for d in minutes.decisions if d.proposal]
    return [context(f"Objected to: {join_names(objections)}.")] if objections else []


def state_sentence(minutes: MinutesSnapshot) -> str:
    """Return whether the minutes are accepted, as a sentence or two."""
    if minutes.accepted_at is None and minutes.accepts_at is not None:
        until = slack_date(minutes.accepts_at, minutes.meeting.zone)
        return f"Open for corrections until {until}. After that, the minutes count as accepted."
    if minutes.accepts_at is None:
        return "The minutes stand as posted."
    proposals = [f"#{decision.proposal}" for decision in minutes.decisions if decision.proposal]
    state = "Accepted without objection."
    if proposals:
        state = f"Accepted, except for decisions that are now proposals: {join_names(proposals)}."
    elif minutes.taken:
        state = f"Accepted with {pluralize(len(minutes.taken), 'correction')}."
    if minutes.pending:
        undecided = pluralize(len(minutes.pending), "proposed correction was", "proposed corrections were")
        state += f" {undecided} left undecided."
    return state


def _buttons(minutes: MinutesSnapshot) -> list[Any]:
    value = str(minutes.id)
    buttons = []
    if minutes.accepted_at is None:
        buttons.append(block_kit.button("Propose a correction", "minutes.correct", value))
        if any(decision.proposal is None for decision in minutes.decisions):
            buttons.append(block_kit.button("I object to a decision", "minutes.object", value))
    return [*buttons, block_kit.button("Read all", "minutes.read", value)]


# the thread, and corrections ---------------------------------------------------------------------------


def thread_note(text: str) -> dict[str, Any]:
    """Render a short message for the thread of minutes."""
    return block_kit.message(text, [section(text)])


def correction_request(
    meeting: MeetingSnapshot, correction_id: CorrectionId, text: str, who: str, decision: RecordedDecision | None
) -> MessagePart:
    """Ask the person who decides on corrections about one. `decision` is the one whose new wording `text` is."""
    subject = f"decision {decision.place} in the minutes" if decision else "the minutes"
    asked = (
        f"{escape(who)} proposes a correction to {subject} of {meeting_name(meeting)}:\n{quote(text, 1200)}"
        f"{_present_wording(decision)}"
    )
    blocks = [section(asked), _correction_buttons(correction_id, decision)]
    return MessagePart(f"{escape(who)} proposes a correction to the minutes.", blocks)


def correction_in_thread(
    correction_id: CorrectionId, text: str, who: str, decision: RecordedDecision | None
) -> dict[str, Any]:
    """Show a correction in the thread of minutes, for a facilitator to decide on. `decision` is as above."""
    subject = f" of decision {decision.place}" if decision else ""
    asked = (
        f"{escape(who)} proposes a correction{subject}: {quote(text, 1200)}{_present_wording(decision)}\n"
        "The author of these minutes and the people who run this meeting have left. A facilitator who reads this can "
        "accept it."
    )
    blocks = [section(asked), _correction_buttons(correction_id, decision)]
    return block_kit.message(f"{escape(who)} proposes a correction.", blocks)


def _present_wording(decision: RecordedDecision | None) -> str:
    return f"\nIt says now: {quote(decision.text, 600)}" if decision else ""


def correction_choices(correction_id: CorrectionId, version: int) -> list[RefusalButton]:
    """Return the buttons that decide on a correction. They carry the version of the wording that is shown with them."""
    value = f"{correction_id}:{version}"
    return [RefusalButton("Accept", "minutes.take", value), RefusalButton("Decline", "minutes.decline", value)]


def _correction_buttons(correction_id: CorrectionId, decision: RecordedDecision | None) -> ActionsBlock:
    accept, decline = correction_choices(correction_id, decision.version if decision else 0)
    return block_kit.actions(
        block_kit.button(accept.label, accept.action_id, accept.value, style="primary"),
        block_kit.button(decline.label, decline.action_id, decline.value),
    )


def correction_news(minutes: MinutesSnapshot, text: str, outcome: str) -> MessagePart:
    """Tell a person what became of their correction; `outcome` is a sentence or two."""
    news = f"Your correction to the minutes of {meeting_name(minutes.meeting)}: {quote(text, 600)}\n{outcome}"
    button = block_kit.button("Read all", "minutes.read", str(minutes.id))
    plain = f"About your correction to the minutes of {plain_meeting_name(minutes.meeting)}: {outcome}"
    return MessagePart(plain, [section(news), block_kit.actions(button)])


def correction_outcome(state: CorrectionState, who: str, place: int | None, proposal: int | None) -> str:
    """Return what became of a correction. `who` decided it; `proposal` is what an objection made of its decision."""
    if state is CorrectionState.TAKEN:
        return f"{escape(who)} accepted it, and the minutes show it."
    if state is CorrectionState.DECLINED:
        return f"{escape(who)} declined it. You can discuss it in the thread of the minutes."
    if proposal is not None:
        return (
            f"An agency has objected to decision {place}, which is now proposal #{proposal}, so the correction is no "
            f"longer decided. You can say it there: `/propose show {proposal}`"
        )
    return (
        "Nobody decided on it in time, and the minutes were accepted without it. You can put it on the next agenda "
        "with `/meeting add`, or propose a change with `/propose`."
    )


def decision_objected_to(meeting: MeetingSnapshot, text: str, agency: str, why: str, proposal: int) -> dict[str, Any]:
    """Tell a person that a decision was objected to, and is now a proposal of that number in their name."""
    news = f"{escape(agency)} objects to a decision in the minutes of"
    details = (
        f"{news} {meeting_name(meeting)}: {quote(text, 600)}\nWhy: {quote(why, 1200)}\nIt is now proposal #{proposal}, "
        "in your name. You can amend it. It stays until it is decided."
    )
    button = block_kit.button("Read or change", "proposal.details", str(proposal))
    plain = f"{news} {plain_meeting_name(meeting)}."
    return block_kit.message(plain, [section(details), block_kit.actions(button)])


# notices -----------------------------------------------------------------------------------------------


def note_taker_notice(meeting: MeetingSnapshot) -> MessagePart:
    """Tell a person that they take the minutes this time."""
    text = (
        f"*You will take the minutes of {escape(meeting.title)}*, {slack_date(meeting.starts_at, meeting.zone)}. "
        "The form will already contain the agenda."
    )
    button = block_kit.actions(block_kit.button("I can't", "meeting.cannot", str(meeting.id)))
    return MessagePart(f"You will take the minutes of {plain_meeting_name(meeting)}.", [section(text), button])


def note_taker_left(meeting: MeetingSnapshot, *, can_name: bool) -> MessagePart:
    """Tell an organizer that a note-taker has left, and who takes over; with `can_name`, how to name somebody."""
    now = f"{escape(meeting.notes)} takes the minutes now." if meeting.notes else "Nobody takes the minutes yet."
    text = f"The note-taker of {meeting_name(meeting)}, has left the consortium. {now}"
    plain = f"The note-taker of {plain_meeting_name(meeting)}, has left."
    return MessagePart(
        plain, [section(f"{text} {NAME_SOMEBODY}"), _change_row(meeting)] if can_name else [section(text)]
    )


def note_taker_left_in_private() -> MessagePart:
    """Tell a facilitator that a note-taker has left, without naming a meeting that they may not know of."""
    text = (
        "The note-taker of a meeting in a private channel has left the consortium. People in that channel can see what "
        "is planned there: `/meeting`"
    )
    return MessagePart("A note-taker has left.", [section(text)])


def no_note_taker(meeting: MeetingSnapshot) -> MessagePart:
    """Tell the chair of a meeting in a private channel that nobody takes its minutes."""
    text = f"Nobody takes the minutes of {meeting_name(meeting)} yet. {NAME_SOMEBODY}"
    return MessagePart(
        f"Nobody takes the minutes of {plain_meeting_name(meeting)}.", [section(text), _change_row(meeting)]
    )


def no_note_taker_in_private() -> MessagePart:
    """Tell a facilitator that nobody takes the minutes of a meeting that they may not know of."""
    text = (
        "Nobody takes the minutes of a meeting in a private channel, because its chair has left the consortium. People "
        "in that channel can see what is planned there: `/meeting`"
    )
    return MessagePart("Nobody takes the minutes of a meeting.", [section(text)])


def _change_row(meeting: MeetingSnapshot) -> ActionsBlock:
    return block_kit.actions(block_kit.button("Change", "meeting.edit", str(meeting.id)))


def minutes_request(meeting: MeetingSnapshot, number: int) -> MessagePart:
    """Ask the note-taker for the minutes; `number` counts the requests before this one."""
    title, met = escape(meeting.title), slack_date(meeting.starts_at, meeting.zone)
    first = f"*You take the minutes of {title}*, which met {met}."
    again = f"*The minutes of {title} are still missing.* It met {met}, and you take the minutes."
    chair_is_next = " If they are not posted, the chair will be asked next." if number == 2 else ""
    text = f"{again if number else first} The agenda is already filled in.{chair_is_next}"
    return MessagePart(
        f"You take the minutes of {plain_meeting_name(meeting)}.", [section(text), _write_row(str(meeting.id))]
    )


def missing_minutes(meeting: MeetingSnapshot) -> MessagePart:
    """Tell the chair that there are no minutes yet."""
    asked = f"{escape(meeting.notes)} was asked." if meeting.notes else "Nobody was available to write them."
    text = (
        f"There are no minutes yet for {meeting_name(meeting)}. {asked} Perhaps you have notes, or know somebody who "
        "does."
    )
    button = block_kit.button("Write the minutes", "minutes.write", str(meeting.id), style="primary")
    plain = f"There are no minutes yet for {plain_meeting_name(meeting)}."
    return MessagePart(plain, [section(text), block_kit.actions(button)])


def late_minutes(meeting: MeetingSnapshot) -> MessagePart:
    """Tell somebody who keeps a series going that there are still no minutes after a week."""
    taker = f"{escape(meeting.notes)} takes them." if meeting.notes else "Nobody takes them."
    text = (
        f"There are still no minutes of {meeting_name(meeting)}. {taker} Perhaps you can help, or somebody else has "
        "notes. What was left open there moves to the next agenda."
    )
    button = block_kit.button("Write the minutes", "minutes.write", str(meeting.id))
    plain = f"There are still no minutes of {plain_meeting_name(meeting)}."
    return MessagePart(plain, [section(text), block_kit.actions(button)])


def todo_item(item: TodoItem, reader: TodoReader) -> list[Block]:
    """Render minutes that the reader still has to write, or that are missing at a meeting that the reader chairs."""
    title, at = f"*Minutes of {escape(truncate(item.title, 120))}*", todo.item_time(item, reader)
    if item.extra is not None:
        taker = f"{escape(item.extra)} takes them" if item.extra else "nobody takes them"
        button = block_kit.button("Write the minutes", "minutes.write", str(item.number))
        return [section(f"{title}\n{at} · still missing, {taker}"), block_kit.actions(button)]
    return [section(f"{title}\n{at} · the agenda is already filled in"), _write_row(str(item.number))]


def _write_row(meeting_id: str) -> ActionsBlock:
    return block_kit.actions(
        block_kit.button("Write the minutes", "minutes.write", meeting_id, style="primary"),
        block_kit.button("I wasn't there", "meeting.absent", meeting_id),
    )
