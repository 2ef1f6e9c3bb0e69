"""Response URLs, each good for five answers within 30 minutes of story time."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..errors import SlackError
from .store import Store

MAX_USES = 5
LIFETIME = timedelta(minutes=30)


@dataclass
class ResponseUrl:
    """An address for answers to one interaction; `ts` is the message it happened in."""

    key: str
    user: str
    channel: str
    expires: str
    ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0


class ResponseUrls:
    """Issue response URLs and count their uses."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._known = {key: ResponseUrl(**body) for key, body in store.load("reply").items()}

    def issue(self, user: str, channel: str, ts: str | None = None, thread_ts: str | None = None) -> ResponseUrl:
        """Issue an address for answers to an interaction."""
        self._forget_old()
        expires = (self._now() + LIFETIME).isoformat()
        reply = ResponseUrl(secrets.token_urlsafe(18), user, channel, expires, ts, thread_ts)
        self._known[reply.key] = reply
        self._store.put("reply", reply.key, reply)
        return reply

    def redeem(self, key: str) -> ResponseUrl:
        """Count one use. Raise Slack's error if none is left."""
        reply = self._known.get(key)
        if reply is None:
            raise SlackError("invalid_url")
        if reply.uses >= MAX_USES or datetime.fromisoformat(reply.expires) <= self._now():
            raise SlackError("used_url" if reply.uses >= MAX_USES else "expired_url")
        reply.uses += 1
        self._store.put("reply", key, reply)
        return reply

    def move(self, old: str, new: str) -> None:
        """Let the addresses of a channel answer under its new id."""
        for reply in self._known.values():
            if reply.channel == old:
                reply.channel = new
                self._store.put("reply", reply.key, reply)

    def _forget_old(self) -> None:
        oldest = next(iter(self._known.values()), None)
        while len(self._known) > 500 and oldest is not None:
            if datetime.fromisoformat(oldest.expires) > self._now():
                return
            self._known.pop(oldest.key)
            self._store.delete("reply", oldest.key)
            oldest = next(iter(self._known.values()), None)
