"""One call to Slack, and its result."""

import errno
import http.client
import socket
import ssl
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from http import HTTPStatus
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from handlers.kit.retry_after import read_retry_after
from handlers.kit.slack_errors import MISSING_SCOPE, NO_ACCESS, RATE_LIMITED, TROUBLE, code_in

TIMEOUT_SECONDS = 10
"""How long the courier waits for Slack."""


class Outcome(Enum):
    """How a call to Slack ended.

    - `OK`: Slack accepted it.
    - `RETRY`: Slack did not accept it; try again.
    - `RATE_LIMITED`: the same, but not before `CallResult.retry_after`.
    - `NO_ACCESS`: the same for the whole workspace, until somebody mends the bot's token or its permissions.
    - `REJECTED`: Slack does not accept this call.
    - `UNKNOWN`: the reply was lost or is not Slack's, so Slack may or may not have accepted it.
    """

    OK = "ok"
    RETRY = "retry"
    RATE_LIMITED = "rate_limited"
    NO_ACCESS = "no_access"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class CallResult:
    """The result of a call. `data` is Slack's response if the outcome is OK, otherwise `reason` says why not."""

    outcome: Outcome
    reason: str = ""
    retry_after: timedelta = timedelta()
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def ts(self) -> str | None:
        """Return the id of the message that the call posted."""
        ts: str | None = self.data.get("ts")
        return ts

    @property
    def channel(self) -> str | None:
        """Return the id of the channel in which the call posted."""
        channel = self.data.get("channel")
        return channel if isinstance(channel, str) else None

    @property
    def refused(self) -> bool:
        """Return whether Slack answered that it does not accept the call, because of the call or of the token."""
        return self.outcome in {Outcome.REJECTED, Outcome.NO_ACCESS}


UNREADABLE = "Slack's answer could not be read"

_ANSWERS = {"chat.postMessage": "ts"}
"""What Slack's answer to a method always contains. An answer without it is not Slack's."""

_OTHERWISE = timedelta(seconds=30)
"""How long to wait where Slack limits the rate and does not say how long."""


def call(
    client: WebClient, method: str, body: dict[str, Any] | None = None, *, params: dict[str, Any] | None = None
) -> CallResult:
    """Call Slack once, with `body` as JSON or with `params` as a form, which some methods require."""
    try:
        response = client.api_call(method, json=body, params=params)
    except SlackApiError as error:
        return _of_missing_scope(method, result_of_error(error))
    except (OSError, http.client.HTTPException) as error:
        if _was_not_sent(error) or _was_not_sent(getattr(error, "reason", None)):
            return CallResult(Outcome.RETRY, reason="Slack cannot be reached")
        return CallResult(Outcome.UNKNOWN, reason="the connection to Slack broke")
    except SlackClientError as error:
        return CallResult(Outcome.UNKNOWN, reason=type(error).__name__)
    except (AttributeError, ValueError):
        # JSON that is no object, or bytes that are no text: slack_sdk has no error for them
        return CallResult(Outcome.UNKNOWN, reason=UNREADABLE)
    return _accepted(method, response.data if isinstance(response.data, dict) else {})


def _accepted(method: str, data: dict[str, Any]) -> CallResult:
    """Return the result of a call that was answered without an error, if the answer is Slack's."""
    wanted = _ANSWERS.get(method)
    is_there = wanted is None or (isinstance(data.get(wanted), str) and data[wanted])
    if data.get("ok") is not True or not is_there:
        return CallResult(Outcome.UNKNOWN, reason=UNREADABLE)
    return CallResult(Outcome.OK, data=dict(data))


def _was_not_sent(error: object) -> bool:
    """Return whether there was no connection to Slack, so that it cannot have received the call."""
    no_way = isinstance(error, OSError) and error.errno in {errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTUNREACH}
    return no_way or isinstance(error, ConnectionRefusedError | socket.gaierror | ssl.SSLCertVerificationError)


def result_of_error(error: SlackApiError) -> CallResult:
    """Return the result of a call that Slack, or something on the way to Slack, answered with an error."""
    response = error.response
    status = getattr(response, "status_code", 0)
    reason = code_in(getattr(response, "data", None))
    if status == HTTPStatus.TOO_MANY_REQUESTS or reason in RATE_LIMITED:
        wait = read_retry_after(getattr(response, "headers", None) or {})
        return CallResult(Outcome.RATE_LIMITED, reason=reason or "", retry_after=wait or _OTHERWISE)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or reason in TROUBLE:
        return CallResult(Outcome.RETRY, reason=reason or f"status {status}")
    if reason is None:
        # A proxy's page, or an answer that was cut off. With another status Slack has not accepted the call, except
        # that a redirect may come after it.
        lost = status < HTTPStatus.BAD_REQUEST
        return CallResult(Outcome.UNKNOWN, UNREADABLE) if lost else CallResult(Outcome.RETRY, f"status {status}")
    return CallResult(Outcome.NO_ACCESS if reason in NO_ACCESS else Outcome.REJECTED, reason=reason)


def _of_missing_scope(method: str, result: CallResult) -> CallResult:
    """Return the result of a call that may lack a permission: without the one for messages, nothing can be posted."""
    if result.reason == MISSING_SCOPE and method.startswith("chat."):
        return CallResult(Outcome.NO_ACCESS, reason=MISSING_SCOPE)
    return result
