"""Requests that were refused because of their signature: a wrong secret or a wrong clock would look like silence."""

import threading
import time

from bot.runtime import refused_requests
from bot.runtime.signatures import Verdict

REMEMBERED_SECONDS = 600.0
"""How long refused requests count as trouble."""

TROUBLES = {
    Verdict.WRONG_TIME: (
        "Slack's requests are refused because their time differs from this machine's clock by more than five minutes. "
        "Set the clock."
    ),
    Verdict.WRONG_SECRET: (
        "Slack's requests are refused because they are signed with another secret than SLACK_SIGNING_SECRET. Copy it "
        "again from Basic Information at api.slack.com/apps."
    ),
}
"""What a verdict means for whoever runs the bot. What carries no signature is not Slack's."""


class SignatureTrouble:
    """Records refused requests, and tells whether they mean that something is wrong."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[Verdict, float] = {}
        self._secret_is_right = False

    def accept(self) -> None:
        """Record a genuine request: the secret and the clock are right."""
        with self._lock:
            self._secret_is_right = True
            self._last.clear()

    def refuse(self, verdict: Verdict) -> None:
        """Record a refused request."""
        refused_requests.note(verdict)
        if verdict in TROUBLES:
            with self._lock:
                self._last[verdict] = time.monotonic()

    def trouble(self) -> str:
        """Explain what is wrong. Empty if all is well.

        Anybody can send requests that are signed with a wrong secret. They are no sign of trouble once Slack has signed
        one with ours. With our own secret, only Slack can sign one whose time is wrong.
        """
        with self._lock:
            now = time.monotonic()
            recent = {verdict for verdict, at in self._last.items() if now - at < REMEMBERED_SECONDS}
            if Verdict.WRONG_TIME in recent:
                return TROUBLES[Verdict.WRONG_TIME]
            is_trouble = Verdict.WRONG_SECRET in recent and not self._secret_is_right
            return TROUBLES[Verdict.WRONG_SECRET] if is_trouble else ""
