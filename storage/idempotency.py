"""Requests from Slack that were handled, so that a repeated delivery is acknowledged but not handled again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.due import Due
from storage.upsert import insert_if_missing

_KEPT = timedelta(days=1)
"""How long requests are remembered. Slack's last retry comes after minutes, but a form may stay open for hours."""


class HandledRequest(Base):
    """A handled request. `key` is an event id, the id and hash of a submitted view, or the trigger id of a command."""

    __tablename__ = "handled_request"

    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)


def claim(session: Session, team_id: str, key: str, now: datetime) -> bool:
    """Record a request. Return whether it is the first with this key."""
    return insert_if_missing(
        session, HandledRequest, {"team_id": team_id, "key": key, "seen_at": now}, keys=("team_id", "key")
    )


def _two_periods_later(_session: Session, values: Sequence[Any]) -> datetime | None:
    return values[0] + 2 * _KEPT if values[0] is not None else None


next_cleanup = Due(select(func.min(HandledRequest.seen_at)), read=_two_periods_later)
"""When old requests should be deleted next."""


def delete_old(session: Session, now: datetime) -> None:
    """Delete requests that are too old to be repeated."""
    session.execute(delete(HandledRequest).where(HandledRequest.seen_at < now - _KEPT))
