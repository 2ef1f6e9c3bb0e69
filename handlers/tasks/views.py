"""Tasks as people see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import ButtonElement

from handlers.kit import block_kit, hours, todo
from handlers.kit.block_kit import Piece, context, section
from handlers.kit.hours import number
from handlers.kit.lists import Page
from handlers.kit.text import bold, counted, cut, day, escape, link
from handlers.kit.todo import TodoReader
from handlers.tasks import rules
from storage.tasks import Task
from storage.todo import TodoItem
from storage.vocabulary import MemberId, TaskState

WIDTHS = (150, 60, 10)
"""Titles and names are cut until all of a page has room in one message; the last has it always, but no links."""


@dataclass(frozen=True)
class Line:
    """A task as one reader sees it in a list. `mine`, `asked` and `may` say what the reader has to do with it.

    `effect` says to who is asked what taking it would do to their load; nobody else sees it.
    """

    task: Task
    owner: str
    offered: str
    mine: bool
    asked: bool
    may: bool
    effect: str = ""

    @property
    def group(self) -> str:
        """Name the heading under which it stands for its reader."""
        if self.asked:
            return "Offered to you"
        if self.mine:
            return "Yours"
        return "Nobody's yet" if self.task.owner_id is None else "Others'"


def named(task: Task, limit: int = 300) -> str:
    """Give a task's number and title in bold."""
    return bold(f"#{task.number} {task.title}", limit)


def facts(task: Task, today: date | None = None, width: int = rules.SOURCE, *, dated: bool = True) -> list[str]:
    """List what is known of a task: when it is due (unless not `dated`), how much work it is, where it comes from."""
    made = []
    if task.due_on is not None and dated:
        late = today is not None and task.state is TaskState.OPEN and task.due_on < today
        made.append(f"{'was due' if late else 'due'} {day(task.due_on)}")
    if task.hours is not None:
        made.append(f"about {hours.effort(task.hours)}")
    if task.source:
        made.append(f"from {link(cut(task.source, width), task.source_link if width > WIDTHS[-1] else None)}")
    return made


def told(task: Task, *, dated: bool = True) -> str:
    """Say what is known of a task, on a line of its own."""
    said = " · ".join(facts(task, dated=dated))
    return f"\n{said[0].upper()}{said[1:]}" if said else ""


# giving ------------------------------------------------------------------------------------------------


def taken(task: Task, who: str) -> dict[str, Any]:
    """Tell who gave a task that somebody takes it."""
    text = f"{escape(who)} takes {named(task)}.{told(task)}"
    return block_kit.message(f"{escape(who)} takes #{task.number} {escape(task.title)}.", [section(text)])


def declined(task: Task, who: str, owner: str) -> dict[str, Any]:
    """Tell who offered a task that it goes to somebody else."""
    stays = f"It stays with {escape(owner)}." if owner else "It is nobody's yet and stays in sight in `/task`."
    text = f"{escape(who)} leaves {named(task)} to somebody else. {stays}"
    buttons = [block_kit.button("Give to somebody", "task.give", str(task.number))]
    if not owner:
        buttons.append(block_kit.button("I take it", "task.take", str(task.number)))
    summary = f"{escape(who)} leaves #{task.number} {escape(task.title)} to somebody else."
    return block_kit.message(summary, [section(text), block_kit.row(*buttons)])


def yours(task: Task) -> str:
    """Say that a task is the reader's now."""
    return f"{named(task)} is yours now.{told(task)}"


def news(text: str, summary: str, *buttons: ButtonElement) -> dict[str, Any]:
    """Tell somebody what another did with their task."""
    blocks: list[Block] = [section(text), *([block_kit.row(*buttons)] if buttons else [])]
    return block_kit.message(summary, blocks)


# lists -------------------------------------------------------------------------------------------------

EMPTY = {
    "mine": "You have no tasks, and nothing waits for somebody to take it.",
    "all": "There are no open tasks.",
    "agency": "Your agency's people have no open tasks.",
}
HEADS = {"mine": "Your tasks, and what nobody has yet", "all": "All open tasks", "agency": "Your agency's tasks"}


def listing(page: Page[Line], which: str, today: date) -> list[Block]:
    """Draw one page of tasks, with what the reader may do with each."""
    if not page.total:
        return [section(f'{EMPTY[which]} For example: `/task add "Draft the MOU" due:friday`'), block_kit.row(new())]
    blocks: list[Block] = []
    for width in WIDTHS:
        blocks = _page(page, which, today, width)
        if block_kit.size(blocks) < block_kit.MESSAGE_CHARACTERS - 500:
            break
    return blocks


def _page(page: Page[Line], which: str, today: date, width: int) -> list[Block]:
    blocks: list[Block] = [section(f"*{HEADS[which]}* · {page.total} open")]
    group = ""
    for line in page.items:
        if which == "mine" and line.group != group:
            group = line.group
            blocks.append(context(f"*{group}*"))
        blocks += shown(line, today, width)
    turns = [
        block_kit.button("Back", "task.page.back", f"{which}|{page.number - 1}") if page.number else None,
        block_kit.button("More", "task.page.more", f"{which}|{page.number + 1}") if page.number < page.last else None,
    ]
    if page.last:
        blocks.append(context(f"Page {page.number + 1} of {page.last + 1}"))
    return [*blocks, block_kit.row(*turns, new())]


def new() -> ButtonElement:
    """Make the button with which a task is made."""
    return block_kit.button("New task", "task.form")


