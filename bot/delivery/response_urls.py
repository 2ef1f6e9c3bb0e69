"""Short private answers at Slack's `response_url`s, sent from threads of their own; losing one does no harm."""

import json
import threading
import urllib.request
from concurrent.futures import Future, ThreadPoolExecutor, wait
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError

import structlog

log = structlog.get_logger()

TIMEOUT_SECONDS = 2
MAX_WAITING = 500
"""Answers that may wait; further ones are dropped rather than piling up."""


class ResponseUrlPool:
    """Answers at `response_url`s from a few threads of its own."""

    def __init__(self, *, seconds: int = TIMEOUT_SECONDS) -> None:
        self._seconds = seconds
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="response-url")
        self._lock = threading.Lock()
        self._waiting: set[Future[None]] = set()

    def send(
        self,
        url: str,
        body: dict[str, Any],
        fallback: dict[str, Any] | None = None,
        *,
        first: dict[str, Any] | None = None,
    ) -> None:
        """Answer soon, once; with `fallback` where Slack refuses `body`, and after `first` if there is one."""
        with self._lock:
            if len(self._waiting) >= MAX_WAITING:
                log.warning("answer dropped")
                return
            future = self._pool.submit(_answer, url, body, fallback, first, self._seconds)
            self._waiting.add(future)
        future.add_done_callback(self._done)

    def _done(self, future: Future[None]) -> None:
        with self._lock:
            self._waiting.discard(future)

    def drain(self) -> None:
        """Wait until all answers are sent."""
        with self._lock:
            waiting = set(self._waiting)
        wait(waiting, timeout=self._seconds * 2)

    def stop(self) -> None:
        """Send the remaining answers, then stop."""
        self._pool.shutdown(wait=True)


def _answer(
    url: str, body: dict[str, Any], fallback: dict[str, Any] | None, first: dict[str, Any] | None, seconds: int
) -> None:
    if first is not None:
        _post(url, first, seconds)
    if not _post(url, body, seconds) and fallback is not None:
        _post(url, fallback, seconds)


def _post(url: str, body: dict[str, Any], seconds: int) -> bool:
    """Post once. Return False if Slack answered that it refuses; an answer that got lost may have been shown."""
    data = json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})  # noqa: S310 - Slack's own URL
    try:
        with urllib.request.urlopen(request, timeout=seconds) as response:  # noqa: S310 - as above
            return b'"ok":false' not in response.read().replace(b" ", b"")
    except HTTPError as error:
        error.close()
        log.info("answer refused", status=error.code)
        # any other error says nothing about the body: the address may be used up, or Slack may have shown the answer
        return error.code != HTTPStatus.BAD_REQUEST
    except (OSError, HTTPException) as error:
        log.info("answer lost", error=type(error).__name__)
        return True
