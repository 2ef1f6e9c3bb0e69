"""What goes wrong: calls that fail by the dice, and the moment of each week's kill."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.sandbox.state.faults import Fault, Faults
from tests.year.cast import Scale

RETRY_AFTER = 30
CONNECTING = "apps.connections.open"
"""Called by slack_sdk, which heeds `Retry-After` by sleeping in real time: it is asked for the shortest there is."""

KINDS = ("500", "429", "drop_reply", "drop_request")


@dataclass(frozen=True)
class Blow:
    """When a week's kill falls: at the nth of `what`, so many milliseconds later; and how long the bot is away."""

    what: str
    nth: int
    later: float
    away: timedelta


def blow(scale: Scale, week: int) -> Blow:
    """Draw when the kill of a week falls; every fourth time the bot is away for hours."""
    dice = scale.random("blow", week)
    what = dice.choice(("call", "answered", "press", "press"))
    hours = dice.choice((0, 0, 0, 3)) if week % 8 else 20
    nth = dice.randrange(1, max(3, scale.people))
    return Blow(what, nth, dice.choice((0, 0, dice.random() * 20)), timedelta(hours=hours))


class Weather(Faults):
    """Lets calls fail by the dice, and strikes once a week."""

    def __init__(self, dice: random.Random, rate: float, strike: Callable[[], None]) -> None:
        super().__init__()
        self._dice, self.rate, self._strike = dice, rate, strike
        self._blow: Blow | None = None
        self._seen: dict[str, int] = {}
        self._lock = threading.Lock()
        self.met: dict[str, int] = {}
        self.calls = 0
        self.away = timedelta()
        """How long the bot is away after the blow that fell last."""

    def expect(self, blow: Blow) -> None:
        """Have the next blow fall."""
        with self._lock:
            self._blow, self._seen = blow, {}

    def tell(self, what: str) -> None:
        """Count something that happens; it may be the moment."""
        with self._lock:
            self._seen[what] = self._seen.get(what, 0) + 1
            if self._blow is None or self._blow.what != what or self._seen[what] < self._blow.nth:
                return
        self.strike()

    def strike(self) -> None:
        """Let the blow fall now, if it has not yet."""
        with self._lock:
            blow, self._blow = self._blow, None
            self.away = blow.away if blow else self.away
        if blow is not None and blow.later:
            threading.Timer(blow.later / 1000, self._strike).start()
        elif blow is not None:
            self._strike()

    def take(self, method: str) -> Fault | None:
        """Give what happens to a call."""
        self.calls += 1
        if method == "chat.postMessage":
            self.tell("call")
        if self._dice.random() >= self.rate:
            return None
        kind = self._dice.choice(KINDS)
        self.met[kind] = self.met.get(kind, 0) + 1
        return Fault(kind, 1, 1 if method == CONNECTING else RETRY_AFTER)
