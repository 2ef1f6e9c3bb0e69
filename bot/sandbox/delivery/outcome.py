"""What became of one delivery to the app."""

from dataclasses import dataclass
from typing import Any

# Slack's words for what went wrong, in a retried event's headers.
TIMEOUT = "http_timeout"
UNREACHABLE = "connection_failed"
REFUSED = "http_error"


@dataclass(frozen=True)
class Outcome:
    """The acknowledgement and the time it took, or why there is none (`reason`)."""

    ms: float
    status: int | None = None
    body: Any = None
    reason: str | None = None
    retry: bool = True
    number: int = 0
    """Its place in the traffic."""
