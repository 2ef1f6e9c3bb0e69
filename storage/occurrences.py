"""What time has brought already: one row for each thing that must happen once."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.upsert import insert_once
from storage.vocabulary import ConsortiumId


class Occurrence(Base):
    """Something that happened, under a key that says what it was and for whom."""

    __tablename__ = "occurrence"

    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    at: Mapped[datetime]


def claim(session: Session, consortium_id: ConsortiumId, key: str, now: datetime) -> bool:
    """Claim an occurrence; tell whether it is ours to act on, in this transaction."""
    row = {"consortium_id": consortium_id, "key": key, "at": now}
    return insert_once(session, Occurrence, row, keys=("consortium_id", "key"))


def happened(session: Session, consortium_id: ConsortiumId, prefix: str) -> set[str]:
    """List the keys that begin with `prefix` and were claimed."""
    return set(
        session.scalars(
            select(Occurrence.key).where(
                Occurrence.consortium_id == consortium_id, Occurrence.key.startswith(prefix, autoescape=True)
            )
        )
    )
