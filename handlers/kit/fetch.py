"""Downloads: calendars at a web address, and files that people upload to Slack."""

from typing import Protocol


class Unreadable(Exception):  # noqa: N818 - it is an answer to a person
    """The download failed or cannot be read. `sentence` explains it to the person who asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class DownloadFailed(Unreadable):
    """The server cannot be reached at the moment; another try may succeed."""


class Fetch(Protocol):
    """Downloads at most two million bytes within ten seconds."""

    def check(self, typed: str) -> str:
        """Return an address as it is stored. Raise Unreadable if the address alone shows that it is not allowed."""

    def address(self, url: str) -> bytes:
        """Download from a public address. Raise Unreadable."""

    def file(self, workspace: str, url: str) -> bytes:
        """Download a file from Slack with the bot's token, which is sent only to Slack. Raise Unreadable."""
