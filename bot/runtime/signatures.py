"""Slack's signature on a request over HTTP, read without trusting anything in it."""

import hashlib
import hmac
import re
import time
from collections.abc import Callable
from enum import StrEnum

MAX_AGE_SECONDS = 300
"""How far a request's time may be from ours. Slack recommends five minutes."""

_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)


class Verdict(StrEnum):
    """What a signature says about a request. The value is for the log."""

    GENUINE = "genuine"
    NOT_SIGNED = "without a signature"
    WRONG_TIME = "signed at another time: check the clocks"
    WRONG_SECRET = "signed with another secret: check SLACK_SIGNING_SECRET"  # noqa: S105 - it is a sentence


class Signatures:
    """Checks signatures with the app's signing secret. Without a secret, no request is genuine."""

    def __init__(self, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret.encode()
        self._clock = clock

    def is_complete(self, timestamp: str, signature: str) -> bool:
        """Return whether the two headers have the form that Slack gives them. The body is not needed for this."""
        return bool(self._secret and _TIMESTAMP.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature))

    def judge(self, body: bytes, timestamp: str, signature: str) -> Verdict:
        """Judge a request by its body and two of its headers, whatever is in them."""
        if not self.is_complete(timestamp, signature):
            return Verdict.NOT_SIGNED
        expected = "v0=" + hmac.new(self._secret, b"v0:%b:%b" % (timestamp.encode(), body), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, signature):
            return Verdict.WRONG_SECRET
        return Verdict.GENUINE if abs(self._clock() - int(timestamp)) <= MAX_AGE_SECONDS else Verdict.WRONG_TIME
