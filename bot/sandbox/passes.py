"""What the app may use a few times for a while: trigger ids and response urls."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.problems import SlackError
from bot.sandbox.store import Store

TRIGGER_SECONDS = 3.0
RESPONSES = 5
RESPONSE_TIME = timedelta(minutes=30)


@dataclass
class Trigger:
    """A person's doing, on which a modal may be opened once within three seconds of real time."""

    user: str
    view_id: str | None
    born: float
    used: bool = False


class Triggers:
    """Give out trigger ids and take each back once."""

    def __init__(self) -> None:
        self._known: dict[str, Trigger] = {}

    def give(self, user: str, view_id: str | None = None) -> str:
        """Make a trigger id for what a person has just done."""
        # Old ones are kept for a while, so that the app learns that they are old and not unknown.
        while len(self._known) > 5000:
            self._known.pop(next(iter(self._known)))
        key = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._known[key] = Trigger(user, view_id, time.monotonic())
        return key

    def take(self, key: object) -> Trigger:
        """Use a trigger id up, or say as Slack does why it cannot be."""
        found = self._known.get(key) if isinstance(key, str) else None
        if found is None:
            raise SlackError("invalid_trigger_id")
        if found.used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - found.born > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        found.used = True
        return found


class Tickets:
    """Give out addresses for Socket Mode connections, each good for one."""

    def __init__(self) -> None:
        self._open: set[str] = set()

    def give(self) -> str:
        """Make a ticket."""
        ticket = secrets.token_urlsafe(16)
        self._open.add(ticket)
        return ticket

    def take(self, ticket: str) -> bool:
        """Use a ticket up; say whether it was one."""
        if ticket not in self._open:
            return False
        self._open.discard(ticket)
        return True


@dataclass
class Reply:
    """An address at which the app may answer one doing; `ts` is the message it was done on."""

    key: str
    user: str
    channel: str
    expires: str
    ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0


class Replies:
    """Give out response urls and count their uses."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._known = {key: Reply(**body) for key, body in store.load("reply").items()}

    def give(self, user: str, channel: str, ts: str | None = None, thread_ts: str | None = None) -> Reply:
        """Make an address for answers to what a person has just done."""
        self._forget_old()
        expires = (self._now() + RESPONSE_TIME).isoformat()
        reply = Reply(secrets.token_urlsafe(18), user, channel, expires, ts, thread_ts)
        self._known[reply.key] = reply
        self._store.put("reply", reply.key, reply)
        return reply

    def take(self, key: str) -> Reply:
        """Count one use, or say as Slack does why there is none left."""
        reply = self._known.get(key)
        if reply is None:
            raise SlackError("invalid_url")
        if reply.uses >= RESPONSES or datetime.fromisoformat(reply.expires) <= self._now():
            raise SlackError("used_url" if reply.uses >= RESPONSES else "expired_url")
        reply.uses += 1
        self._store.put("reply", key, reply)
        return reply

    def _forget_old(self) -> None:
        oldest = next(iter(self._known.values()), None)
        while len(self._known) > 500 and oldest is not None:
            if datetime.fromisoformat(oldest.expires) > self._now():
                return
            self._known.pop(oldest.key)
            self._store.drop("reply", oldest.key)
            oldest = next(iter(self._known.values()), None)
