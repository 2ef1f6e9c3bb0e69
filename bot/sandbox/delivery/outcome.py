"""The outcome of one delivery to the app."""

from dataclasses import dataclass
from typing import Any

# Slack's names for what went wrong, used in the headers of retries.
TIMEOUT = "http_timeout"
UNREACHABLE = "connection_failed"
REFUSED = "http_error"


@dataclass(frozen=True)
class Outcome:
    """The acknowledgment and the time it took, or why there is none (`reason`)."""

    ms: float
    status: int | None = None
    body: Any = None
    reason: str | None = None
    retry: bool = True
    number: int = 0
    """The number of its entry in the traffic log."""
