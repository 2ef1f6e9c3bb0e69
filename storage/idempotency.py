"""What Slack has already told us, so that a repeat is answered without working again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.due import Due
from storage.upsert import insert_once

KEPT = timedelta(days=1)
"""Slack's last retry comes after minutes; a form may stay open for hours."""


class HandledRequest(Base):
    """An event id, the id of a submitted view, or the trigger of a command."""

    __tablename__ = "handled_request"

    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)


def first_time(session: Session, team_id: str, key: str, now: datetime) -> bool:
    """Note that this came; tell whether it came for the first time."""
    return insert_once(
        session, HandledRequest, {"team_id": team_id, "key": key, "seen_at": now}, keys=("team_id", "key")
    )


def _later(_session: Session, values: Sequence[Any]) -> datetime | None:
    return values[0] + 2 * KEPT if values[0] is not None else None


untidy_at = Due(select(func.min(HandledRequest.seen_at)), read=_later)
"""When there will be enough that is too old to be repeated."""


def forget(session: Session, now: datetime) -> None:
    """Drop what is too old to be repeated."""
    session.execute(delete(HandledRequest).where(HandledRequest.seen_at < now - KEPT))
