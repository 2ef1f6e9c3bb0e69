"""A fast HTTP client for the sandbox's control interface: tests call it tens of thousands of times."""

import json
import threading
from http.client import HTTPConnection, RemoteDisconnected
from typing import Any
from urllib.parse import urlsplit

HEADERS = {"Content-Type": "application/json"}


class JsonClient:
    """Sends requests and returns the JSON of the response. Each thread has its own connection."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self._local = threading.local()
        self._connections: list[HTTPConnection] = []

    def request(self, method: str, path: str, body: str | None = None) -> Any:
        connection = self._connection()
        try:
            connection.request(method, path, body, HEADERS)
            response = connection.getresponse()
        except (RemoteDisconnected, ConnectionError):
            # the sandbox closes idle connections
            connection.close()
            connection.request(method, path, body, HEADERS)
            response = connection.getresponse()
        return json.load(response)

    def _connection(self) -> HTTPConnection:
        connection: HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = HTTPConnection(self._url.hostname, self._url.port, timeout=600)
            self._connections.append(connection)
        return connection

    def close(self) -> None:
        for connection in self._connections:
            connection.close()
