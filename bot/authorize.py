"""The bot token: the workspace it belongs to, and Slack clients that use it."""

import threading

from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.delivery.calls import TIMEOUT_SECONDS

LISTENER_SECONDS = 2
"""How long a listener waits for Slack, which expects the acknowledgement within three seconds."""


class Authority:
    """Holds the one bot token; asks Slack once which workspace it belongs to, and remembers the answer."""

    def __init__(self, token: str, api_url: str, *, listener_seconds: int = LISTENER_SECONDS) -> None:
        self._token = token
        self._api_url = api_url
        self._listener_seconds = listener_seconds
        self._lock = threading.Lock()
        self._result: AuthorizeResult | None = None

    def authorize(self) -> AuthorizeResult:
        """Return what Bolt needs to know about the token. Raise SlackApiError if Slack does not accept the token."""
        with self._lock:
            if self._result is None:
                response = self.client("").auth_test()
                self._result = AuthorizeResult(
                    enterprise_id=response.get("enterprise_id"),
                    team_id=response["team_id"],
                    bot_user_id=response["user_id"],
                    bot_id=response.get("bot_id"),
                    bot_token=self._token,
                )
            return self._result

    def client(self, team: str) -> WebClient:
        """Return a client for listeners: a short timeout, no retries."""
        del team
        return WebClient(self._token, base_url=self._api_url, timeout=self._listener_seconds, retry_handlers=[])

    def courier_client(self, team: str) -> WebClient:
        """Return a client for the courier: a longer timeout, and the courier itself decides about retries."""
        del team
        return WebClient(self._token, base_url=self._api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
