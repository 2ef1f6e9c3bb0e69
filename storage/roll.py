"""The roll of a workspace: its people by name, without their addresses.

Slack lists people only page by page, which takes minutes in a large workspace, so names are looked up here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.consortia import Workspace
from storage.database import Base
from storage.names import normalize_name
from storage.upsert import insert_all_missing


class RollEntry(Base):
    """A person whom a workspace knows. `home_id` is their own workspace. `folded` is the name as it is compared."""

    __tablename__ = "roll_entry"
    __table_args__ = (Index("ix_roll_entry_folded", "team_id", "folded"),)

    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    home_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(160))
    folded: Mapped[str] = mapped_column(String(320))


@dataclass(frozen=True)
class Known:
    """A person on the roll."""

    user_id: str
    home_id: str
    name: str


def is_read(session: Session, team_id: str) -> bool:
    """Return whether a workspace's roll has been read completely."""
    return session.scalar(select(Workspace.roll_read_at).where(Workspace.team_id == team_id)) is not None


def mark_read(session: Session, team_id: str, now: datetime) -> None:
    """Record that a workspace's roll has been read completely."""
    session.execute(update(Workspace).where(Workspace.team_id == team_id).values(roll_read_at=now))


def list_all(session: Session, team_id: str) -> list[Known]:
    """List everybody on a workspace's roll."""
    rows = session.execute(
        select(RollEntry.user_id, RollEntry.home_id, RollEntry.name).where(RollEntry.team_id == team_id)
    )
    return [Known(*row) for row in rows]


def find_by_name(session: Session, team_id: str, typed: str) -> Sequence[RollEntry]:
    """List the people with this name; without any, those with this first name. At most ten."""
    folded = normalize_name(typed)
    query = (
        select(RollEntry).where(RollEntry.team_id == team_id).order_by(RollEntry.folded, RollEntry.user_id).limit(10)
    )
    exact = session.scalars(query.where(RollEntry.folded == folded)).all()
    if exact or not folded or " " in folded:
        return exact
    return session.scalars(query.where(RollEntry.folded.startswith(f"{folded} ", autoescape=True))).all()


def save(session: Session, team_id: str, people: Sequence[Known]) -> None:
    """Add people to a workspace's roll, or update them."""
    remove(session, team_id, [person.user_id for person in people])
    rows = [
        {
            "team_id": team_id,
            "user_id": person.user_id,
            "home_id": person.home_id,
            "name": person.name,
            "folded": normalize_name(person.name),
        }
        for person in people
    ]
    insert_all_missing(session, RollEntry, rows, ["team_id", "user_id"])


def remove(session: Session, team_id: str, users: Collection[str]) -> None:
    """Remove people from a workspace's roll."""
    session.execute(delete(RollEntry).where(RollEntry.team_id == team_id, RollEntry.user_id.in_(users)))


def is_known(session: Session, team_id: str, user_id: str) -> bool:
    """Return whether a person is on a workspace's roll."""
    query = select(RollEntry.user_id).where(RollEntry.team_id == team_id, RollEntry.user_id == user_id)
    return session.scalar(query) is not None
