"""The time: the system's, or story time from the sandbox's clock."""

import threading
import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The system's time."""

    def now(self) -> datetime:
        """Return the current time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()


class StoryClock:
    """Story time: the sandbox's last report plus the real time since then."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reported = datetime.now(UTC)
        self._reported_at = time.monotonic()
        self._latest = self._reported
        self._measured = self._reported
        self._elapsed = 0.0

    def set(self, now: datetime) -> None:
        """Store the time that the sandbox has reported, even if it is earlier."""
        with self._lock:
            self._reported = self._latest = now
            self._reported_at = time.monotonic()

    def now(self) -> datetime:
        """Return the current story time in UTC."""
        with self._lock:
            now = self._reported + timedelta(seconds=time.monotonic() - self._reported_at)
            self._latest = max(self._latest, now)
            return self._latest

    def monotonic(self) -> float:
        """Return seconds of story time that never go back."""
        now = self.now()
        with self._lock:
            self._elapsed += max(0.0, (now - self._measured).total_seconds())
            self._measured = now
            return self._elapsed
