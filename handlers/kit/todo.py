"""Items of the to-do list on the home tab: code that the renderers of all features share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block

from handlers.kit.hours import format_effort
from handlers.kit.text import bold, format_day, slack_date
from storage.todo import TodoItem
from storage.vocabulary import Language


@dataclass(frozen=True)
class TodoReader:
    """The person who reads the list.

    `load`, `hours`, and `offered`, the open offers to them, are in hours for the next 30 days, which are counted from
    `consortium_today`. `language` is that of the pulse.
    """

    agency: str
    zone: str
    today: date
    load: float
    hours: float
    offered: float
    consortium_today: date
    language: Language


def item_title(item: TodoItem) -> str:
    """Return the number and title of an item."""
    return bold(f"#{item.number} {item.title}", 150)


def item_time(item: TodoItem, reader: TodoReader) -> str:
    """Return the time at which an item closes, begins or ended, in the reader's zone."""
    return slack_date(item.at, reader.zone) if item.at else ""


def closing_time(item: TodoItem, reader: TodoReader) -> str:
    """Return "closes" with the time."""
    return f"closes {item_time(item, reader)}"


def due_and_effort(item: TodoItem, reader: TodoReader) -> list[str]:
    """Return an item's due date and effort, if it has them."""
    late = item.on is not None and item.on < reader.today
    due = [f"{'was due' if late else 'due'} {format_day(item.on)}"] if item.on else []
    return [*due, *([f"about {format_effort(item.hours)}"] if item.hours else [])]


RenderTodo = Callable[[TodoItem, TodoReader], list[Block]]
"""Render one item of a person's to-do list, with the button that settles it."""
