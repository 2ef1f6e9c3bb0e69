"""Notifications that something visible has changed."""

import asyncio
from threading import Lock


class ChangeFeed:
    """Count visible changes, and wake everyone who waits for one, on any thread's event loop."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._version = 1
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[int]]] = []

    def notify(self) -> None:
        """Wake everyone who waits for a change."""
        with self._lock:
            self._version += 1
            waiting, self._waiting = self._waiting, []
        for loop, future in waiting:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._wake, future)

    def _wake(self, future: "asyncio.Future[int]") -> None:
        if not future.done():
            future.set_result(self._version)

    async def wait_after(self, seen: int) -> int:
        """Wait for a version later than the one seen, and return it."""
        loop = asyncio.get_running_loop()
        with self._lock:
            if self._version > seen:
                return self._version
            future: asyncio.Future[int] = loop.create_future()
            self._waiting.append((loop, future))
        try:
            return await future
        finally:
            with self._lock:
                self._waiting = [pair for pair in self._waiting if pair[1] is not future]
