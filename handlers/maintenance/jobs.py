"""Scheduled work that belongs to no other feature."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from storage import idempotency, outbox
from storage.database import Database
from storage.due import Due, least


def cleanup(db: Database, now: datetime) -> None:
    """Delete handled requests and sent messages that are old, about once a day."""
    with db.begin() as session:
        idempotency.forget(session, now)
        outbox.forget(session, now)


def _cleanup_due(session: Session, values: Sequence[Any]) -> datetime | None:
    received, *sent = values
    return least(session, [idempotency.untidy_at.read(session, [received]), outbox.untidy_at.read(session, sent)])


cleanup_due = Due(*idempotency.untidy_at.statements, *outbox.untidy_at.statements, read=_cleanup_due)
