"""HTTP with limits that hold before a request is read: on its size, its time, and the number of connections."""

import asyncio
import time
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from bot.runtime import refused_requests

MAX_BODY_BYTES = 1_000_000
"""The largest body. Slack's largest, a form with its state, stays far below."""

MAX_HEADER_BYTES = 16_384
"""The largest head of a request: its first line and all headers. Slack's is about one thousand bytes."""

REQUEST_SECONDS = 10
"""How long a request may take to arrive. Slack gives up after three seconds."""

MAX_CONNECTIONS = 200
"""Connections at once. The bot handles forty requests at once."""

_DRAIN_SECONDS = 2
"""How long a refused client may read its answer before the connection is cut."""


class LimitedProtocol(HttpToolsProtocol):
    """A connection that has to deliver a small request in a short time.

    When all connections are taken, the one that has waited longest for the rest of a request makes room: whoever opens
    connections and sends nothing cannot keep others out.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._deadline: asyncio.TimerHandle | None = None
        self.waiting_since = 0.0
        self._is_refused = False
        self._in_head = True
        self._head_bytes = 0

    # the connection ------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the time for the first request. Cut the longest waiting connection if there are too many."""
        if len(self.connections) >= MAX_CONNECTIONS:
            self._make_room()
        super().connection_made(transport)
        self.waiting_since = time.monotonic()
        self._set_deadline(REQUEST_SECONDS)
        if len(self.connections) > MAX_CONNECTIONS:
            refused_requests.note("all connections are taken")
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadline."""
        self._drop_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what has arrived, unless the request was refused or its head is too large."""
        if self._is_refused:
            return
        in_head = self._in_head
        super().data_received(data)
        if in_head and self._in_head and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEADER_BYTES:
                self._refuse(431)

    def _make_room(self) -> None:
        idle = [other for other in self.connections if isinstance(other, LimitedProtocol) and other.is_waiting]
        if idle:
            refused_requests.note("more connections than the bot accepts")
            longest = min(idle, key=lambda other: other.waiting_since)
            self.connections.discard(longest)
            longest.transport.abort()

    @property
    def is_waiting(self) -> bool:
        """Return whether no complete request is being answered on this connection."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    # parser callbacks ----------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """Start the time for a request."""
        super().on_message_begin()
        self._in_head, self._head_bytes = True, 0
        self.waiting_since = time.monotonic()
        self._set_deadline(REQUEST_SECONDS)

    def on_headers_complete(self) -> None:
        """Refuse a request with too large a head, or one that announces too large a body. Start to answer others."""
        self._in_head = False
        head = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if head > MAX_HEADER_BYTES:
            self._refuse(431)
        elif any(_announces_too_much(name, value) for name, value in self.headers):
            self._refuse(413)
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Pass on a part of the body."""
        if not self._is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Stop the time: what follows is up to the bot."""
        if not self._is_refused:
            self._drop_deadline()
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self.waiting_since = time.monotonic()
        super().on_response_complete()

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: the request is answered as any other."""

    # refusing ------------------------------------------------------------------------------------------

    def _set_deadline(self, seconds: float) -> None:
        self._drop_deadline()
        self._deadline = self.loop.call_later(seconds, self._deadline_passed)

    def _drop_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _deadline_passed(self) -> None:
        self._deadline = None
        if self._is_refused or not (self.headers or self._head_bytes):
            # it has had time to read the answer, or has never asked for anything
            self.transport.abort()
        else:
            self._refuse(408)

    def _refuse(self, status: int) -> None:
        """Answer at once, and read no further. Let the client read the answer before the connection is cut."""
        self._is_refused = True
        refused_requests.note(f"request refused with {status}")
        if self.cycle is not None and not self.cycle.response_complete:
            # the application stops waiting for the rest
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.cycle is not None and self.cycle.response_started:
            self.transport.abort()
            return
        self.transport.write(STATUS_LINE[status] + b"connection: close\r\ncontent-length: 0\r\n\r\n")
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._set_deadline(_DRAIN_SECONDS)


def _announces_too_much(name: bytes, value: bytes) -> bool:
    # the parser has made sure that it is a number
    return name == b"content-length" and int(value) > MAX_BODY_BYTES
