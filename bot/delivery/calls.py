"""One call to Slack, and what became of it."""

import http.client
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

SECONDS = 10
"""The courier's patience with Slack."""


class Fate(Enum):
    """What became of a call."""

    DONE = "done"
    LATER = "later"
    BUSY = "busy"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Answer:
    """What Slack made of a call.

    LATER: it was not taken, try again. BUSY: wait for `wait` first. REFUSED: it never will be, for `reason`.
    UNKNOWN: the reply was lost, so it may or may not have been taken.
    """

    fate: Fate
    ts: str | None = None
    reason: str = ""
    wait: timedelta = timedelta()


_TRANSIENT = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}


def call(
    client: WebClient, method: str, body: dict[str, Any] | None = None, *, params: dict[str, Any] | None = None
) -> Answer:
    """Call Slack once, with a body as JSON or with `params` as a form, as some methods want them."""
    return ask(client, method, body, params=params)[0]


def ask(
    client: WebClient, method: str, body: dict[str, Any] | None = None, *, params: dict[str, Any] | None = None
) -> tuple[Answer, dict[str, Any]]:
    """Call Slack once; give what became of it and, where it was done, what Slack said."""
    try:
        answer = client.api_call(method, json=body, params=params)
    except SlackApiError as error:
        return refusal(error), {}
    except ConnectionRefusedError as error:
        return Answer(Fate.LATER, reason=type(error).__name__), {}
    except (OSError, http.client.HTTPException) as error:
        refused = isinstance(getattr(error, "reason", None), ConnectionRefusedError)
        return Answer(Fate.LATER if refused else Fate.UNKNOWN, reason="the connection to Slack broke"), {}
    except SlackClientError as error:
        return Answer(Fate.UNKNOWN, reason=type(error).__name__), {}
    return Answer(Fate.DONE, ts=answer.get("ts")), dict(answer.data) if isinstance(answer.data, dict) else {}


def refusal(error: SlackApiError) -> Answer:
    """Say what became of a call to which Slack did not say yes."""
    response = error.response
    status = getattr(response, "status_code", 0)
    headers = getattr(response, "headers", {})
    if status == 429:
        wait = next((value for name, value in headers.items() if name.casefold() == "retry-after"), "1")
        seconds = wait[0] if isinstance(wait, list) else wait
        return Answer(Fate.BUSY, wait=timedelta(seconds=float(seconds)))
    reason = response.get("error") if hasattr(response, "get") else None
    if status >= 500 or reason in _TRANSIENT or reason is None:
        return Answer(Fate.LATER, reason=str(reason or f"status {status}"))
    return Answer(Fate.REFUSED, reason=str(reason))
