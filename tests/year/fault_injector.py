"""What fails: calls at random, and a kill of the bot each week."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.sandbox.state.faults import Fault, Faults
from tests.year.cast import Scale

RETRY_AFTER = 30
CONNECTING = "apps.connections.open"
"""slack_sdk obeys this method's `Retry-After` by sleeping in real time, so it is as short as possible."""

KINDS = ("500", "429", "drop_reply", "drop_request")


@dataclass(frozen=True)
class PlannedKill:
    """When a week's kill happens: `later` milliseconds after the nth `what`; and how long the bot stays down."""

    what: str
    nth: int
    later: float
    away: timedelta


def draw_kill(scale: Scale, week: int) -> PlannedKill:
    """Draw the kill of a week; every fourth time the bot stays down for hours."""
    dice = scale.random("blow", week)
    what = dice.choice(("call", "answered", "press", "press"))
    hours = dice.choice((0, 0, 0, 3)) if week % 8 else 20
    nth = dice.randrange(1, max(3, scale.people))
    return PlannedKill(what, nth, dice.choice((0, 0, dice.random() * 20)), timedelta(hours=hours))


class FaultInjector(Faults):
    """Lets calls fail at random, and kills the bot once a week."""

    def __init__(self, dice: random.Random, rate: float, strike: Callable[[], None]) -> None:
        super().__init__()
        self._dice, self.rate, self._strike = dice, rate, strike
        self._planned: PlannedKill | None = None
        self._seen: dict[str, int] = {}
        self._lock = threading.Lock()
        self.met: dict[str, int] = {}
        self.calls = 0
        self.away = timedelta()
        """How long the bot stays down after the last kill."""

    def expect(self, kill: PlannedKill) -> None:
        """Plan the next kill."""
        with self._lock:
            self._planned, self._seen = kill, {}

    def tell(self, what: str) -> None:
        """Count an event, and kill the bot if its time has come."""
        with self._lock:
            self._seen[what] = self._seen.get(what, 0) + 1
            if self._planned is None or self._planned.what != what or self._seen[what] < self._planned.nth:
                return
        self.strike()

    def strike(self) -> None:
        """Kill the bot now, if the planned kill has not happened yet."""
        with self._lock:
            kill, self._planned = self._planned, None
            self.away = kill.away if kill else self.away
        if kill is not None and kill.later:
            threading.Timer(kill.later / 1000, self._strike).start()
        elif kill is not None:
            self._strike()

    def take(self, method: str) -> Fault | None:
        """Return the fault of a call, if any."""
        self.calls += 1
        if method == "chat.postMessage":
            self.tell("call")
        if self._dice.random() >= self.rate:
            return None
        kind = self._dice.choice(KINDS)
        self.met[kind] = self.met.get(kind, 0) + 1
        return Fault(kind, 1, 1 if method == CONNECTING else RETRY_AFTER)
