"""Slack over Socket Mode, which needs no public URL."""

import contextlib
import socket
import threading
import time
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.client import BaseSocketModeClient

from bot import token_check
from bot.app import Bot
from bot.delivery.calls import CallResult, Outcome, result_of_error

log = structlog.get_logger()

CHECK_SECONDS = 15
SILENT_SECONDS = 60
PING_SECONDS = 10


class SocketModeConnection:
    """One connection to Slack, which is replaced when it has gone silent."""

    def __init__(self, bot: Bot) -> None:
        token = bot.settings.slack_app_token.get_secret_value()
        self._handler = SocketModeHandler(
            bot.surface.app,
            app_token=token,
            web_client=WebClient(token, base_url=bot.settings.slack_api_url),
            ping_interval=PING_SECONDS,
            concurrency=20,
        )
        self._handler.client.message_listeners.append(self._disable_nagle)
        self._stopping = threading.Event()
        self._watchdog = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> bool:
        """Connect, and start the watchdog, which keeps trying. Return whether there is a connection now.

        Raise `ConfigurationError` if Slack rejects the app token.
        """
        token_check.require_accepted(token_check.APP, self._connect())
        self._watchdog.start()
        return bool(self._handler.client.is_connected())

    def stop(self) -> None:
        """Disconnect: the reading side first, because closing would wait for it."""
        self._stopping.set()
        session = self._handler.client.current_session
        if session is not None and session.sock is not None:
            with contextlib.suppress(OSError):
                session.sock.shutdown(socket.SHUT_RD)
        self._handler.close()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped

    def _disable_nagle(self, _client: BaseSocketModeClient, message: dict[str, Any], _raw: str | None) -> None:
        """Send every acknowledgment at once, beginning with the first message of a new connection.

        By default the system holds a small packet back until the one before it is confirmed, which takes up to 40 ms:
        if several people press a button at the same time, all but one would wait for it.
        """
        session = self._handler.client.current_session
        if message.get("type") == "hello" and session is not None and session.sock is not None:
            with contextlib.suppress(OSError):
                session.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _watch(self) -> None:
        client, pause = self._handler.client, 1
        while not self._stopping.wait(CHECK_SECONDS if client.is_connected() else pause):
            session = client.current_session
            last_pong = session.last_ping_pong_time if session is not None else None
            silent = last_pong is not None and time.time() - last_pong > SILENT_SECONDS
            if client.is_connected() and not silent:
                pause = 1
            elif not self._stopping.is_set():
                log.warning("reconnecting to Slack", silent=silent)
                self._connect()
                pause = min(2 * pause, CHECK_SECONDS)

    def _connect(self) -> CallResult:
        try:
            self._handler.client.connect_to_new_endpoint(force=True)
        except SlackApiError as error:
            result = result_of_error(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, Slack cannot be reached now and is tried again
            result = CallResult(Outcome.RETRY, reason=type(error).__name__)
        else:
            return CallResult(Outcome.OK)
        log.warning("not connected to Slack", reason=result.reason)
        return result
