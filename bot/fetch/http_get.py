"""One HTTP GET, with limits of time and size that hold while the response arrives."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote

from handlers.kit.fetch import DownloadFailed, Unreadable

MAX_BYTES = 2_000_000
SECONDS = 10.0

TOO_LARGE = "That file is larger than 2 MB. Try one that holds only what is needed here."
TOO_SLOW = "That took longer than ten seconds."
BROKE = "The connection broke."
COMPRESSED = "That file is compressed in a way that I cannot open. Download it and upload it here."

_REDIRECTS = {301, 302, 303, 307, 308}


class Deadline:
    """The time by which all steps must be done."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def seconds_left(self) -> float:
        """Return the seconds that are left. Raise `DownloadFailed` if there are none."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise DownloadFailed(TOO_SLOW)
        return left


@dataclass(frozen=True)
class Response:
    """A server's response. `location` is the target of a redirect."""

    status: int
    content_type: str
    location: str | None
    body: bytes


def get(url: SplitResult, address: str, deadline: Deadline, headers: Mapping[str, str]) -> Response:
    """Request `url` from the server at `address`. Raise `Unreadable`."""
    connection = _connect(url, address, deadline)
    watchdog = _Watchdog(connection, deadline)
    try:
        with watchdog.watching():
            if isinstance(connection.sock, ssl.SSLSocket):
                connection.sock.do_handshake()
            connection.request("GET", _request_target(url), headers={**_HEADERS, **headers})
            with connection.getresponse() as response:
                return _read(response)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise DownloadFailed(TOO_SLOW if watchdog.expired or isinstance(error, TimeoutError) else BROKE) from error
    finally:
        connection.close()


_HEADERS = {"Accept": "text/calendar, */*", "Accept-Encoding": "identity", "User-Agent": "consortium-bot"}


def _read(response: http.client.HTTPResponse) -> Response:
    content_type = response.headers.get_content_type() if response.headers.get("Content-Type") else ""
    location = response.headers.get("Location") if response.status in _REDIRECTS else None
    if response.status != 200:
        return Response(response.status, content_type, location, b"")
    if response.headers.get("Content-Encoding", "identity").strip().lower() not in {"identity", ""}:
        raise Unreadable(COMPRESSED)
    if (response.length or 0) > MAX_BYTES:
        raise Unreadable(TOO_LARGE)
    body = bytearray()
    while chunk := response.read1(65_536):
        body += chunk
        if len(body) > MAX_BYTES:
            raise Unreadable(TOO_LARGE)
    if response.length:
        raise DownloadFailed(BROKE)
    return Response(200, content_type, None, bytes(body))


def _request_target(url: SplitResult) -> str:
    safe = "/%:@!$&'()*+,;=~-._?"
    return quote(url.path or "/", safe=safe) + (f"?{quote(url.query, safe=safe)}" if url.query else "")


def _connect(url: SplitResult, address: str, deadline: Deadline) -> http.client.HTTPConnection:
    """Connect to `address`, even if the URL's name now resolves elsewhere; the server still gets the name."""
    host, port = url.hostname or "", url.port
    default_port = 443 if url.scheme == "https" else 80
    connection = http.client.HTTPConnection(
        host, default_port if port is None else port, timeout=deadline.seconds_left()
    )
    try:
        plain = socket.create_connection((address, connection.port), timeout=deadline.seconds_left())
    except TimeoutError:
        raise DownloadFailed(TOO_SLOW) from None
    except OSError:
        raise DownloadFailed(BROKE) from None
    connection.sock = plain
    # it must not reconnect on its own: that would resolve the name again
    connection.auto_open = 0
    if url.scheme == "https":
        try:
            context = ssl.create_default_context()
            connection.sock = context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
        except (OSError, ValueError) as error:
            plain.close()
            raise DownloadFailed(BROKE) from error
    return connection


class _Watchdog:
    """Cuts a connection at the deadline: otherwise a server that sends a byte now and then could hold it open."""

    def __init__(self, connection: http.client.HTTPConnection, deadline: Deadline) -> None:
        self._socket: socket.socket = connection.sock
        self._deadline = deadline
        self.expired = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch while the block runs. Raise `DownloadFailed` if it took too long."""
        timer = threading.Timer(self._deadline.seconds_left(), self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
        if self.expired:
            raise DownloadFailed(TOO_SLOW)

    def _cut(self) -> None:
        self.expired = True
        with suppress(OSError):
            # bypass TLS: its own shutdown would drop the keys while another thread reads
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
