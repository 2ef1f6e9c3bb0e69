"""How fast Slack may be spoken to: a second for each channel, a budget for each method, and its own wishes."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

CHANNEL = timedelta(seconds=1)
"""Slack takes one message a second in a channel."""


@dataclass(frozen=True)
class Budget:
    """`burst` calls at once, and `refill` a minute after that; never more than their sum in any minute.

    When the burst is spent so many are let `gather` before the next are sent, so as not to wake for each.
    """

    burst: int
    refill: int
    gather: int = 1


BUDGETS = {
    "chat.update": Budget(burst=10, refill=35),
    "chat.postMessage": Budget(burst=20, refill=275, gather=5),
    "files.upload": Budget(burst=20, refill=70),
    # nine files each, and Slack takes a hundred a minute
    "files.export": Budget(burst=4, refill=5),
    "views.publish": Budget(burst=20, refill=70),
}
_OTHERS = Budget(burst=5, refill=15)


class Pacing:
    """Remembers what was sent when, in story time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._channels: dict[tuple[str, str], datetime] = {}
        self._tokens: dict[tuple[str, str], tuple[float, datetime]] = {}
        self._blocked: dict[tuple[str, str], datetime] = {}

    def free_at(self, team: str, channel: str, method: str, now: datetime) -> datetime:
        """Give the moment from which this call may be made; not later than `now` if it may be made now."""
        with self._lock:
            moments = [now, self._taken_at(team, method, now)]
            if method == "chat.postMessage":
                moments.append(self._channels.get((team, channel), now))
            return max(moments)

    def holds(self, team: str, method: str, now: datetime) -> bool:
        """Tell whether a workspace takes no call of a method for now, in whatever channel."""
        with self._lock:
            return self._taken_at(team, method, now) > now

    def _taken_at(self, team: str, method: str, now: datetime) -> datetime:
        """Give the moment from which a workspace takes a call of a method."""
        budget = BUDGETS.get(method, _OTHERS)
        tokens = self._level(team, method, now)
        wait = timedelta(minutes=(budget.gather - tokens) / budget.refill) if tokens < 1 else timedelta()
        return max(now + wait, self._blocked.get((team, method), now))

    def spend(self, team: str, channel: str, method: str, now: datetime) -> None:
        """Note that a call is made."""
        with self._lock:
            self._tokens[team, method] = (self._level(team, method, now) - 1, now)
            if method == "chat.postMessage":
                if len(self._channels) > 2000:
                    self._channels = {key: at for key, at in self._channels.items() if at > now}
                self._channels[team, channel] = now + CHANNEL

    def obey(self, team: str, method: str, until: datetime) -> None:
        """Keep still until Slack's `Retry-After` is over."""
        with self._lock:
            self._blocked[team, method] = until

    def _level(self, team: str, method: str, now: datetime) -> float:
        budget = BUDGETS.get(method, _OTHERS)
        tokens, at = self._tokens.get((team, method), (float(budget.burst), now))
        minutes = max(0.0, (now - at) / timedelta(minutes=1))
        return min(float(budget.burst), tokens + minutes * budget.refill)
