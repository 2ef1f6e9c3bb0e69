"""Tasks in Block Kit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import ButtonElement

from handlers.kit import block_kit, hours, todo
from handlers.kit.block_kit import MessagePart, context, section
from handlers.kit.lists import Page
from handlers.kit.text import bold, escape, format_day, link, pluralize, truncate
from handlers.kit.todo import TodoReader
from handlers.tasks import rules
from storage.tasks import Task
from storage.todo import TodoItem
from storage.vocabulary import MemberId, TaskState

WIDTHS = (150, 60, 10)
"""Titles and names are cut until a page fits into one message. The last width always fits, without links."""


@dataclass(frozen=True)
class TaskLine:
    """A task as one reader sees it in a list, with what the reader has to do with it.

    `effect` says what taking the task would do to the reader's load; empty unless it is offered to them.
    """

    task: Task
    owner: str
    offered_to: str
    mine: bool
    asked: bool
    may_change: bool
    effect: str = ""

    @property
    def group(self) -> str:
        """The heading under which the reader finds the task."""
        if self.asked:
            return "Offered to you"
        if self.mine:
            return "Yours"
        return "No owner yet" if self.task.owner_id is None else "Others'"


def task_name(task: Task, limit: int = 300) -> str:
    """Return a task's number and title in bold."""
    return bold(f"#{task.number} {task.title}", limit)


def details(task: Task, today: date | None = None, width: int = rules.SOURCE, *, dated: bool = True) -> list[str]:
    """Return a task's due date (if `dated`), effort and source, as far as they are known."""
    parts = []
    if task.due_on is not None and dated:
        late = today is not None and task.state is TaskState.OPEN and task.due_on < today
        parts.append(f"{'was due' if late else 'due'} {format_day(task.due_on)}")
    if task.hours is not None:
        parts.append(f"about {hours.format_effort(task.hours)}")
    if task.source:
        parts.append(f"from {link(truncate(task.source, width), task.source_link if width > WIDTHS[-1] else None)}")
    return parts


def details_line(task: Task, *, dated: bool = True) -> str:
    """Return a task's details on a line of their own, after a line break; empty if there are none."""
    line = " · ".join(details(task, dated=dated))
    return f"\n{line[0].upper()}{line[1:]}" if line else ""


# buttons -----------------------------------------------------------------------------------------------


def take_button(task: Task) -> ButtonElement:
    """Return the button that takes a task."""
    return block_kit.button("I'll take it", "task.take", str(task.number))


def offer_button(task: Task) -> ButtonElement:
    """Return the button that opens the form to offer a task."""
    return block_kit.button("Offer to somebody", "task.give", str(task.number))


def new_task_button() -> ButtonElement:
    """Return the button that opens the form for a new task."""
    return block_kit.button("New task", "task.form")


def task_buttons(line: TaskLine) -> list[ButtonElement]:
    """Return the buttons for what the reader can do with a task."""
    task_number = str(line.task.number)
    if line.task.state is not TaskState.OPEN:
        return [block_kit.button("Reopen", "task.reopen", task_number)] if line.may_change else []
    done = block_kit.button("Done", "task.done", task_number)
    buttons = []
    if line.mine:
        buttons.append(done)
    if line.asked or line.task.owner_id is None:
        buttons.append(take_button(line.task))
    if line.asked:
        buttons.append(block_kit.button("Not me", "task.decline", task_number))
    if line.may_change:
        buttons.append(offer_button(line.task))
        if not line.mine:
            buttons.append(done)
    return buttons


# answers and messages ----------------------------------------------------------------------------------


def taken_answer(task: Task) -> str:
    """Return the answer to a person who took a task."""
    return f"{task_name(task)} is yours now.{details_line(task)}"


def taken_notice(task: Task, who: str) -> dict[str, Any]:
    """Return the message that somebody took a task."""
    text = f"{escape(who)} took {task_name(task)}.{details_line(task)}"
    return block_kit.message(f"{escape(who)} took #{task.number} {escape(task.title)}.", [section(text)])


