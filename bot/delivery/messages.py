"""Rows of the outbox as outgoing messages, and what to record about those that were not delivered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.delivery.calls import CallResult, Outcome
from storage import attachments, live_messages
from storage.outbox import OutboxMessage
from storage.vocabulary import DeliveryState, LiveMessageId

MAX_ATTEMPTS = 150
"""Attempts before a message is given up: about a day, because Slack or the way to it can be down for hours."""

IDEMPOTENT_METHODS = {"chat.update", "views.publish"}
UNSUPPORTED_BLOCK_ERRORS = {
    "invalid_attachments",
    "invalid_blocks",
    "invalid_blocks_format",
    "unsupported_block",
    "block_mismatch",
}
"""Errors from a workspace that does not know a block; the plainer fallback is sent instead."""


@dataclass(frozen=True)
class OutgoingMessage:
    """One claimed row of the outbox, as plain values."""

    row_id: int
    team: str
    channel: str
    method: str
    body: dict[str, Any]
    live: LiveMessageId | None = None


def prepare(session: Session, row: OutboxMessage) -> OutgoingMessage:
    """Return a row as an outgoing message, in the thread where it belongs. Raise TypeError if its body is no object."""
    if not isinstance(row.body, dict):
        raise TypeError("the body of a message is no object")
    body = {**row.body, "channel": row.channel} if row.method.startswith(("chat.", "files.")) else dict(row.body)
    thread = live_messages.get(session, row.thread_of)
    ts = thread.ts if thread is not None else attachments.thread_ts(session, row)
    if ts:
        body["thread_ts"] = ts
    elif "reply_broadcast" in body:
        del body["reply_broadcast"]
    return OutgoingMessage(row.id, row.team_id, row.channel, row.method, body, row.live_id)


def record_failure(row: OutboxMessage, result: CallResult, now: datetime) -> None:
    """Record why a message was not delivered, and when to try again, if at all."""
    row.claimed_by = None
    if result.outcome is Outcome.RATE_LIMITED:
        row.state, row.due_at, row.attempts = DeliveryState.PENDING, now + result.retry_after, row.attempts - 1
    elif result.outcome is Outcome.NO_ACCESS:
        # it was due and stays due: the pause of the workspace says when it is tried
        row.state, row.attempts = DeliveryState.PENDING, row.attempts - 1
    elif result.outcome is Outcome.UNKNOWN and row.method not in IDEMPOTENT_METHODS:
        row.state, row.reason = DeliveryState.UNKNOWN, result.reason
    elif result.reason in UNSUPPORTED_BLOCK_ERRORS and row.fallback is not None:
        row.body, row.fallback, row.state, row.due_at = row.fallback, None, DeliveryState.PENDING, now
    elif result.outcome is Outcome.REJECTED or row.attempts >= MAX_ATTEMPTS:
        row.state, row.reason = DeliveryState.FAILED, result.reason
    else:
        row.state, row.due_at = DeliveryState.PENDING, now + retry_delay(row.attempts)


def retry_delay(attempts: int) -> timedelta:
    """Return how long to wait after `attempts` failures: 2 s, 4 s, 8 s … up to ten minutes."""
    return timedelta(seconds=min(600, 2**attempts))
