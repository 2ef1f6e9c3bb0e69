"""Fetch calendars from public addresses only, and files from Slack only.

People type the addresses, so an address could lead into this machine's own network. Each name is resolved once, every
address behind it is checked, and the connection goes to the checked address. Redirects are treated the same way.
"""

import queue
import socket
import threading
from collections.abc import Callable
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from slack_sdk import WebClient

from bot.fetch.http_get import SECONDS, Deadline, Response, get
from handlers.kit import web_addresses
from handlers.kit.fetch import DownloadFailed, Fetch, Unreadable

MAX_REDIRECTS = 3

NOT_FOUND = "There is nothing at that address anymore. Find the calendar's current address and give me that one."
LOCKED = "That address asks for a password. Use the calendar's public address, or upload the file here."
UNKNOWN_HOST = "I could not find that address on the web. Check that it is typed correctly."
TROUBLE = "That address is not working right now."
TOO_MANY_REDIRECTS = "That address keeps sending me on to others. Give me the last one."
NO_ACCESS = (
    "Slack did not give me the file. I may lack the permission to read files. The person who looks after me can "
    "install me again from the manifest."
)
DELETED = "That file is no longer in Slack. Upload it again."

Resolve = Callable[[str, int], list[str]]
Allowed = Callable[[str, int], bool]
MakeFetcher = Callable[[Callable[[str], WebClient]], Fetch]


def _resolve(host: str, port: int) -> list[str]:
    infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in infos))


def _is_allowed(address: str, port: int) -> bool:
    return web_addresses.is_public_ip(address) and is_usual_port(port)


def is_usual_port(port: int) -> bool:
    """Return whether this is the usual port of http or https."""
    return port in web_addresses.PORTS.values()


class Fetcher:
    """Fetches from the web. Tests replace `resolve` and the checks, because they only have their own machine."""

    def __init__(
        self,
        slack: Callable[[str], WebClient],
        *,
        resolve: Resolve = _resolve,
        allowed: Allowed = _is_allowed,
        port_allowed: Callable[[int], bool] = is_usual_port,
        seconds: float = SECONDS,
    ) -> None:
        self._slack = slack
        self._resolve = resolve
        self._allowed = allowed
        self._port_allowed = port_allowed
        self._seconds = seconds

    def check(self, typed: str) -> str:
        """Return a typed address as it is stored. Raise `Unreadable` if it is certain that it may not be fetched."""
        url = web_addresses.parse_url(typed)
        if not self._port_allowed(_port(url)):
            raise Unreadable(web_addresses.OTHER_PORT)
        return urlunsplit(url)

    def address(self, url: str) -> bytes:
        """Fetch a public address. Raise `Unreadable`."""
        deadline = Deadline(self._seconds)
        for _ in range(MAX_REDIRECTS + 1):
            parts = urlsplit(self.check(url))
            response = get(parts, self._resolve_public(parts, deadline), deadline, {})
            if response.location is None:
                return _body(response)
            url = urljoin(urlunsplit(parts), response.location)
        raise Unreadable(TOO_MANY_REDIRECTS)

    def _resolve_public(self, url: SplitResult, deadline: Deadline) -> str:
        """Resolve a name, once, to the address to connect to. Raise `Unreadable` if any of its addresses is private."""
        host, port = url.hostname or "", _port(url)
        addresses = _resolve_in_time(lambda: self._resolve(host, port), deadline)
        if addresses is None:
            raise DownloadFailed(UNKNOWN_HOST)
        if not addresses:
            raise Unreadable(UNKNOWN_HOST)
        if not all(self._allowed(address, port) for address in addresses):
            raise Unreadable(web_addresses.NOT_PUBLIC)
        # prefer IPv4: not every machine can reach IPv6
        return min(addresses, key=lambda address: ":" in address)

    def file(self, workspace: str, url: str) -> bytes:
        """Fetch a file from Slack with the bot's token. Raise `Unreadable`, also for any other server."""
        client = self._slack(workspace)
        parts = urlsplit(url)
        if not is_slack_file(parts, urlsplit(client.base_url)):
            raise Unreadable(NO_ACCESS)
        headers = {"Authorization": f"Bearer {client.token or ''}"}
        response = get(parts, parts.hostname or "", Deadline(self._seconds), headers)
        if response.status in {404, 410}:
            raise Unreadable(DELETED)
        if response.status == 429 or response.status >= 500:
            raise DownloadFailed(TROUBLE)
        if response.status != 200 or response.content_type == "text/html":
            # without the scope Slack answers with its sign-in page
            raise Unreadable(NO_ACCESS)
        return response.body


def is_slack_file(url: SplitResult, api: SplitResult) -> bool:
    """Return whether a file's URL is Slack's own, according to the API's URL: the token is sent nowhere else."""
    try:
        origin = (url.scheme, url.hostname, url.port)
    except ValueError:
        return False
    if url.username is not None or url.password is not None:
        return False
    host = api.hostname or ""
    if host in {"slack.com", "www.slack.com", "slack-gov.com"}:
        return origin == ("https", f"files.{host.removeprefix('www.')}", None)
    return origin == (api.scheme, api.hostname, api.port)


def _port(url: SplitResult) -> int:
    return url.port if url.port is not None else web_addresses.PORTS[url.scheme]


def _body(response: Response) -> bytes:
    if response.status == 200:
        return response.body
    if response.status in {401, 403, 407}:
        raise Unreadable(LOCKED)
    if response.status in {404, 410}:
        raise Unreadable(NOT_FOUND)
    raise DownloadFailed(TROUBLE)


def _resolve_in_time(resolve: Callable[[], list[str]], deadline: Deadline) -> list[str] | None:
    """Resolve a name before the deadline (the system's resolver can take minutes). Return None for no answer."""
    answers: queue.SimpleQueue[list[str] | None] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put(resolve())
        except socket.gaierror as error:
            # a person must correct a name that does not exist; a resolver may recover on its own
            answers.put([] if error.errno == socket.EAI_NONAME else None)
        except (OSError, UnicodeError):
            answers.put([])

    threading.Thread(target=run, name="resolver", daemon=True).start()
    try:
        return answers.get(timeout=deadline.seconds_left())
    except queue.Empty:
        return None
