"""A line to a sandbox that costs next to nothing: tests ask it tens of thousands of times."""

import json
import threading
from http.client import HTTPConnection, RemoteDisconnected
from typing import Any
from urllib.parse import urlsplit

HEADERS = {"Content-Type": "application/json"}


class Line:
    """Asks for JSON, each thread through a connection of its own."""

    def __init__(self, url: str) -> None:
        self._place = urlsplit(url)
        self._own = threading.local()
        self._all: list[HTTPConnection] = []

    def ask(self, method: str, path: str, body: str | None = None) -> Any:
        connection = self._connection()
        try:
            connection.request(method, path, body, HEADERS)
            answer = connection.getresponse()
        except (RemoteDisconnected, ConnectionError):
            # the sandbox hangs up on who has been silent for long
            connection.close()
            connection.request(method, path, body, HEADERS)
            answer = connection.getresponse()
        return json.load(answer)

    def _connection(self) -> HTTPConnection:
        known: HTTPConnection | None = getattr(self._own, "connection", None)
        if known is None:
            known = self._own.connection = HTTPConnection(self._place.hostname, self._place.port, timeout=600)
            self._all.append(known)
        return known

    def close(self) -> None:
        for connection in self._all:
            connection.close()
