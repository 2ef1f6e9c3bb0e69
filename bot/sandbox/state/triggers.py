"""Trigger ids, each good for one modal within three seconds of real time."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from ..errors import SlackError


@dataclass
class Trigger:
    """An interaction after which one modal may be opened, within a time limit."""

    user: str
    view_id: str | None
    born: float
    used: bool = False


class Triggers:
    """Issue trigger ids, and redeem each once."""

    def __init__(self, limit: float, now: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._now = now
        self._known: dict[str, Trigger] = {}

    def issue(self, user: str, view_id: str | None = None) -> str:
        """Issue a trigger id for an interaction."""
        # Old ones are kept for a while, so that the app learns that they are expired and not unknown.
        while len(self._known) > 5000:
            self._known.pop(next(iter(self._known)))
        key = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._known[key] = Trigger(user, view_id, self._now())
        return key

    def redeem(self, key: object) -> Trigger:
        """Redeem a trigger id. Raise Slack's error if it is not valid."""
        trigger = self._known.get(key) if isinstance(key, str) else None
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._now() - trigger.born > self._limit:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger
