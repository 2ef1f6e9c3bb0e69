"""Items of a person's to-do list on the home tab: what the features' renderers share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block

from handlers.kit.hours import effort
from handlers.kit.text import bold, day, moment
from storage.todo import TodoItem


@dataclass(frozen=True)
class TodoReader:
    """The person who reads the list. `load` and `hours` are hours for the next 30 days."""

    agency: str
    zone: str
    today: date
    load: float
    hours: float


def title(item: TodoItem) -> str:
    """Name an item by number and title."""
    return bold(f"#{item.number} {item.title}", 150)


def at(item: TodoItem, reader: TodoReader) -> str:
    """Write when an item closes, begins or has ended, in the reader's zone."""
    return moment(item.at, reader.zone) if item.at else ""


def closes(item: TodoItem, reader: TodoReader) -> str:
    """Write when an item closes."""
    return f"closes {at(item, reader)}"


def facts(item: TodoItem, reader: TodoReader) -> list[str]:
    """List an item's due date and effort, where it has them."""
    late = item.on is not None and item.on < reader.today
    due = [f"{'was due' if late else 'due'} {day(item.on)}"] if item.on else []
    return [*due, *([f"about {effort(item.hours)}"] if item.hours else [])]


RenderTodo = Callable[[TodoItem, TodoReader], list[Block]]
"""Render one item of a person's to-do list, with the button that settles it."""
