"""Slack over Socket Mode, which needs no public URL."""

import contextlib
import socket
import threading
import time
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.internals import build_headers, send_response
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import Connection
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot import token_check
from bot.app import Bot
from bot.delivery.calls import CallResult, Outcome, result_of_error
from bot.runtime import payloads
from bot.slack_client import SlackClient

log = structlog.get_logger()

CHECK_SECONDS = 1
"""How often the connection is checked. One that the other side closed is noticed within this time."""

PING_SECONDS = 4
SILENT_SECONDS = 12
"""How long pings may stay without an answer. Silence is then noticed within 14 seconds."""

JOIN_SECONDS = 5
"""How long to wait for an attempt to connect, or for a connection to end."""

LONGEST_PAUSE = 15
"""Seconds between two attempts to connect, if several have failed. A connection that lasted as long has succeeded."""


class ConnectionEnded(OSError):  # noqa: N818 - it names an event
    """The other side closed a connection, or it broke."""


class _Socket:
    """A socket that reports its end: slack_sdk takes that for an empty message, and reads again without a pause."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock

    def recv(self, size: int) -> bytes:
        """Return what has arrived. Raise `TimeoutError` if that is nothing yet, `ConnectionEnded` at the end."""
        try:
            received: bytes = self._sock.recv(size)
        except TimeoutError:
            raise
        except OSError:
            raise ConnectionEnded from None
        if not received:
            raise ConnectionEnded
        return received

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class _Client(SocketModeClient):
    """slack_sdk's client, whose connections report their end. It never connects again on its own."""

    def __init__(self, bot: Bot) -> None:
        token = bot.settings.slack_app_token.get_secret_value()
        super().__init__(
            app_token=token,
            logger=bot.surface.app.logger,
            web_client=SlackClient(token, base_url=bot.settings.slack_api_url),
            auto_reconnect_enabled=False,
            ping_interval=PING_SECONDS,
            concurrency=20,
        )

    def connect(self) -> None:
        """Connect, and watch for the end of the connection."""
        if self.closed:
            return
        super().connect()
        session = self.current_session
        if session is not None and session.sock is not None:
            session.sock = _Socket(session.sock)  # type: ignore[assignment]  # it does all that a socket does

    def _on_error(self, error: Exception) -> None:
        if isinstance(error, ConnectionEnded):
            # the client closes the connection, and the watchdog makes another one
            return
        super()._on_error(error)


class SocketModeConnection:
    """One connection to Slack, which is replaced when it ends or goes silent."""

    def __init__(self, bot: Bot) -> None:
        self._app = bot.surface.app
        self._stopping = threading.Event()
        self.client = _Client(bot)
        self.client.message_listeners.append(self._disable_nagle)
        self.client.socket_mode_request_listeners.append(self._answer)
        self._watchdog = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._heard: tuple[Connection | None, float | None] = (None, None)
        self._heard_at = self._connected_at = time.monotonic()

    def start(self) -> bool:
        """Connect, and start the watchdog, which keeps trying. Return whether there is a connection now.

        Raise `ConfigurationError` if Slack rejects the app token.
        """
        token_check.require_accepted(token_check.APP, self._connect())
        self._watchdog.start()
        return bool(self.client.is_connected())

    def stop(self) -> None:
        """Disconnect."""
        self._stopping.set()
        locked = self.client.connect_operation_lock.acquire(timeout=JOIN_SECONDS)
        self._end_connection()
        self.client.close()
        if locked:
            self.client.connect_operation_lock.release()
        if self._watchdog.is_alive():
            self._watchdog.join(timeout=JOIN_SECONDS)

    def _answer(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        started_at = time.time()
        response = payloads.dispatch(self._app, request.payload, build_headers(request) or {})
        send_response(client, request, response, started_at)

    def _disable_nagle(self, _client: BaseSocketModeClient, message: dict[str, Any], _raw: str | None) -> None:
        """Send every acknowledgment at once, beginning with the first message of a new connection.

        By default the system holds a small packet back until the one before it is confirmed, which takes up to 40 ms:
        if several people press a button at the same time, all but one would wait for it.
        """
        session = self.client.current_session
        if message.get("type") == "hello" and session is not None and session.sock is not None:
            with contextlib.suppress(OSError):
                session.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _watch(self) -> None:
        pause = 0
        while not self._stopping.wait(CHECK_SECONDS):
            silent = self._is_silent()
            if self.client.is_connected() and not silent:
                continue
            if time.monotonic() - self._connected_at > LONGEST_PAUSE:
                pause = 0
            if not self._stopping.wait(pause):
                log.warning("reconnecting to Slack", silent=silent)
                self._connect()
                pause = min(max(1, 2 * pause), LONGEST_PAUSE)

    def _is_silent(self) -> bool:
        """Return whether Slack has left pings unanswered. Only this machine's running time counts, not its clock."""
        session = self.client.current_session
        heard = (session, session.last_ping_pong_time if session is not None else None)
        if heard != self._heard:
            self._heard, self._heard_at = heard, time.monotonic()
        return time.monotonic() - self._heard_at > SILENT_SECONDS

    def _connect(self) -> CallResult:
        self._end_connection()
        try:
            # by force only where the old connection could not be ended
            self.client.connect_to_new_endpoint(force=self.client.is_connected())
        except SlackApiError as error:
            result = result_of_error(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, Slack cannot be reached now and is tried again
            result = CallResult(Outcome.RETRY, reason=type(error).__name__)
        else:
            if self.client.is_connected():
                self._connected_at = time.monotonic()
                return CallResult(Outcome.OK)
            result = CallResult(Outcome.RETRY, reason="no connection")
        log.warning("not connected to Slack", reason=result.reason)
        return result

    def _end_connection(self) -> None:
        """Have the thread that reads close the connection: closing it from here would wait for that thread."""
        session = self.client.current_session
        sock = session.sock if session is not None else None
        if session is None or sock is None:
            return
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RD)
        ends_at, pause = time.monotonic() + JOIN_SECONDS, threading.Event()
        while session.is_active() and time.monotonic() < ends_at:
            pause.wait(0.01)
