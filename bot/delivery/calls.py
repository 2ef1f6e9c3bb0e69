"""One call to Slack, and its result."""

import http.client
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

TIMEOUT_SECONDS = 10
"""How long the courier waits for Slack."""


class Outcome(Enum):
    """How a call to Slack ended.

    - `OK`: Slack accepted it.
    - `RETRY`: Slack did not accept it; try again.
    - `RATE_LIMITED`: the same, but not before `CallResult.retry_after`.
    - `REJECTED`: Slack will never accept it.
    - `UNKNOWN`: the reply was lost, so Slack may or may not have accepted it.
    """

    OK = "ok"
    RETRY = "retry"
    RATE_LIMITED = "rate_limited"
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


_TRANSIENT = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}


def call(
    client: WebClient, method: str, body: dict[str, Any] | None = None, *, params: dict[str, Any] | None = None
) -> CallResult:
    """Call Slack once, with `body` as JSON or with `params` as a form, which some methods require."""
    try:
        response = client.api_call(method, json=body, params=params)
    except SlackApiError as error:
        return result_of_error(error)
    except ConnectionRefusedError as error:
        return CallResult(Outcome.RETRY, reason=type(error).__name__)
    except (OSError, http.client.HTTPException) as error:
        refused = isinstance(getattr(error, "reason", None), ConnectionRefusedError)
        return CallResult(Outcome.RETRY if refused else Outcome.UNKNOWN, reason="the connection to Slack broke")
    except SlackClientError as error:
        return CallResult(Outcome.UNKNOWN, reason=type(error).__name__)
    return CallResult(Outcome.OK, data=dict(response.data) if isinstance(response.data, dict) else {})


def result_of_error(error: SlackApiError) -> CallResult:
    """Return the result of a call that Slack answered with an error."""
    response = error.response
    status = getattr(response, "status_code", 0)
    headers = getattr(response, "headers", {})
    if status == 429:
        header = next((value for name, value in headers.items() if name.casefold() == "retry-after"), "1")
        seconds = header[0] if isinstance(header, list) else header
        return CallResult(Outcome.RATE_LIMITED, retry_after=timedelta(seconds=float(seconds)))
    reason = response.get("error") if hasattr(response, "get") else None
    if status >= 500 or reason in _TRANSIENT or reason is None:
        return CallResult(Outcome.RETRY, reason=str(reason or f"status {status}"))
    return CallResult(Outcome.REJECTED, reason=str(reason))
