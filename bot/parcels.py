"""What the courier carries: rows of the outbox as plain values."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from storage import enclosures, outbox
from storage.outbox import Outbox


@dataclass(frozen=True)
class Parcel:
    """One claimed message, as plain values."""

    row_id: int
    team: str
    channel: str
    method: str
    body: dict[str, Any]
    attempts: int


def pack(session: Session, row: Outbox) -> Parcel:
    """Make ready what a row says, in the thread where it belongs."""
    body = {**row.body, "channel": row.channel} if row.method.startswith(("chat.", "files.")) else dict(row.body)
    thread = outbox.get_live(session, row.thread_of)
    ts = thread.ts if thread is not None else enclosures.thread(session, row)
    if ts:
        body["thread_ts"] = ts
    elif "reply_broadcast" in body:
        del body["reply_broadcast"]
    return Parcel(row.id, row.team_id, row.channel, row.method, body, row.attempts)
