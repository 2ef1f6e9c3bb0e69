"""Which token belongs to which workspace, and clients that use it."""

import threading

from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.delivery.calls import SECONDS

LISTENER_SECONDS = 2
"""How long a listener waits for Slack, which itself waits three seconds for the acknowledgement."""


class Authority:
    """Knows the one bot token; asks Slack once whose it is and remembers the answer."""

    def __init__(self, token: str, api_url: str, *, listener_seconds: int = LISTENER_SECONDS) -> None:
        self._token = token
        self._api_url = api_url
        self._listener_seconds = listener_seconds
        self._lock = threading.Lock()
        self._known: AuthorizeResult | None = None

    def whose(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        """Give what Bolt wants to know, without asking Slack at every request.

        Raises slack_sdk.errors.SlackApiError where Slack does not take the token.
        """
        del enterprise_id, team_id  # one token: presses by people from outside carry the same one
        with self._lock:
            if self._known is None:
                found = self.client("").auth_test()
                self._known = AuthorizeResult(
                    enterprise_id=found.get("enterprise_id"),
                    team_id=found["team_id"],
                    bot_user_id=found["user_id"],
                    bot_id=found.get("bot_id"),
                    bot_token=self._token,
                )
            return self._known

    def client(self, team: str) -> WebClient:
        """Give a client for listeners: little patience, no repeats."""
        del team
        return WebClient(self._token, base_url=self._api_url, timeout=self._listener_seconds, retry_handlers=[])

    def courier(self, team: str) -> WebClient:
        """Give a client for the courier, which has more patience and decides itself about repeats."""
        del team
        return WebClient(self._token, base_url=self._api_url, timeout=SECONDS, retry_handlers=[])