def shown(line: Line, today: date, width: int = WIDTHS[0]) -> list[Block]:
    """Draw one task with its buttons."""
    made = buttons(line)
    more = None
    if line.may and line.task.state is TaskState.OPEN:
        number = line.task.number
        choices = [block_kit.choice("Change …", f"edit|{number}"), block_kit.choice("Drop it", f"drop|{number}")]
        more = block_kit.overflow("task.more", choices)
    return [section(_line(line, today, width)), *([block_kit.row(*made, more)] if made else [])]


def _line(line: Line, today: date, width: int) -> str:
    task = line.task
    who = "yours" if line.mine else escape(cut(line.owner, width)) if line.owner else "nobody's yet"
    asked = "you" if line.asked else escape(cut(line.offered, width))
    told = [who, *([f"offered to {asked}"] if line.offered else []), *facts(task, today, width)]
    if task.state is not TaskState.OPEN:
        told.insert(0, task.state.value)
    effect = f"\n{line.effect}" if line.effect else ""
    return f"{named(task, width)}\n{' · '.join(told)}{effect}"


def buttons(line: Line) -> list[ButtonElement]:
    """List what the reader can do with a task."""
    number = str(line.task.number)
    if line.task.state is not TaskState.OPEN:
        return [block_kit.button("Open it again", "task.reopen", number)] if line.may else []
    made = []
    if line.mine:
        made.append(block_kit.button("Done", "task.done", number))
    if line.asked or line.task.owner_id is None:
        made.append(block_kit.button("I take it", "task.take", number))
    if line.asked:
        made.append(block_kit.button("Not me", "task.decline", number))
    if line.may:
        made.append(block_kit.button("Give to somebody", "task.give", number))
        if not line.mine:
            made.append(block_kit.button("Done", "task.done", number))
    return made


SHOWN = 10


def offered(task: Task, giver: str, agency: str, keeper: str, effect: str) -> Piece:
    """Ask somebody to take a task. `keeper` has it until then, if anybody; `effect` says what it does to their load."""
    who = f"{giver} ({agency})" if agency else giver
    kept = f" {escape(keeper)} keeps it until you do." if keeper else ""
    text = f"{escape(who)} asks whether you take {named(task)}.{kept}{told(task)}\n{effect}"
    buttons = block_kit.row(
        block_kit.button("I take it", "task.take", str(task.number), style="primary"),
        block_kit.button("Not me", "task.decline", str(task.number)),
    )
    return Piece(
        f"{escape(giver)} asks whether you take #{task.number} {escape(cut(task.title, 200))}.",
        [section(text), buttons],
    )


def reminder(task: Task, due_on: date, today: date, asked: str = "") -> Piece:
    """Remind an owner of a task that is due soon, today, or was due; `asked` was offered it and has not answered."""
    number = str(task.number)
    when = _when(due_on, today)
    late = " Is it done, or does it want another date, or other hands?" if due_on < today and not asked else ""
    waits = f" {escape(asked)} was asked to take it and has not answered yet." if asked else ""
    buttons = block_kit.row(
        block_kit.button("Done", "task.done", number, style="primary"),
        block_kit.button("Another date", "task.date", number),
        block_kit.button("Give to somebody", "task.give", number),
    )
    more = told(task, dated=False)
    plain = f"#{task.number} {escape(cut(task.title, 200))} {when}."
    return Piece(plain, [section(f"{named(task)} {when}.{late}{waits}{more}"), buttons])


def _when(due_on: date, today: date) -> str:
    left = (due_on - today).days
    if left < 0:
        return f"was due {day(due_on)}, {'yesterday' if left == -1 else counted(-left, 'day') + ' ago'}"
    words = {0: "today", 1: "tomorrow"}.get(left, f"in {left} days")
    return f"is due {words}, {day(due_on)}"


def offers_left(who: str, those: Sequence[Task], keepers: Mapping[MemberId, str]) -> dict[str, Any]:
    """Tell who offered tasks that the other has left Slack without an answer, and what becomes of each."""
    head = f"{escape(who)} has left Slack and did not take what you offered."
    blocks: list[Block] = [section(head)]
    for task in those[:SHOWN]:
        stays = f"stays with {escape(keepers[task.owner_id])}." if task.owner_id is not None else "is nobody's now."
        buttons = [block_kit.button("Give to somebody", "task.give", str(task.number))]
        if task.owner_id is None:
            buttons.append(block_kit.button("I take it", "task.take", str(task.number)))
        blocks += [section(f"{named(task, 200)} {stays}"), block_kit.row(*buttons)]
    more = len(those) - SHOWN
    if more > 0:
        blocks.append(section(f"{counted(more, 'more is', 'more are')} in `/task all`."))
    return block_kit.message(head, blocks)


def todo_offer(item: TodoItem, reader: TodoReader) -> list[Block]:
    """Show a task that is offered to the reader, with its effect on the reader's load."""
    after = number(reader.load + (item.hours or 0))
    effect = f" · with it you would hold about {after} h of your {number(reader.hours)}" if item.hours else ""
    buttons = block_kit.row(
        block_kit.button("I take it", "task.take", str(item.number), style="primary"),
        block_kit.button("Not me", "task.decline", str(item.number)),
    )
    facts = " · ".join(["offered to you", *todo.facts(item, reader)])
    return [section(f"{todo.title(item)}\n{facts}{effect}"), buttons]


def todo_own(item: TodoItem, reader: TodoReader) -> list[Block]:
    """Show one of the reader's own tasks."""
    facts = " · ".join(todo.facts(item, reader))
    done = block_kit.button("Done", "task.done", str(item.number))
    return [section(f"{todo.title(item)}{f' · {facts}' if facts else ''}", accessory=done)]
