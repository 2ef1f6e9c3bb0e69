"""The tokens that the app has been given: which are good, until when, and what an ended one earns."""

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
    """Make a token of the form that Slack gives out."""
    prefix = f"xoxe.{PREFIXES[kind]}-1" if rotates else f"{PREFIXES[kind]}-{secrets.randbelow(10**12):012d}"
    return f"{prefix}-{secrets.token_hex(24 if rotates else 12)}"


@dataclass
class Token:
    """One token: `user` is whom it acts as, `refresh` buys the next one, `ended` is the error it earns by now."""

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
    """Give tokens out, look at those that come back, and take them away."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._known = {body["value"]: Token(**body) for body in store.load("token").values()}

    @property
    def any_issued(self) -> bool:
        """Say whether any token has ever been given out."""
        return bool(self._known)

    @property
    def installed(self) -> bool:
        """Say whether the app is in the workspace: as long as one token of its is left."""
        return bool(self.active())

    def find(self, value: object) -> Token | None:
        """Find a token, good or not."""
        return self._known.get(value) if isinstance(value, str) else None

    def check(self, value: object) -> Token:
        """Find a good token, or say as Slack does what is wrong with it."""
        found = self.find(value)
        if found is None:
            raise SlackError("invalid_auth")
        if found.ended is not None:
            raise SlackError(found.ended)
        if self._expired(found):
            raise SlackError("token_expired")
        return found

    def is_bot(self, value: str) -> bool:
        """Say whether this is a good token of the bot's."""
        try:
            return self.check(value).kind == "bot"
        except SlackError:
            return False

    def _expired(self, token: Token) -> bool:
        return token.expires is not None and datetime.fromisoformat(token.expires) <= self._now()

    def active(self, kind: str | None = None, user: str | None = None) -> list[Token]:
        """List what is good or can be refreshed, oldest first."""
        return [
            one
            for one in self._known.values()
            if one.ended is None
            and kind in (None, one.kind)
            and user in (None, one.user)
            and (one.refresh is not None or not self._expired(one))
        ]

    def issue(self, kind: str, user: str, scopes: Collection[str], *, rotates: bool, value: str | None = None) -> Token:
        """Give out a token; one that does not rotate is given out again as long as it is good."""
        active = self.active(kind, user)
        lasting = next((one for one in active if one.expires is None), None)
        if lasting is not None and not rotates:
            lasting.scopes = list(scopes)
            return self._save(lasting)
        token = Token(
            number=len(self._known),
            value=value or new_token(kind, rotates=rotates),
            kind=kind,
            user=user,
            scopes=list(scopes),
            expires=(self._now() + LIFETIME).isoformat() if rotates else None,
            refresh=f"xoxe-1-{secrets.token_hex(24)}" if rotates else None,
        )
        # Slack lets two live side by side, so that a fleet can change over; the oldest makes room.
        self.revoke([*active, token][:-MAX_ACTIVE], "token_revoked")
        return self._save(token)

    def refresh(self, refresh: str | None) -> Token:
        """Take a refresh token, once, and give the next access token; the last one lives out its hours."""
        found = next((one for one in self._known.values() if refresh and one.refresh == refresh), None)
        if found is None or found.ended is not None:
            raise SlackError("invalid_refresh_token")
        token = self.issue(found.kind, found.user, found.scopes, rotates=True)
        found.refresh = None
        self._save(found)
        return token

    def exchange(self, value: str) -> Token:
        """Take a token that lasts, and give one that rotates for it."""
        found = self.find(value)
        if found is not None and found.exchanged:
            raise SlackError("token_already_exchanged")
        if found is None or found.expires is not None:
            raise SlackError("invalid_token")
        if found.ended is not None:
            raise SlackError("authorization_not_found")
        found.exchanged = True
        self.revoke([found], "token_revoked")
        return self.issue(found.kind, found.user, found.scopes, rotates=True)

    def revoke(self, tokens: Collection[Token], error: str) -> None:
        """Take tokens away; from now on they earn this error."""
        for token in tokens:
            token.ended = error
            self._save(token)

    def _save(self, token: Token) -> Token:
        self._known[token.value] = token
        self._store.put("token", f"{token.number:06d}", token)
        return token
