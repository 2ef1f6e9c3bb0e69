"""Socket Mode: the app connects, and each delivery goes to one of its connections."""

import asyncio
import json
import time
import uuid
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from ..json_values import Json, read_json
from .http import elapsed_ms
from .outcome import TIMEOUT, UNREACHABLE, Outcome

MAX_CONNECTIONS = 10


def disconnect_message(reason: str) -> Json:
    """Return the message that announces the end of a connection."""
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}


class SocketModeDelivery:
    """Keep the app's connections, and match acknowledgments to deliveries."""

    def __init__(self, app_id: str, limit: float) -> None:
        self._app_id = app_id
        self._limit = limit
        self._links: list[WebSocket] = []
        self._waiting: dict[str, tuple[WebSocket, asyncio.Future[Any]]] = {}

    @property
    def connections(self) -> int:
        """Return the number of open connections."""
        return len(self._links)

    async def serve(self, link: WebSocket) -> None:
        """Greet a connection and read its acknowledgments until it closes."""
        await link.accept()
        if len(self._links) >= MAX_CONNECTIONS:
            await link.send_text(json.dumps(disconnect_message("too_many_websockets")))
            await link.close()
            return
        self._links.append(link)
        try:
            await link.send_text(json.dumps(self._hello()))
            while True:
                self._acknowledged(await link.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            self._gone(link)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._links),
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._app_id},
        }

    def _acknowledged(self, text: str) -> None:
        try:
            answer = read_json(text)
        except ValueError:
            return
        if isinstance(answer, dict):
            _, future = self._waiting.get(str(answer.get("envelope_id")), (None, None))
            if future is not None and not future.done():
                future.set_result(answer.get("payload") or None)

    def _gone(self, link: WebSocket) -> None:
        if link in self._links:
            self._links.remove(link)
        for holder, future in list(self._waiting.values()):
            if holder is link and not future.done():
                future.set_exception(ConnectionError("the connection was closed"))

    async def send(self, kind: str, payload: Json, retry: Json) -> Outcome:
        """Deliver a payload over one connection and wait for the acknowledgment, as long as wire time allows."""
        if not self._links:
            return Outcome(0.0, reason=UNREACHABLE)
        started = time.perf_counter()
        # Round robin: each connection gets its turn.
        link = self._links.pop(0)
        self._links.append(link)
        envelope_id = str(uuid.uuid4())
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
            **retry,
        }
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = (link, future)
        try:
            await link.send_text(json.dumps(envelope))
            body = await asyncio.wait_for(future, self._limit)
        except TimeoutError:
            return Outcome(elapsed_ms(started), reason=TIMEOUT)
        except (ConnectionError, RuntimeError, WebSocketDisconnect):
            return Outcome(elapsed_ms(started), reason=UNREACHABLE)
        finally:
            self._waiting.pop(envelope_id, None)
        return Outcome(elapsed_ms(started), 200, body)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask all connections to reconnect, as Slack does now and then."""
        links, self._links = self._links, []
        for link in links:
            with suppress(RuntimeError, WebSocketDisconnect):
                await link.send_text(json.dumps(disconnect_message(reason)))
                await link.close()
