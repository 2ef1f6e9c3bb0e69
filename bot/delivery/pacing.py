"""Rate limits: one message a second in each channel, a budget for each method, and Slack's `Retry-After`."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

CHANNEL_INTERVAL = timedelta(seconds=1)
"""Slack accepts one message a second in a channel."""

MAX_CHANNELS = 2000
"""Channels to remember before those that are free again are dropped."""


@dataclass(frozen=True)
class Budget:
    """A token bucket: `burst` calls at once, then `refill` a minute; never more than their sum in any minute.

    When the burst is spent, wait until `gather` tokens are back, so as not to wake up for each.
    """

    burst: int
    refill: int
    gather: int = 1


BUDGETS = {
    "chat.update": Budget(burst=10, refill=35),
    "chat.postMessage": Budget(burst=20, refill=275, gather=5),
    "files.upload": Budget(burst=20, refill=70),
    # an export has nine files, and Slack accepts a hundred files a minute
    "files.export": Budget(burst=4, refill=5),
    "views.publish": Budget(burst=20, refill=70),
}
_DEFAULT_BUDGET = Budget(burst=5, refill=15)


class Pacing:
    """Remembers when which calls were made, and when the next ones may be made.

    `monotonic` returns seconds that never go back. With the time of day, a call made shortly before the clock was set
    back would hold up all others for as long.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._channels: dict[tuple[str, str], timedelta] = {}
        self._tokens: dict[tuple[str, str], tuple[float, timedelta]] = {}
        self._blocked: dict[tuple[str, str], timedelta] = {}

    def free_at(self, team: str, channel: str, method: str, now: datetime) -> datetime:
        """Return the earliest time at which this call may be made: `now` if it may be made now."""
        with self._lock:
            at = self._at()
            free = self._method_free_at(team, method, at)
            if method == "chat.postMessage":
                free = max(free, self._channels.get((team, channel), at))
            return now + (free - at)

    def is_exhausted(self, team: str, method: str) -> bool:
        """Return whether the workspace's limit blocks a method now. Channel limits are not considered."""
        with self._lock:
            at = self._at()
            return self._method_free_at(team, method, at) > at

    def record_call(self, team: str, channel: str, method: str) -> None:
        """Charge a call that is about to be made."""
        with self._lock:
            at = self._at()
            self._tokens[team, method] = (self._tokens_left(team, method, at) - 1, at)
            if method == "chat.postMessage":
                if len(self._channels) > MAX_CHANNELS:
                    self._channels = {key: free for key, free in self._channels.items() if free > at}
                self._channels[team, channel] = at + CHANNEL_INTERVAL

    def block_for(self, team: str, method: str, wait: timedelta) -> None:
        """Make no call of a method before Slack's `Retry-After` is over."""
        with self._lock:
            self._blocked[team, method] = self._at() + wait

    def _at(self) -> timedelta:
        return timedelta(seconds=self._monotonic())

    def _method_free_at(self, team: str, method: str, at: timedelta) -> timedelta:
        budget = BUDGETS.get(method, _DEFAULT_BUDGET)
        tokens = self._tokens_left(team, method, at)
        wait = timedelta(minutes=(budget.gather - tokens) / budget.refill) if tokens < 1 else timedelta()
        return max(at + wait, self._blocked.get((team, method), at))

    def _tokens_left(self, team: str, method: str, at: timedelta) -> float:
        budget = BUDGETS.get(method, _DEFAULT_BUDGET)
        tokens, since = self._tokens.get((team, method), (float(budget.burst), at))
        return min(float(budget.burst), tokens + (at - since) / timedelta(minutes=1) * budget.refill)
