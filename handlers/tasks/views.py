"""Tasks as people see them."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import ButtonElement

from handlers.kit import blocks as kit
from handlers.kit.lists import Page
from handlers.kit.text import bold, context, cut, day, escape, link, section
from handlers.tasks import rules
from storage.tasks import Task
from storage.vocabulary import TaskState

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
        made.append(f"about {rules.effort(task.hours)}")
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
    return kit.message(f"{escape(who)} takes #{task.number} {escape(task.title)}.", [section(text)])


def declined(task: Task, who: str, owner: str) -> dict[str, Any]:
    """Tell who offered a task that it goes to somebody else."""
    stays = f"It stays with {escape(owner)}." if owner else "It is nobody's yet and stays in sight in `/task`."
    text = f"{escape(who)} leaves {named(task)} to somebody else. {stays}"
    buttons = [kit.button("Give to somebody", "task.give", str(task.number))]
    if not owner:
        buttons.append(kit.button("I take it", "task.take", str(task.number)))
    summary = f"{escape(who)} leaves #{task.number} {escape(task.title)} to somebody else."
    return kit.message(summary, [section(text), kit.row(*buttons)])


def yours(task: Task) -> str:
    """Say that a task is the reader's now."""
    return f"{named(task)} is yours now.{told(task)}"


def news(text: str, summary: str, *buttons: ButtonElement) -> dict[str, Any]:
    """Tell somebody what another did with their task."""
    blocks: list[Block] = [section(text), *([kit.row(*buttons)] if buttons else [])]
    return kit.message(summary, blocks)


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
        return [section(f'{EMPTY[which]} For example: `/task add "Draft the MOU" due:friday`'), kit.row(new())]
    blocks: list[Block] = []
    for width in WIDTHS:
        blocks = _page(page, which, today, width)
        if sum(len(json.dumps(block.to_dict(), ensure_ascii=False)) for block in blocks) < kit.MESSAGE_CHARACTERS - 500:
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
        kit.button("Back", "task.page.back", f"{which}|{page.number - 1}") if page.number else None,
        kit.button("More", "task.page.more", f"{which}|{page.number + 1}") if page.number < page.last else None,
    ]
    if page.last:
        blocks.append(context(f"Page {page.number + 1} of {page.last + 1}"))
    return [*blocks, kit.row(*turns, new())]


def new() -> ButtonElement:
    """Make the button with which a task is made."""
    return kit.button("New task", "task.form")


def shown(line: Line, today: date, width: int = WIDTHS[0]) -> list[Block]:
    """Draw one task with its buttons."""
    made = buttons(line)
    more = None
    if line.may and line.task.state is TaskState.OPEN:
        number = line.task.number
        choices = [kit.choice("Change …", f"edit|{number}"), kit.choice("Drop it", f"drop|{number}")]
        more = kit.overflow("task.more", choices)
    return [section(_line(line, today, width)), *([kit.row(*made, more)] if made else [])]


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
        return [kit.button("Open it again", "task.reopen", number)] if line.may else []
    made = []
    if line.mine:
        made.append(kit.button("Done", "task.done", number))
    if line.asked or line.task.owner_id is None:
        made.append(kit.button("I take it", "task.take", number))
    if line.asked:
        made.append(kit.button("Not me", "task.decline", number))
    if line.may:
        made.append(kit.button("Give to somebody", "task.give", number))
        if not line.mine:
            made.append(kit.button("Done", "task.done", number))
    return made
