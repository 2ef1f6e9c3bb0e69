"""What is outside comes in through here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from slack_sdk import WebClient

from handlers.kit.directory import Directory
from handlers.kit.fetch import Fetch
from storage.database import Database
from storage.seals import KeyRing


class Clock(Protocol):
    """Story time."""

    def now(self) -> datetime:
        """Give the present moment, aware and in UTC."""


class ResponseUrls(Protocol):
    """Small private answers that may be lost without harm, sent beside the request."""

    def send(self, url: str, body: dict[str, Any]) -> None:
        """Answer at a `response_url`, soon, once, without waiting."""


@dataclass
class PublicUrl:
    """Where the bot's own web pages are found from outside; empty where nobody has said."""

    url: str = ""


@dataclass(frozen=True)
class Deps:
    """The database, Slack and the clock, as a listener meets them.

    `slack` gives the client for a workspace: two seconds of patience, no repeats. `fetch` brings in what lies
    elsewhere; it can take ten seconds, so no listener waits for it. `front` is filled in when the address is known,
    which in the demo is after the web server has started.
    """

    db: Database
    clock: Clock
    slack: Callable[[str], WebClient]
    directory: Directory
    keys: KeyRing
    response_urls: ResponseUrls
    fetch: Fetch
    public_url: PublicUrl = field(default_factory=PublicUrl)
