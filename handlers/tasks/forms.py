"""The forms of tasks."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block, DatePickerElement, NumberInputElement, UserSelectElement

from handlers.kit import block_kit
from handlers.kit.block_kit import chunks, plain, section
from handlers.kit.text import cut, escape, quote
from handlers.tasks import rules, views
from storage.tasks import Task

PRIVATE = "This person is asked and may say no. Nobody learns from it how much the other has to do."

MOST = 50
"""So many reservations are quoted and can be chosen from."""

READ = (
    "Everybody in the consortium can read these words, so change them as you like. The task leads to the message, "
    "which only those can open who can read it now."
)


def new(carry: dict[str, Any], title: str, *, of_message: bool = False) -> dict[str, Any]:
    """Draw the form for a new task; that of a message says who will read what."""
    fields: list[Block] = [
        _title(title, READ if of_message else None),
        block_kit.field(
            "person",
            "Who could do it",
            UserSelectElement(action_id="value", placeholder=plain("Choose")),
            optional=True,
            hint="Leave it empty, and it stays in sight until somebody takes it.",
        ),
        _due(None),
        _hours(None),
    ]
    return block_kit.form("New task", "task.new", fields, submit="Add", carry=carry)


def of_reservation(carry: dict[str, Any], number: int, said: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Draw the form with which a reservation becomes a task; `said` has who has one, and why."""
    view = new(carry, said[0][1] if len(said) == 1 else "")
    quoted = chunks([f"{escape(cut(who, 75))}: {quote(why, 600)}" for who, why in said[:MOST]])
    blocks: list[Block] = [*quoted]
    if len(said) > 1:
        options = [block_kit.choice(cut(who, 75), cut(who, 75)) for who in dict.fromkeys(who for who, _ in said[:MOST])]
        blocks.append(block_kit.field("reservation", "Whose reservation", block_kit.menu("value", options)))
    drawn = [block.to_dict() for block in blocks]
    return {**view, "title": plain(f"Task of #{number}", 24).to_dict(), "blocks": [*drawn, *view["blocks"]]}


def give(carry: dict[str, Any], task: Task) -> dict[str, Any]:
    """Draw the form with which a task is given to somebody."""
    fields: list[Block] = [
        section(views.named(task)),
        block_kit.field(
            "person", "Who could do it", UserSelectElement(action_id="value", placeholder=plain("Choose")), hint=PRIVATE
        ),
    ]
    carry = {**carry, "number": task.number}
    return block_kit.form(f"Task {task.number}", "task.give", fields, submit="Ask", carry=carry)


def edit(carry: dict[str, Any], task: Task) -> dict[str, Any]:
    """Draw the form with which a task is changed."""
    fields: list[Block] = [_title(task.title), _due(task.due_on), _hours(task.hours)]
    carry = {**carry, "number": task.number}
    return block_kit.form(f"Task {task.number}", "task.edit", fields, carry=carry)


def another_date(carry: dict[str, Any], task: Task) -> dict[str, Any]:
    """Draw the form with which a task gets another date."""
    fields: list[Block] = [section(views.named(task)), _due(task.due_on)]
    carry = {**carry, "number": task.number}
    return block_kit.form(f"Task {task.number}", "task.date", fields, carry=carry)


def _title(title: str, hint: str | None = None) -> Block:
    words = block_kit.words(initial=cut(title, rules.TITLE), most=rules.TITLE, placeholder="Draft the MOU")
    return block_kit.field("title", "What is to be done", words, hint=hint)


def _due(due_on: date | None) -> Block:
    initial = due_on.isoformat() if due_on else None
    return block_kit.field(
        "due", "Until when", DatePickerElement(action_id="value", initial_date=initial), optional=True
    )


def _hours(hours: float | None) -> Block:
    number = NumberInputElement(
        action_id="value",
        is_decimal_allowed=True,
        min_value="0.25",
        max_value=str(rules.MOST_HOURS),
        initial_value=f"{hours:g}" if hours is not None else None,
    )
    return block_kit.field("hours", "About how many hours", number, optional=True, hint="Quarters count: 0.25, 1.5, 6.")
