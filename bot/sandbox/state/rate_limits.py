"""Rate limits in story time, per method, as in Slack's tiers."""

import math
from collections import deque
from collections.abc import Callable

WINDOW = 60.0
TIERS = {"t1": 1, "t2": 20, "t3": 50, "t4": 100}
POSTS_A_MINUTE = 300
CHANNEL_BURST = 5.0


class RateLimited(Exception):  # noqa: N818 - said to the caller as a 429
    """Refuse a call until some seconds have passed."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds} s")
        self.retry_after = max(1, math.ceil(seconds))


class RateLimits:
    """Count calls in a sliding minute, and posts in a bucket per channel."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._calls: dict[str, deque[float]] = {}
        self._buckets: dict[str, tuple[float, float]] = {}

    def count_call(self, method: str, tier: str | None) -> None:
        """Count a call; a `tier` of None means practically unlimited."""
        most = POSTS_A_MINUTE if method == "chat.postMessage" else TIERS.get(tier or "")
        if most is None:
            return
        now = self._seconds()
        calls = self._calls.setdefault(method, deque())
        while calls and calls[0] <= now - WINDOW:
            calls.popleft()
        if len(calls) >= most:
            raise RateLimited(calls[0] + WINDOW - now)
        calls.append(now)

    def count_post(self, channel: str) -> None:
        """Count a post: one a second in a channel, with bursts of five."""
        now = self._seconds()
        left, since = self._buckets.get(channel, (CHANNEL_BURST, now))
        left = min(CHANNEL_BURST, left + (now - since))
        if left < 1:
            raise RateLimited(1 - left)
        self._buckets[channel] = (left - 1, now)