def declined_notice(task: Task, who: str, owner: str) -> dict[str, Any]:
    """Return the message that somebody declined a task."""
    status = f"{escape(owner)} still has it." if owner else "It has no owner yet and stays on the `/task` list."
    text = f"{escape(who)} declined {task_name(task)}. {status}"
    buttons = [offer_button(task), *([] if owner else [take_button(task)])]
    summary = f"{escape(who)} declined #{task.number} {escape(task.title)}."
    return block_kit.message(summary, [section(text), block_kit.actions(*buttons)])


def change_notice(text: str, summary: str) -> dict[str, Any]:
    """Return the message that somebody changed a task."""
    return block_kit.message(summary, [section(text)])


MAX_OFFERS = 10


def unanswered_offers_notice(who: str, tasks: Sequence[Task], owners: Mapping[MemberId, str]) -> dict[str, Any]:
    """Return the message that somebody left Slack without answering offers, with the owner of each task."""
    head = f"{escape(who)} has left Slack without taking what you offered."
    blocks: list[Block] = [section(head)]
    for task in tasks[:MAX_OFFERS]:
        owner = f"stays with {escape(owners[task.owner_id])}." if task.owner_id is not None else "has no owner now."
        buttons = [offer_button(task), *([take_button(task)] if task.owner_id is None else [])]
        blocks += [section(f"{task_name(task, 200)} {owner}"), block_kit.actions(*buttons)]
    more = len(tasks) - MAX_OFFERS
    if more > 0:
        blocks.append(section(f"{pluralize(more, 'more is', 'more are')} in `/task all`."))
    return block_kit.message(head, blocks)


# lists -------------------------------------------------------------------------------------------------

EMPTY = {
    "mine": "You have no tasks, and none is waiting for an owner.",
    "all": "There are no open tasks.",
    "agency": "Your agency's people have no open tasks.",
}
HEADINGS = {"mine": "Your tasks, and those without an owner", "all": "All open tasks", "agency": "Your agency's tasks"}


def task_list(page: Page[TaskLine], which: str, today: date) -> list[Block]:
    """Return one page of tasks with their buttons."""
    if not page.total:
        text = f'{EMPTY[which]} To add one: `/task add "Draft the MOU" due:friday`'
        return [section(text), block_kit.actions(new_task_button())]
    blocks: list[Block] = []
    for width in WIDTHS:
        blocks = _page(page, which, today, width)
        if block_kit.json_size(blocks) < block_kit.MESSAGE_CHARACTERS - 500:
            break
    return blocks


def _page(page: Page[TaskLine], which: str, today: date, width: int) -> list[Block]:
    blocks: list[Block] = [section(f"*{HEADINGS[which]}* · {page.total} open")]
    group = ""
    for line in page.items:
        if which == "mine" and line.group != group:
            group = line.group
            blocks.append(context(f"*{group}*"))
        blocks += task_blocks(line, today, width)
    turns = [
        block_kit.button("Back", "task.page.back", f"{which}|{page.number - 1}") if page.number else None,
        block_kit.button("More", "task.page.more", f"{which}|{page.number + 1}") if page.number < page.last else None,
    ]
    if page.last:
        blocks.append(context(f"Page {page.number + 1} of {page.last + 1}"))
    return [*blocks, block_kit.actions(*turns, new_task_button())]


def task_blocks(line: TaskLine, today: date, width: int = WIDTHS[0]) -> list[Block]:
    """Return one task with its buttons and menu."""
    buttons = task_buttons(line)
    menu = None
    if line.may_change and line.task.state is TaskState.OPEN:
        number = line.task.number
        choices = [block_kit.option("Edit …", f"edit|{number}"), block_kit.option("Drop it", f"drop|{number}")]
        menu = block_kit.overflow_menu("task.more", choices)
    return [section(_text(line, today, width)), *([block_kit.actions(*buttons, menu)] if buttons else [])]


