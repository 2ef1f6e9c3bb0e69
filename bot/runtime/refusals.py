"""Requests that were refused because of their signature: a wrong secret or a wrong clock would look like silence."""

import hmac
import threading
import time
from enum import StrEnum

import structlog
from slack_sdk.signature import SignatureVerifier

log = structlog.get_logger()

LOG_SECONDS = 60.0
"""How often refused requests are logged: anybody can send any number of them."""

REMEMBERED_SECONDS = 600.0
"""How long refused requests count as trouble."""


class Cause(StrEnum):
    """Why a request was refused, as far as its signature tells. The text is for whoever runs the bot."""

    SIGNATURE = (
        "Slack's requests are refused because they are signed with another secret than SLACK_SIGNING_SECRET. Copy it "
        "again from Basic Information at api.slack.com/apps."
    )
    CLOCK = (
        "Slack's requests are refused because their time differs from this machine's clock by more than five minutes. "
        "Set the clock."
    )


class Refusals:
    """Counts refused requests, and tells whether they mean that something is wrong."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts = dict.fromkeys(Cause, 0)
        self._last: dict[Cause, float] = {}
        self._unlogged = 0
        self._logged_at = float("-inf")
        self._secret_is_right = False

    def accept(self) -> None:
        """Record a genuine request: the secret and the clock are right."""
        with self._lock:
            self._secret_is_right = True
            self._last.clear()

    def refuse(self, verifier: SignatureVerifier, body: bytes, timestamp: str, signature: str) -> None:
        """Record a refused request, and log those of the last minute. What carries no signature is not Slack's."""
        if not (timestamp.isascii() and timestamp.isdecimal() and signature.startswith("v0=")):
            return
        cause = _cause(verifier, body, timestamp, signature)
        with self._lock:
            now = time.monotonic()
            self._counts[cause] += 1
            self._last[cause] = now
            self._unlogged += 1
            if now - self._logged_at < LOG_SECONDS:
                return
            count, self._unlogged, self._logged_at = self._unlogged, 0, now
        log.warning("requests refused", count=count, wrong=cause.name.lower())

    def trouble(self) -> str:
        """Explain what is wrong. Empty if all is well.

        Anybody can send requests that are signed with a wrong secret. They are no sign of trouble once Slack has signed
        one with ours. With our own secret, only Slack can sign one whose time is wrong.
        """
        with self._lock:
            now = time.monotonic()
            recent = {cause for cause, at in self._last.items() if now - at < REMEMBERED_SECONDS}
            if Cause.CLOCK in recent:
                return Cause.CLOCK.value
            return Cause.SIGNATURE.value if Cause.SIGNATURE in recent and not self._secret_is_right else ""


def _cause(verifier: SignatureVerifier, body: bytes, timestamp: str, signature: str) -> Cause:
    try:
        expected = verifier.generate_signature(timestamp=timestamp, body=body)
    except UnicodeDecodeError:
        return Cause.SIGNATURE
    ours = expected is not None and hmac.compare_digest(expected.encode(), signature.encode())
    return Cause.CLOCK if ours else Cause.SIGNATURE
