"""Forms for tasks."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block, DatePickerElement, NumberInputElement, UserSelectElement

from handlers.kit import block_kit
from handlers.kit.block_kit import plain_text, section, text_sections
from handlers.kit.edits import WAS
from handlers.kit.lists import Page
from handlers.kit.text import escape, quote, truncate
from handlers.tasks import rules, views
from storage.members import Member
from storage.tasks import Task

OFFER_HINT = "This person is asked and can say no. You will not learn how much other work they have."

LEFT_HINT = "This person is asked for each task and can say no. You will not learn how much other work they have."
ALL_PASSED_ON = "All of them have a new owner, or are done or dropped."

MAX_RESERVATIONS = 50
"""How many reservations are quoted and can be chosen."""

PRIVATE_HINT = (
    "Everybody in the consortium can read this title. The task does not name or link to the proposal, which is in a "
    "private channel."
)
MESSAGE_HINT = (
    "Everybody in the consortium can read this title, so edit it as you like. The task links to the message, which "
    "opens only for people who can already read it."
)


def new_task(
    metadata: dict[str, Any],
    title: str,
    hint: str | None = None,
    *,
    person: str = "",
    due_on: date | None = None,
    hours: float | None = None,
) -> dict[str, Any]:
    """Return the form for a new task. The `hint` says who will read what, if the task comes from something private.

    `person` is a user id.
    """
    fields: list[Block] = [
        _title(title, hint),
        block_kit.input_block(
            "person",
            "Who could do it",
            UserSelectElement(action_id="value", placeholder=plain_text("Choose"), initial_user=person or None),
            optional=True,
            hint="If you leave this empty, the task stays on everybody's list until somebody takes it.",
        ),
        _due(due_on),
        _hours(hours),
    ]
    return block_kit.form("New task", "task.new", fields, submit="Add", metadata=metadata)


def new_task_from_reservation(
    metadata: dict[str, Any], number: int, reservations: Sequence[tuple[str, str]], *, private: bool
) -> dict[str, Any]:
    """Return the form that turns a reservation into a task; `reservations` are (who, why).

    In a `private` channel, the reason does not become the title: every member can read the titles of tasks.
    """
    title = reservations[0][1] if len(reservations) == 1 and not private else ""
    view = new_task(metadata, title, PRIVATE_HINT if private else None)
    listed = reservations[:MAX_RESERVATIONS]
    blocks: list[Block] = [*text_sections([f"{escape(truncate(who, 75))}: {quote(why, 600)}" for who, why in listed])]
    if len(reservations) > 1:
        options = [
            block_kit.option(truncate(who, 75), truncate(who, 75)) for who in dict.fromkeys(who for who, _ in listed)
        ]
        blocks.append(
            block_kit.input_block("reservation", "Whose reservation", block_kit.static_select("value", options))
        )
    head = [block.to_dict() for block in blocks]
    return {**view, "title": plain_text(f"Task from #{number}", 24).to_dict(), "blocks": [*head, *view["blocks"]]}


def offer_task(metadata: dict[str, Any], task: Task) -> dict[str, Any]:
    """Return the form that offers a task to somebody."""
    chosen = UserSelectElement(action_id="value", placeholder=plain_text("Choose"))
    fields: list[Block] = [
        section(views.task_name(task)),
        block_kit.input_block("person", "Who could do it", chosen, hint=OFFER_HINT),
    ]
    metadata = {**metadata, "number": task.number}
    return block_kit.form(f"Task {task.number}", "task.give", fields, submit="Ask", metadata=metadata)


def offer_left_tasks(metadata: dict[str, Any], former: Member, count: int) -> dict[str, Any]:
    """Return the form that offers everything that somebody left behind to one person."""
    chosen = UserSelectElement(action_id="value", placeholder=plain_text("Choose"))
    fields: list[Block] = [
        section(views.left_tasks_text(former.name, count)),
        block_kit.input_block("person", "Who could take them", chosen, hint=LEFT_HINT),
    ]
    metadata = {**metadata, "former": former.id}
    return block_kit.form("Pass them on", "task.left.give", fields, submit="Ask", metadata=metadata)


def left_tasks(metadata: dict[str, Any], former: Member, lines: Page[views.TaskLine], today: date) -> dict[str, Any]:
    """Return the window that lists what somebody left behind, to be passed on one by one."""
    blocks: list[Block] = [section(views.left_tasks_text(former.name, lines.total) if lines.total else ALL_PASSED_ON)]
    for line in lines.items:
        number = line.task.number
        ask = UserSelectElement(action_id=f"task.left.ask.{number}", placeholder=plain_text("Ask somebody"))
        drop = block_kit.button("Drop it", f"task.left.unneeded.{number}", str(number))
        blocks += [section(views.line_text(line, today)), block_kit.actions(ask, drop)]
    if lines.last:
        blocks.append(views.left_pages(former, lines))
    metadata = {**metadata, "former": former.id, "page": lines.number}
    return block_kit.form("What was left", "notice", blocks, submit=None, close="Close", metadata=metadata)


def edit_task(metadata: dict[str, Any], task: Task) -> dict[str, Any]:
    """Return the form that changes a task."""
    fields: list[Block] = [_title(task.title), _due(task.due_on), _hours(task.hours)]
    metadata = {**metadata, "number": task.number, WAS: form_values(task.title, task.due_on, task.hours)}
    return block_kit.form(f"Task {task.number}", "task.edit", fields, metadata=metadata)


def form_values(title: str, due_on: date | None, hours: float | None) -> dict[str, Any]:
    """Return the values of the form that changes a task, as JSON."""
    return {"title": title, "due": due_on.isoformat() if due_on else None, "hours": hours}


def change_due(metadata: dict[str, Any], task: Task) -> dict[str, Any]:
    """Return the form that changes the due date of a task."""
    fields: list[Block] = [section(views.task_name(task)), _due(task.due_on)]
    metadata = {**metadata, "number": task.number}
    return block_kit.form(f"Task {task.number}", "task.date", fields, metadata=metadata)


def _title(title: str, hint: str | None = None) -> Block:
    words = block_kit.text_input(initial=truncate(title, rules.TITLE), most=rules.TITLE, placeholder="Draft the MOU")
    return block_kit.input_block("title", "What needs to be done", words, hint=hint)


def _due(due_on: date | None) -> Block:
    initial = due_on.isoformat() if due_on else None
    return block_kit.input_block(
        "due", "Due date", DatePickerElement(action_id="value", initial_date=initial), optional=True
    )


def _hours(hours: float | None) -> Block:
    number = NumberInputElement(
        action_id="value",
        is_decimal_allowed=True,
        min_value="0.25",
        max_value=str(rules.MAX_HOURS),
        initial_value=f"{hours:g}" if hours is not None else None,
    )
    return block_kit.input_block(
        "hours", "About how many hours", number, optional=True, hint="In quarters: 0.25, 1.5, 6."
    )
