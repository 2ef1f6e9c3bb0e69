"""Drafts: commands that can be read in several ways, kept until their author has chosen one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.due import Due
from storage.vocabulary import DraftId

KEPT = timedelta(minutes=30)
"""How long a draft is kept: as long as Slack takes answers to the question about it."""


class Draft(Base):
    """A command with its readings: complete texts, in the order of the buttons.

    Its number is never used again, because a button may still carry it. The channel is not kept: Slack names it when
    the button is pressed.
    """

    __tablename__ = "draft"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy's own form

    id: Mapped[DraftId] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    user_id: Mapped[str] = mapped_column(String(32))
    command: Mapped[str] = mapped_column(String(40))
    readings: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(index=True)


def add(session: Session, team_id: str, user_id: str, command: str, readings: Sequence[str], now: datetime) -> DraftId:
    """Keep a command. Return its number."""
    draft = Draft(team_id=team_id, user_id=user_id, command=command, readings=[*readings], created_at=now)
    session.add(draft)
    session.flush()
    return draft.id


def find(session: Session, draft_id: DraftId, team_id: str, user_id: str, now: datetime) -> Draft | None:
    """Return a draft of this person that is not too old, or None."""
    return session.scalars(
        select(Draft).where(
            Draft.id == draft_id, Draft.team_id == team_id, Draft.user_id == user_id, Draft.created_at > now - KEPT
        )
    ).one_or_none()


def use(session: Session, draft_id: DraftId) -> bool:
    """Delete a draft. Return whether it was still there, so that of two presses one counts."""
    gone = session.execute(delete(Draft).where(Draft.id == draft_id).returning(Draft.id))
    return gone.first() is not None


def forget(session: Session, team_id: str, command: str) -> None:
    """Delete the drafts of a command in a workspace."""
    session.execute(delete(Draft).where(Draft.team_id == team_id, Draft.command == command))


def _read_next_cleanup(_session: Session, values: Sequence[Any]) -> datetime | None:
    return values[0] + KEPT if values[0] is not None else None


next_cleanup = Due(select(func.min(Draft.created_at)), read=_read_next_cleanup)
"""When a draft becomes too old next."""


def delete_old(session: Session, now: datetime) -> None:
    """Delete drafts that are too old."""
    session.execute(delete(Draft).where(Draft.created_at <= now - KEPT))
