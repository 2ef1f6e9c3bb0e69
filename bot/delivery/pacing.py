"""Rate limits: one message a second in each channel, a budget for each method, and Slack's `Retry-After`."""

import threading
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
    """Remembers when which calls were made, in story time, and when the next ones may be made."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._channels: dict[tuple[str, str], datetime] = {}
        self._tokens: dict[tuple[str, str], tuple[float, datetime]] = {}
        self._blocked: dict[tuple[str, str], datetime] = {}

    def free_at(self, team: str, channel: str, method: str, now: datetime) -> datetime:
        """Return the earliest time at which this call may be made: `now` if it may be made now."""
        with self._lock:
            times = [now, self._method_free_at(team, method, now)]
            if method == "chat.postMessage":
                times.append(self._channels.get((team, channel), now))
            return max(times)

    def is_exhausted(self, team: str, method: str, now: datetime) -> bool:
        """Return whether the workspace's limit blocks a method now. Channel limits are not considered."""
        with self._lock:
            return self._method_free_at(team, method, now) > now

    def _method_free_at(self, team: str, method: str, now: datetime) -> datetime:
        budget = BUDGETS.get(method, _DEFAULT_BUDGET)
        tokens = self._tokens_left(team, method, now)
        wait = timedelta(minutes=(budget.gather - tokens) / budget.refill) if tokens < 1 else timedelta()
        return max(now + wait, self._blocked.get((team, method), now))

    def record_call(self, team: str, channel: str, method: str, now: datetime) -> None:
        """Charge a call that is about to be made."""
        with self._lock:
            self._tokens[team, method] = (self._tokens_left(team, method, now) - 1, now)
            if method == "chat.postMessage":
                if len(self._channels) > MAX_CHANNELS:
                    self._channels = {key: at for key, at in self._channels.items() if at > now}
                self._channels[team, channel] = now + CHANNEL_INTERVAL

    def block_until(self, team: str, method: str, until: datetime) -> None:
        """Make no call of a method before Slack's `Retry-After` is over."""
        with self._lock:
            self._blocked[team, method] = until

    def _tokens_left(self, team: str, method: str, now: datetime) -> float:
        budget = BUDGETS.get(method, _DEFAULT_BUDGET)
        tokens, at = self._tokens.get((team, method), (float(budget.burst), now))
        minutes = max(0.0, (now - at) / timedelta(minutes=1))
        return min(float(budget.burst), tokens + minutes * budget.refill)
