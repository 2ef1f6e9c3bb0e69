"""Occurrences: one row for each scheduled action that must happen only once."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.upsert import insert_if_missing
from storage.vocabulary import ConsortiumId


class Occurrence(Base):
    """A scheduled action that was done. `key` says which one and for whom."""

    __tablename__ = "occurrence"

    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    at: Mapped[datetime]


def claim(session: Session, consortium_id: ConsortiumId, key: str, now: datetime) -> bool:
    """Claim an action. Return whether the caller should do it, in this transaction."""
    row = {"consortium_id": consortium_id, "key": key, "at": now}
    return insert_if_missing(session, Occurrence, row, keys=("consortium_id", "key"))


def claimed_keys(session: Session, consortium_id: ConsortiumId, prefix: str) -> set[str]:
    """Return the claimed keys that begin with `prefix`."""
    return set(
        session.scalars(
            select(Occurrence.key).where(
                Occurrence.consortium_id == consortium_id, Occurrence.key.startswith(prefix, autoescape=True)
            )
        )
    )
