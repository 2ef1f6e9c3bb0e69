"""Scheduled work that belongs to no other feature."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from storage import drafts, idempotency, outbox
from storage.database import Database
from storage.due import Due, earliest


def cleanup(db: Database, now: datetime) -> None:
    """Delete handled requests and sent messages that are old, about once a day, and drafts after half an hour."""
    with db.begin() as session:
        idempotency.delete_old(session, now)
        outbox.delete_old(session, now)
        drafts.delete_old(session, now)


def _cleanup_due(session: Session, values: Sequence[Any]) -> datetime | None:
    received, drafted, *sent = values
    return earliest(
        session,
        [
            idempotency.next_cleanup.read(session, [received]),
            drafts.next_cleanup.read(session, [drafted]),
            outbox.next_cleanup.read(session, sent),
        ],
    )


cleanup_due = Due(
    *idempotency.next_cleanup.statements,
    *drafts.next_cleanup.statements,
    *outbox.next_cleanup.statements,
    read=_cleanup_due,
)
"""When something is old enough to be deleted next."""
