"""What is brought in from elsewhere: calendars at an address, and files that people hand over in Slack."""

from typing import Protocol


class Unreadable(Exception):  # noqa: N818 - it is an answer to a person
    """It could not be brought in or read; `sentence` says so for the person who asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Unreachable(Unreadable):
    """It could not be reached just now; it is worth trying again."""


class Fetch(Protocol):
    """Brings bytes from elsewhere, at most two million of them within ten seconds."""

    def check(self, typed: str) -> str:
        """Give an address as it is kept, where it can be told at once that it may be visited. Raises Unreadable."""

    def address(self, url: str) -> bytes:
        """Fetch what lies at a public address. Raises Unreadable."""

    def file(self, workspace: str, url: str) -> bytes:
        """Fetch a file from Slack, with the bot's token, from nowhere but Slack. Raises Unreadable."""
