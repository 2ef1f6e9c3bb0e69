"""What the courier carries: rows of the outbox as plain values, and what becomes of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.delivery.calls import Answer, Fate
from storage import attachments, live_messages
from storage.outbox import Outbox
from storage.vocabulary import Delivery, LiveId

MOST_ATTEMPTS = 12
REPEATABLE = {"chat.update", "views.publish"}
TOO_NEW = {"invalid_blocks", "invalid_blocks_format", "unsupported_block", "block_mismatch"}
"""What a workspace says to a block that it does not know; then the plainer body is sent."""


@dataclass(frozen=True)
class OutgoingMessage:
    """One claimed message, as plain values."""

    row_id: int
    team: str
    channel: str
    method: str
    body: dict[str, Any]
    live: LiveId | None = None


def pack(session: Session, row: Outbox) -> OutgoingMessage:
    """Make ready what a row says, in the thread where it belongs."""
    body = {**row.body, "channel": row.channel} if row.method.startswith(("chat.", "files.")) else dict(row.body)
    thread = live_messages.get(session, row.thread_of)
    ts = thread.ts if thread is not None else attachments.thread(session, row)
    if ts:
        body["thread_ts"] = ts
    elif "reply_broadcast" in body:
        del body["reply_broadcast"]
    return OutgoingMessage(row.id, row.team_id, row.channel, row.method, body, row.live_id)


def note(row: Outbox, answer: Answer, now: datetime) -> None:
    """Note why a message was not delivered, and whether it is tried again."""
    row.claimed_by = None
    if answer.fate is Fate.BUSY:
        row.state, row.due_at, row.attempts = Delivery.PENDING, now + answer.wait, row.attempts - 1
    elif answer.fate is Fate.UNKNOWN and row.method not in REPEATABLE:
        row.state, row.reason = Delivery.UNKNOWN, answer.reason
    elif answer.reason in TOO_NEW and row.fallback is not None:
        row.body, row.fallback, row.state, row.due_at = row.fallback, None, Delivery.PENDING, now
    elif answer.fate is Fate.REFUSED or row.attempts >= MOST_ATTEMPTS:
        row.state, row.reason = Delivery.FAILED, answer.reason
    else:
        row.state, row.due_at = Delivery.PENDING, now + patience(row.attempts)


def patience(attempts: int) -> timedelta:
    """Wait longer each time: 2 s, 4 s, 8 s … up to ten minutes."""
    return timedelta(seconds=min(600, 2**attempts))
