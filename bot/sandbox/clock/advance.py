"""One advance of the clock: from when to when, how slowly, and whether to stop."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from ..errors import ControlError
from ..json_values import Json

STEPS = 24
"""How many times the page sees the clock on the way."""
MAX_SECONDS = 60.0


@dataclass
class ClockAdvance:
    """An advance from one time to another, spread over real seconds so that people can watch."""

    start: datetime
    goal: datetime
    seconds: float = 0.0
    end: datetime | None = None
    """The story time when the advance ended; None while it is under way."""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def waypoints(self, now: datetime, to: datetime) -> Iterator[tuple[datetime, float]]:
        """List the times to show on the way, each with its share of the real seconds."""
        total = self.goal - self.start
        step = total / STEPS
        while self.seconds and step and now + step < to:
            now += step
            yield now, self.seconds / STEPS
        yield to, self.seconds * max(0.0, (to - now) / total) if total else 0.0

    async def pause(self, seconds: float) -> None:
        """Wait so that people can watch; a request to stop ends the wait."""
        if seconds:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), seconds)


def watch_seconds(body: Json) -> float:
    """Read over how many real seconds an advance is spread."""
    value = body.get("over", 0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_SECONDS:
        raise ControlError(f"over: {value!r} is not a number of seconds up to {MAX_SECONDS:.0f}")
    return float(value)
