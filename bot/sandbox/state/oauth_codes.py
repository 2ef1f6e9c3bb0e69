"""The codes that the consent page issues, each good once, for ten minutes of story time."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..errors import SlackError

LIFETIME = timedelta(minutes=10)


@dataclass
class OAuthCode:
    """What somebody has authorized; `redirect_uri` is as in the link, or empty."""

    value: str
    user: str
    scopes: tuple[str, ...]
    user_scopes: tuple[str, ...]
    redirect_uri: str
    expires: datetime
    used: bool = False


class OAuthCodes:
    """Issue codes, and redeem each once."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._known: dict[str, OAuthCode] = {}

    def issue(self, user: str, scopes: tuple[str, ...], user_scopes: tuple[str, ...], redirect_uri: str) -> str:
        """Issue a code for what somebody has just authorized."""
        value = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(32)}"
        self._known[value] = OAuthCode(value, user, scopes, user_scopes, redirect_uri, self._now() + LIFETIME)
        return value

    def redeem(self, value: str | None, redirect_uri: str) -> OAuthCode:
        """Redeem a code. Raise Slack's error if it is not valid."""
        code = self._known.get(value or "")
        if code is None:
            raise SlackError("invalid_code")
        if code.used:
            raise SlackError("code_already_used")
        if code.expires <= self._now():
            raise SlackError("invalid_code")
        if redirect_uri != code.redirect_uri:
            raise SlackError("bad_redirect_uri")
        code.used = True
        return code
