"""One GET over HTTP, within limits of time and size that hold while the answer arrives."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote

from handlers.kit.fetch import Unreachable, Unreadable

MOST_BYTES = 2_000_000
SECONDS = 10.0

LARGE = "What lies there is larger than 2 MB. A calendar with only the closed days in it is much smaller; try that one."
SLOW = "It took longer than ten seconds to arrive."
BROKE = "The connection broke."
PACKED = "It came packed in a way that I do not open. Download the file and hand it over here."

_MOVED = {301, 302, 303, 307, 308}


class Deadline:
    """The end of the time in which all has to be done."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        """Give the seconds that are left. Raises Unreachable where none are."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise Unreachable(SLOW)
        return left


@dataclass(frozen=True)
class Answer:
    """What a server answered; `moved_to` is where it sends us, `kind` the type of what came."""

    status: int
    kind: str
    moved_to: str | None
    body: bytes


def get(url: SplitResult, address: str, deadline: Deadline, headers: Mapping[str, str]) -> Answer:
    """Get what lies at `url` from the machine at `address`. Raises Unreadable."""
    connection = _connection(url, address, deadline)
    watch = _Watch(connection, deadline)
    try:
        with watch.watching():
            if isinstance(connection.sock, ssl.SSLSocket):
                connection.sock.do_handshake()
            connection.request("GET", _target(url), headers={**_ASKED, **headers})
            with connection.getresponse() as response:
                return _read(response)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(SLOW if watch.over or isinstance(error, TimeoutError) else BROKE) from error
    finally:
        connection.close()


_ASKED = {"Accept": "text/calendar, */*", "Accept-Encoding": "identity", "User-Agent": "consortium-bot"}


def _read(response: http.client.HTTPResponse) -> Answer:
    kind = response.headers.get_content_type() if response.headers.get("Content-Type") else ""
    moved_to = response.headers.get("Location") if response.status in _MOVED else None
    if response.status != 200:
        return Answer(response.status, kind, moved_to, b"")
    if response.headers.get("Content-Encoding", "identity").strip().lower() not in {"identity", ""}:
        raise Unreadable(PACKED)
    if (response.length or 0) > MOST_BYTES:
        raise Unreadable(LARGE)
    body = bytearray()
    while piece := response.read1(65_536):
        body += piece
        if len(body) > MOST_BYTES:
            raise Unreadable(LARGE)
    if response.length:
        raise Unreachable(BROKE)
    return Answer(200, kind, None, bytes(body))


def _target(url: SplitResult) -> str:
    safe = "/%:@!$&'()*+,;=~-._?"
    return quote(url.path or "/", safe=safe) + (f"?{quote(url.query, safe=safe)}" if url.query else "")


def _connection(url: SplitResult, address: str, deadline: Deadline) -> http.client.HTTPConnection:
    """Connect to `address`, whatever the name in the url means by now, and say the name to the server."""
    host, port = url.hostname or "", url.port
    usual = 443 if url.scheme == "https" else 80
    connection = http.client.HTTPConnection(host, usual if port is None else port, timeout=deadline.left())
    try:
        plain = socket.create_connection((address, connection.port), timeout=deadline.left())
    except TimeoutError:
        raise Unreachable(SLOW) from None
    except OSError:
        raise Unreachable(BROKE) from None
    connection.sock = plain
    # it must not connect a second time by itself: that would look the name up anew
    connection.auto_open = 0
    if url.scheme == "https":
        try:
            safe = ssl.create_default_context()
            connection.sock = safe.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
        except (OSError, ValueError) as error:
            plain.close()
            raise Unreachable(BROKE) from error
    return connection


class _Watch:
    """Cuts a connection when the time is over: a server that sends a byte now and then would else hold us."""

    def __init__(self, connection: http.client.HTTPConnection, deadline: Deadline) -> None:
        self._socket: socket.socket = connection.sock
        self._deadline = deadline
        self.over = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch while the block runs. Raises Unreachable where it took too long."""
        timer = threading.Timer(self._deadline.left(), self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
        if self.over:
            raise Unreachable(SLOW)

    def _cut(self) -> None:
        self.over = True
        with suppress(OSError):
            # the plain socket's way: a secured one would first forget its keys under the reader's hands
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
