"""What the bot tells people of tasks by itself, each with the button that makes it unnecessary."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block

from handlers.kit import blocks as kit
from handlers.kit.blocks import Piece
from handlers.kit.text import counted, cut, day, escape, section
from handlers.tasks.views import named, told
from storage.tasks import Task
from storage.vocabulary import MemberId

SHOWN = 10


def offered(task: Task, giver: str, agency: str, keeper: str, effect: str) -> Piece:
    """Ask somebody to take a task. `keeper` has it until then, if anybody; `effect` says what it does to their load."""
    who = f"{giver} ({agency})" if agency else giver
    kept = f" {escape(keeper)} keeps it until you do." if keeper else ""
    text = f"{escape(who)} asks whether you take {named(task)}.{kept}{told(task)}\n{effect}"
    buttons = kit.row(
        kit.button("I take it", "task.take", str(task.number), style="primary"),
        kit.button("Not me", "task.decline", str(task.number)),
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
    buttons = kit.row(
        kit.button("Done", "task.done", number, style="primary"),
        kit.button("Another date", "task.date", number),
        kit.button("Give to somebody", "task.give", number),
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
        buttons = [kit.button("Give to somebody", "task.give", str(task.number))]
        if task.owner_id is None:
            buttons.append(kit.button("I take it", "task.take", str(task.number)))
        blocks += [section(f"{named(task, 200)} {stays}"), kit.row(*buttons)]
    more = len(those) - SHOWN
    if more > 0:
        blocks.append(section(f"{counted(more, 'more is', 'more are')} in `/task all`."))
    return kit.message(head, blocks)
