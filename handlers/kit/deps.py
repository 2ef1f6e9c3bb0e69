"""Dependencies of the listeners: the database, Slack, the clock and other servers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from slack_sdk import WebClient

from handlers.kit.directory import Directory
from handlers.kit.fetch import Fetch
from storage.database import Database
from storage.seals import KeyRing


class Clock(Protocol):
    """The clock: real time, or story time in the sandbox."""

    def now(self) -> datetime:
        """Return the current time, aware and in UTC."""

    def monotonic(self) -> float:
        """Return seconds that grow with the time and never go back, even if the clock is set back."""


class ResponseUrls(Protocol):
    """Sends private answers in the background. They may be lost without harm."""

    def send(self, url: str, *answers: Sequence[dict[str, Any]]) -> None:
        """Post to a `response_url` soon and once, without waiting for it.

        Several answers appear in this order. Each answer is a list of bodies: where Slack refuses one, for example
        because it does not know charts, the next is posted instead.
        """


@dataclass
class PublicUrl:
    """Public address of the bot's own web pages. Empty if it is not configured."""

    url: str = ""


@dataclass(frozen=True)
class Deps:
    """Everything that a listener or job gets from outside.

    `slack` returns the client for a workspace, with a short timeout and no retries. `fetch` downloads from other
    servers; that can take ten seconds, so no listener waits for it. `public_url` is filled in when the address is
    known: in the demo, after the web server has started.
    """

    db: Database
    clock: Clock
    slack: Callable[[str], WebClient]
    directory: Directory
    keys: KeyRing
    response_urls: ResponseUrls
    fetch: Fetch
    public_url: PublicUrl = field(default_factory=PublicUrl)