def _text(line: TaskLine, today: date, width: int) -> str:
    task = line.task
    owner = "yours" if line.mine else escape(truncate(line.owner, width)) if line.owner else "no owner yet"
    asked = "you" if line.asked else escape(truncate(line.offered_to, width))
    parts = [owner, *([f"offered to {asked}"] if line.offered_to else []), *details(task, today, width)]
    if task.state is not TaskState.OPEN:
        parts.insert(0, task.state.value)
    effect = f"\n{line.effect}" if line.effect else ""
    return f"{task_name(task, width)}\n{' · '.join(parts)}{effect}"


# notices -----------------------------------------------------------------------------------------------


def _answer_buttons(number: int) -> Block:
    return block_kit.actions(
        block_kit.button("I'll take it", "task.take", str(number), style="primary"),
        block_kit.button("Not me", "task.decline", str(number)),
    )


def offer_notice(task: Task, giver: str, agency: str, owner: str, effect: str, *, again: bool = False) -> MessagePart:
    """Return the question whether somebody takes a task, also if it is asked `again`.

    `owner` has it until then, if anybody; `effect` says what it would do to the person's load.
    """
    who = f"{giver} ({agency})" if agency else giver
    until_then = f" {escape(owner)} has it until you do." if owner else ""
    asks = "would still like to know" if again else "asks"
    text = f"{escape(who)} {asks} if you can take {task_name(task)}.{until_then}{details_line(task)}\n{effect}"
    summary = f"{escape(giver)} {asks} if you can take #{task.number} {escape(truncate(task.title, 200))}."
    return MessagePart(summary, [section(text), _answer_buttons(task.number)])


def no_answer_notice(task: Task, asked: str) -> MessagePart:
    """Tell the person who offered a task that nobody has answered."""
    text = (
        f"{escape(asked)} has not said whether they can take {task_name(task)}. You could ask them, or somebody else."
    )
    summary = f"{escape(asked)} has not answered about #{task.number} {escape(truncate(task.title, 200))}."
    take = [take_button(task)] if task.owner_id is None else []
    return MessagePart(summary, [section(text), block_kit.actions(offer_button(task), *take)])


def reminder_notice(task: Task, due_on: date, today: date, asked: str = "") -> MessagePart:
    """Return the reminder of a task that is due soon, today, or overdue; `asked` has not answered an offer of it."""
    when = _when(due_on, today)
    overdue = " Is it done, or should the date or the owner change?" if due_on < today and not asked else ""
    unanswered = f" {escape(asked)} was asked to take it and has not answered yet." if asked else ""
    buttons = block_kit.actions(
        block_kit.button("Done", "task.done", str(task.number), style="primary"),
        block_kit.button("Change date", "task.date", str(task.number)),
        offer_button(task),
    )
    summary = f"#{task.number} {escape(truncate(task.title, 200))} {when}."
    text = f"{task_name(task)} {when}.{overdue}{unanswered}{details_line(task, dated=False)}"
    return MessagePart(summary, [section(text), buttons])


def _when(due_on: date, today: date) -> str:
    left = (due_on - today).days
    if left < 0:
        return f"was due {format_day(due_on)}, {'yesterday' if left == -1 else pluralize(-left, 'day') + ' ago'}"
    words = {0: "today", 1: "tomorrow"}.get(left, f"in {left} days")
    return f"is due {words}, {format_day(due_on)}"


# the to-do list ----------------------------------------------------------------------------------------


def todo_offer(item: TodoItem, reader: TodoReader) -> list[Block]:
    """Return a task that is offered to the reader, with its effect on the reader's load."""
    effect = rules.offer_effect(reader.load, reader.hours, reader.offered, item.hours, item.on, reader.consortium_today)
    facts = " · ".join(["offered to you", *todo.due_and_effort(item, reader)])
    return [section(f"{todo.item_title(item)}\n{facts}\n{effect}"), _answer_buttons(item.number)]


def todo_own(item: TodoItem, reader: TodoReader) -> list[Block]:
    """Return one of the reader's own tasks."""
    facts = " · ".join(todo.due_and_effort(item, reader))
    done = block_kit.button("Done", "task.done", str(item.number))
    return [section(f"{todo.item_title(item)}{f' · {facts}' if facts else ''}", accessory=done)]
