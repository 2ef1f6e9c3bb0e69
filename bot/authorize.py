"""The bot token, and Slack clients that use it."""

from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.delivery.calls import TIMEOUT_SECONDS
from bot.slack_client import SlackClient

LISTENER_SECONDS = 2
"""How long a listener waits for Slack, which expects the acknowledgement within three seconds."""


class Authority:
    """Holds the one bot token."""

    def __init__(self, token: str, api_url: str, *, listener_seconds: int = LISTENER_SECONDS) -> None:
        self._token = token
        self._api_url = api_url
        self._listener_seconds = listener_seconds

    def authorize(self) -> AuthorizeResult:
        """Return the token for Bolt, without asking Slack whose it is.

        If Slack did not answer such a question, Bolt would tell the person that the app is not installed, and would
        acknowledge a request that no listener has seen. Requests by people from other workspaces use the token too.
        """
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=self._token)

    def client(self, team: str) -> WebClient:
        """Return a client for listeners: a short timeout, no retries."""
        del team
        return SlackClient(self._token, base_url=self._api_url, timeout=self._listener_seconds, retry_handlers=[])

    def courier_client(self, team: str) -> WebClient:
        """Return a client for the courier: a longer timeout, and the courier itself decides about retries."""
        del team
        return SlackClient(self._token, base_url=self._api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
