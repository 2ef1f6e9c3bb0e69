"""Fetching from elsewhere: calendars from public addresses only, files from Slack only.

A person gives the address, so it could lead to the machine's own network. Each name is resolved once, every
address it has is checked, and the connection goes to the one that was checked. Redirects go through the same.
"""

import queue
import socket
import threading
from collections.abc import Callable
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from slack_sdk import WebClient

from bot.fetch.http_get import SECONDS, Answer, Deadline, get
from handlers.kit import web_addresses
from handlers.kit.fetch import Fetch, Unreachable, Unreadable

REDIRECTS = 3

NOT_FOUND = "There is nothing at that address any more. Look for the calendar's present address, and give me that."
LOCKED = "That address asks for a password. Use the calendar's public address, or hand the file over here."
UNKNOWN = "I could not find that address on the web. Look whether it is typed right."
TROUBLE = "That address did not answer as it should just now."
AROUND = "That address leads on and on to others. Give me the one at which it ends."
NOT_HANDED_OVER = (
    "Slack did not hand the file over to me. I may lack the permission to read files; whoever looks after me can "
    "install me once more from the manifest."
)
GONE = "The file is gone from Slack. Hand it over once more."

Resolve = Callable[[str, int], list[str]]
Allowed = Callable[[str, int], bool]
Fetching = Callable[[Callable[[str], WebClient]], Fetch]


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


def _allowed(address: str, port: int) -> bool:
    return web_addresses.is_public(address) and usual(port)


def usual(port: int) -> bool:
    """Tell whether this is one of the web's own ports."""
    return port in web_addresses.PORTS.values()


class Fetcher:
    """Fetches; `resolve` and `allowed` are given by tests, which have no network but their own machine."""

    def __init__(
        self,
        slack: Callable[[str], WebClient],
        *,
        resolve: Resolve = _resolve,
        allowed: Allowed = _allowed,
        port_allowed: Callable[[int], bool] = usual,
        seconds: float = SECONDS,
    ) -> None:
        self._slack = slack
        self._resolve = resolve
        self._allowed = allowed
        self._port_allowed = port_allowed
        self._seconds = seconds

    def check(self, typed: str) -> str:
        """Give an address as it is kept, where it can be told at once that it may be visited. Raises Unreadable."""
        url = web_addresses.read(typed)
        if not self._port_allowed(_port(url)):
            raise Unreadable(web_addresses.OTHER_PORT)
        return urlunsplit(url)

    def address(self, url: str) -> bytes:
        """Fetch what lies at a public address. Raises Unreadable."""
        deadline = Deadline(self._seconds)
        for _ in range(REDIRECTS + 1):
            parts = urlsplit(self.check(url))
            answer = get(parts, self._public(parts, deadline), deadline, {})
            if answer.moved_to is None:
                return _found(answer)
            url = urljoin(urlunsplit(parts), answer.moved_to)
        raise Unreadable(AROUND)

    def _public(self, url: SplitResult, deadline: Deadline) -> str:
        """Resolve a name, once, and give the address to visit. Raises Unreadable if any of them is not public."""
        host, port = url.hostname or "", _port(url)
        found = _patiently(lambda: self._resolve(host, port), deadline)
        if found is None:
            raise Unreachable(UNKNOWN)
        if not found:
            raise Unreadable(UNKNOWN)
        if not all(self._allowed(address, port) for address in found):
            raise Unreadable(web_addresses.NOT_PUBLIC)
        # a name with both kinds: not every machine has a way to IPv6
        return min(found, key=lambda address: ":" in address)

    def file(self, workspace: str, url: str) -> bytes:
        """Fetch a file from Slack, with the bot's token, from nowhere but Slack. Raises Unreadable."""
        client = self._slack(workspace)
        parts = urlsplit(url)
        if not is_slacks(parts, urlsplit(client.base_url)):
            raise Unreadable(NOT_HANDED_OVER)
        answer = get(
            parts, parts.hostname or "", Deadline(self._seconds), {"Authorization": f"Bearer {client.token or ''}"}
        )
        if answer.status in {404, 410}:
            raise Unreadable(GONE)
        if answer.status == 429 or answer.status >= 500:
            raise Unreachable(TROUBLE)
        if answer.status != 200 or answer.kind == "text/html":
            # without the scope Slack shows its page for signing in
            raise Unreadable(NOT_HANDED_OVER)
        return answer.body


def is_slacks(url: SplitResult, api: SplitResult) -> bool:
    """Tell whether a file's address is Slack's own: the token goes nowhere else."""
    try:
        place = (url.scheme, url.hostname, url.port)
    except ValueError:
        return False
    if url.username is not None or url.password is not None:
        return False
    host = api.hostname or ""
    if host in {"slack.com", "www.slack.com", "slack-gov.com"}:
        return place == ("https", f"files.{host.removeprefix('www.')}", None)
    return place == (api.scheme, api.hostname, api.port)


def _port(url: SplitResult) -> int:
    return url.port if url.port is not None else web_addresses.PORTS[url.scheme]


def _found(answer: Answer) -> bytes:
    if answer.status == 200:
        return answer.body
    if answer.status in {401, 403, 407}:
        raise Unreadable(LOCKED)
    if answer.status in {404, 410}:
        raise Unreadable(NOT_FOUND)
    raise Unreachable(TROUBLE)


def _patiently(ask: Callable[[], list[str]], deadline: Deadline) -> list[str] | None:
    """Ask for addresses no longer than there is time (the system's resolver can take minutes); None for no answer."""
    answers: queue.SimpleQueue[list[str] | None] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put(ask())
        except socket.gaierror as error:
            # a name that does not exist is for the person to mend; a resolver in trouble may be well soon
            answers.put([] if error.errno == socket.EAI_NONAME else None)
        except (OSError, UnicodeError):
            answers.put([])

    threading.Thread(target=run, name="resolver", daemon=True).start()
    try:
        return answers.get(timeout=deadline.left())
    except queue.Empty:
        return None
