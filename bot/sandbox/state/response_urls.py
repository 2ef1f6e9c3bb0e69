"""Response URLs, each good for five answers within 30 minutes of story time."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..errors import SlackError
from .store import Store

RESPONSES = 5
RESPONSE_TIME = timedelta(minutes=30)


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
