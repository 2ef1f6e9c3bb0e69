"""The app's tokens: which are valid, until when, and which error an invalid one gets."""

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..errors import SlackError
from .store import Store

LIFETIME = timedelta(hours=12)
MAX_ACTIVE = 2
PREFIXES = {"bot": "xoxb", "user": "xoxp"}


def new_token(kind: str, *, rotates: bool) -> str:
    """Return a new token in Slack's format."""
    prefix = f"xoxe.{PREFIXES[kind]}-1" if rotates else f"{PREFIXES[kind]}-{secrets.randbelow(10**12):012d}"
    return f"{prefix}-{secrets.token_hex(24 if rotates else 12)}"


@dataclass
class Token:
    """One token: `user` is whom it acts as, `refresh` renews it, `ended` is the error it gets once revoked."""

    number: int
    value: str
    kind: str
    user: str
    scopes: list[str] = field(default_factory=list)
    expires: str | None = None
    refresh: str | None = None
    ended: str | None = None
    exchanged: bool = False


class Tokens:
    """Issue, check, refresh and revoke tokens."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._known = {body["value"]: Token(**body) for body in store.load("token").values()}

    @property
    def any_issued(self) -> bool:
        """Return whether any token has ever been issued."""
        return bool(self._known)

    @property
    def installed(self) -> bool:
        """Return whether the app is installed, that is, has a valid token."""
        return bool(self.active())

    def find(self, value: object) -> Token | None:
        """Find a token, valid or not."""
        return self._known.get(value) if isinstance(value, str) else None

    def check(self, value: object) -> Token:
        """Find a valid token. Raise Slack's error if it is not valid."""
        token = self.find(value)
        if token is None:
            raise SlackError("invalid_auth")
        if token.ended is not None:
            raise SlackError(token.ended)
        if self._expired(token):
            raise SlackError("token_expired")
        return token

    def is_bot(self, value: str) -> bool:
        """Return whether a value is a valid bot token."""
        try:
            return self.check(value).kind == "bot"
        except SlackError:
            return False

    def _expired(self, token: Token) -> bool:
        return token.expires is not None and datetime.fromisoformat(token.expires) <= self._now()

    def active(self, kind: str | None = None, user: str | None = None) -> list[Token]:
        """List the tokens that are valid or can be refreshed, oldest first."""
        return [
            token
            for token in self._known.values()
            if token.ended is None
            and kind in (None, token.kind)
            and user in (None, token.user)
            and (token.refresh is not None or not self._expired(token))
        ]

    def issue(self, kind: str, user: str, scopes: Collection[str], *, rotates: bool, value: str | None = None) -> Token:
        """Issue a token; one that does not rotate is issued again as long as it is valid."""
        active = self.active(kind, user)
        permanent = next((existing for existing in active if existing.expires is None), None)
        if permanent is not None and not rotates:
            permanent.scopes = list(scopes)
            return self._save(permanent)
        token = Token(
            number=len(self._known),
            value=value or new_token(kind, rotates=rotates),
            kind=kind,
            user=user,
            scopes=list(scopes),
            expires=(self._now() + LIFETIME).isoformat() if rotates else None,
            refresh=f"xoxe-1-{secrets.token_hex(24)}" if rotates else None,
        )
        # Slack allows two at a time, so that a fleet can switch over; the oldest makes room.
        self.revoke([*active, token][:-MAX_ACTIVE], "token_revoked")
        return self._save(token)

    def refresh(self, refresh: str | None) -> Token:
        """Redeem a refresh token, and issue the next access token; the previous one stays valid until it expires."""
        old = next((candidate for candidate in self._known.values() if refresh and candidate.refresh == refresh), None)
        if old is None or old.ended is not None:
            raise SlackError("invalid_refresh_token")
        token = self.issue(old.kind, old.user, old.scopes, rotates=True)
        old.refresh = None
        self._save(old)
        return token

    def exchange(self, value: str) -> Token:
        """Exchange a token that does not expire for one that rotates."""
        old = self.find(value)
        if old is not None and old.exchanged:
            raise SlackError("token_already_exchanged")
        if old is None or old.expires is not None:
            raise SlackError("invalid_token")
        if old.ended is not None:
            raise SlackError("authorization_not_found")
        old.exchanged = True
        self.revoke([old], "token_revoked")
        return self.issue(old.kind, old.user, old.scopes, rotates=True)

    def revoke(self, tokens: Collection[Token], error: str) -> None:
        """Revoke tokens; from now on they get this error."""
        for token in tokens:
            token.ended = error
            self._save(token)

    def _save(self, token: Token) -> Token:
        self._known[token.value] = token
        self._store.put("token", f"{token.number:06d}", token)
        return token
