"""Story time: the present moment, or the sandbox's clock."""

import threading
import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The time."""

    def now(self) -> datetime:
        """Give the present moment."""
        return datetime.now(UTC)


class StoryClock:
    """The sandbox's time: what it last said, and the real time that has gone by since; never backwards."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._said = datetime.now(UTC)
        self._heard = time.monotonic()
        self._latest = self._said

    def hear(self, now: datetime) -> None:
        """Take over what the sandbox says."""
        with self._lock:
            self._said = self._latest = now
            self._heard = time.monotonic()

    def now(self) -> datetime:
        """Give the present moment of the story."""
        with self._lock:
            flowing = self._said + timedelta(seconds=time.monotonic() - self._heard)
            self._latest = max(self._latest, flowing)
            return self._latest
