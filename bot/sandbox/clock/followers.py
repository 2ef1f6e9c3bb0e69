"""The processes that follow the clock, and how their requests are read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ..errors import ControlError
from ..json_values import Json
from ..state.story_clock import read_time

MAX_TEXT = 80


@dataclass
class Follower:
    """A process that follows this clock, what it last reported, and whether it has disconnected since."""

    key: str
    seen: int = -1
    next_due: datetime | None = None
    next_words: str = ""
    next_delivery: datetime | None = None
    last_heard: float = 0.0
    is_disconnected: Callable[[], bool] = lambda: False


def optional_time(body: Json, name: str) -> datetime | None:
    """Read a time that may be missing."""
    return None if body.get(name) is None else read_time(body[name])


def due_text(body: Json) -> str:
    """Read what is due next, on one line and short enough for the page."""
    value = body.get("next_words") or ""
    if not isinstance(value, str):
        raise ControlError(f"next_words: {value!r} is not a text")
    return " ".join(value.split())[:MAX_TEXT]


def whole_number(body: Json, name: str) -> int:
    """Read a whole number."""
    value = body.get(name, 0)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ControlError(f"{name}: {value!r} is not a whole number")
    return value
