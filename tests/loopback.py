"""Local servers that stand in for servers on the web."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bot.fetch.fetcher import Fetcher

HOST = "calendar.example"


class FakeServer:
    """A server whose `pages` map a path to a body, or to a function that writes the answer."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.pages: dict[str, object] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.resolved: list[str] = []

    def url(self, path: str = "/elm.ics") -> str:
        return f"http://{HOST}:{self.port}{path}"

    def resolve(self, host: str, port: int) -> list[str]:
        self.resolved.append(host)
        return ["127.0.0.1"] if host == HOST else []

    @property
    def fetching(self):
        """Return a fetcher class for which this server is the public internet."""
        return partial(
            Fetcher,
            resolve=self.resolve,
            allowed=lambda address, port: address == "127.0.0.1",
            port_allowed=lambda port: port == self.port,
        )


@contextmanager
def fake_server() -> Iterator[FakeServer]:
    """Run the server during the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            place.asked.append((self.path, dict(self.headers)))
            page = place.pages.get(self.path)
            if callable(page):
                page(self)
                return
            body = b"" if page is None else page if isinstance(page, bytes) else page.encode()
            write_response(self, 404 if page is None else 200, body)

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    place = FakeServer(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield place
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def write_response(handler, status, body=b"", **headers):
    """Send a complete answer."""
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def breaks_off(handler):
    """Announce more bytes than are sent."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b'{"ok": true')
    handler.close_connection = True


def icalendar(*events: str) -> str:
    """Return a calendar."""
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Elm//EN", *events, "END:VCALENDAR", ""])


def all_day_event(first: str, end: str = "", label: str = "", *more: str) -> str:
    """Return an all-day event; `end` is the day after its last day."""
    lines = ["BEGIN:VEVENT", f"UID:{first}-{end}-{label}", f"DTSTART;VALUE=DATE:{first}"]
    lines += [f"DTEND;VALUE=DATE:{end}"] if end else []
    lines += [f"SUMMARY:{label}"] if label else []
    return "\r\n".join([*lines, *more, "END:VEVENT"])
