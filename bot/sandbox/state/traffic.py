"""The latest requests and responses between the sandbox and the app."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from ..json_values import Json

SECRETS = frozenset(
    {
        "access_token",
        "app_token",
        "bot_token",
        "client_secret",
        "code",
        "refresh_token",
        "signing_secret",
        "ssl_check",
        "token",
    }
)
MAX_ENTRIES = 2000


def without_secrets(body: Any) -> Any:
    """Copy a body without secrets."""
    if isinstance(body, dict):
        return {name: without_secrets(value) for name, value in body.items() if name not in SECRETS}
    return body


class TrafficLog:
    """Keep the latest requests and responses in both directions."""

    def __init__(self) -> None:
        self._kept: deque[Json] = deque(maxlen=MAX_ENTRIES)
        self._count = 0
        self.on_entry: Callable[[Json], None] = lambda _entry: None
        """Called with every entry; for those who need more than the latest."""

    def record(self, entry: Json) -> int:
        """Record a request and its response; return the entry's number."""
        self._count += 1
        self._kept.append({"n": self._count, **entry})
        self.on_entry(self._kept[-1])
        return self._count

    def record_refusal(self, number: int, code: str, messages: Sequence[str] = ()) -> None:
        """Record that Slack would not have accepted the app's response."""
        entry = next((candidate for candidate in reversed(self._kept) if candidate["n"] == number), None)
        if entry is not None:
            entry["refused"] = {"error": code, "messages": list(messages)}

    def since(self, seen: int) -> list[Json]:
        """List the entries numbered higher than `seen`, oldest first."""
        return [entry for entry in self._kept if entry["n"] > seen]
