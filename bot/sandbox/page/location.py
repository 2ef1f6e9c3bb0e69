"""The page's address: who acts, and what they look at. Two windows are two people."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Location:
    """A location on the page. A room that begins with @ is the person's direct messages with the app."""

    who: str = ""
    room: str = ""
    tab: str = ""
    thread: str = ""
    inspect: str = ""
    way: str = ""
    failed: str = ""
    find: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Location":
        """Read the query of an address."""
        return cls(*(query.get(name, "") for name in ("as", "in", "tab", "thread", "inspect", "way", "failed", "find")))

    def address(self) -> str:
        """Return the address."""
        query = {
            "as": self.who,
            "in": self.room,
            "tab": self.tab,
            "thread": self.thread,
            "inspect": self.inspect,
            "way": self.way,
            "failed": self.failed,
            "find": self.find,
        }
        return "/?" + urlencode({name: value for name, value in query.items() if value}, safe="@")
