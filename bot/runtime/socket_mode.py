"""Slack over Socket Mode: no public address is needed."""

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
from bot.delivery.calls import Answer, Fate, refusal

log = structlog.get_logger()

LOOK_SECONDS = 15
SILENT_SECONDS = 60
PING_SECONDS = 10


class SocketModeConnection:
    """One connection to Slack, watched: one that has gone silent is replaced."""

    def __init__(self, bot: Bot) -> None:
        token = bot.settings.slack_app_token.get_secret_value()
        self._handler = SocketModeHandler(
            bot.surface.app,
            app_token=token,
            web_client=WebClient(token, base_url=bot.settings.slack_api_url),
            ping_interval=PING_SECONDS,
            concurrency=20,
        )
        self._handler.client.message_listeners.append(self._answer_at_once)
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> bool:
        """Connect, and begin to watch; tell whether there is a connection. Where there is none it is tried again.

        Raises Wrong where Slack does not take the token.
        """
        token_check.check(token_check.APP, self._connect())
        self._watcher.start()
        return bool(self._handler.client.is_connected())

    def stop(self) -> None:
        """Disconnect; the reading side first, since closing would wait for it."""
        self._stopping.set()
        session = self._handler.client.current_session
        if session is not None and session.sock is not None:
            with contextlib.suppress(OSError):
                session.sock.shutdown(socket.SHUT_RD)
        self._handler.close()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped

    def _answer_at_once(self, _client: BaseSocketModeClient, message: dict[str, Any], _raw: str | None) -> None:
        """Have every answer leave at once, from the first word of a new connection on.

        Left to itself the system holds a small one back until the one before it is confirmed, which takes up to
        40 ms: of several people who press at the same moment all but one would wait for it.
        """
        session = self._handler.client.current_session
        if message.get("type") == "hello" and session is not None and session.sock is not None:
            with contextlib.suppress(OSError):
                session.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _watch(self) -> None:
        client, pause = self._handler.client, 1
        while not self._stopping.wait(LOOK_SECONDS if client.is_connected() else pause):
            session = client.current_session
            heard = session.last_ping_pong_time if session is not None else None
            silent = heard is not None and time.time() - heard > SILENT_SECONDS
            if client.is_connected() and not silent:
                pause = 1
            elif not self._stopping.is_set():
                log.warning("connecting anew", silent=silent)
                self._connect()
                pause = min(2 * pause, LOOK_SECONDS)

    def _connect(self) -> Answer:
        try:
            self._handler.client.connect_to_new_endpoint(force=True)
        except SlackApiError as error:
            answer = refusal(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, Slack is out of reach for now and is tried again
            answer = Answer(Fate.LATER, reason=type(error).__name__)
        else:
            return Answer(Fate.DONE)
        log.warning("no connection", reason=answer.reason)
        return answer
