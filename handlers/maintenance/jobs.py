"""Scheduled work that belongs to no other feature."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from storage import idempotency, outbox
from storage.database import Database
from storage.due import Due, earliest


def cleanup(db: Database, now: datetime) -> None:
    """Delete handled requests and sent messages that are old, about once a day."""
    with db.begin() as session:
        idempotency.delete_old(session, now)
        outbox.delete_old(session, now)


def _cleanup_due(session: Session, values: Sequence[Any]) -> datetime | None:
    received, *sent = values
    return earliest(
        session, [idempotency.next_cleanup.read(session, [received]), outbox.next_cleanup.read(session, sent)]
    )


cleanup_due = Due(*idempotency.next_cleanup.statements, *outbox.next_cleanup.statements, read=_cleanup_due)
