"""Short private answers at Slack's `response_url`s, sent from threads of their own; losing one does no harm."""

import json
import threading
import urllib.request
from collections.abc import Sequence
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

    def send(self, url: str, *answers: Sequence[dict[str, Any]]) -> None:
        """Post one answer after the other soon, once; each with the first of its bodies that Slack does not refuse."""
        with self._lock:
            if len(self._waiting) >= MAX_WAITING:
                log.warning("answer dropped")
                return
            future = self._pool.submit(_post_in_turn, url, answers, self._seconds)
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


def _post_in_turn(url: str, answers: Sequence[Sequence[dict[str, Any]]], seconds: int) -> None:
    for bodies in answers:
        for body in bodies:
            if _post(url, body, seconds):
                break


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
