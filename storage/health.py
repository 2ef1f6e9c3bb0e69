"""What the processes report about themselves, and which messages do not get through."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, String, delete, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.clock_changes import latest_of
from storage.database import Base
from storage.outbox import OutboxMessage
from storage.upsert import upsert
from storage.vocabulary import DeliveryState

FRESH = timedelta(minutes=1)
"""A report that is older is from a process that has stopped. Reports come every few seconds."""

_KEPT = timedelta(days=1)
_PATIENCE = timedelta(minutes=5)
"""How long a message may be refused before somebody should look into it."""


class Role(StrEnum):
    """What a process does."""

    WEB = "web"
    LEADER = "leader"
    STANDBY = "standby"


class Heartbeat(Base):
    """A process's last report, in real time: its name, what it does, and what is wrong with it in whole sentences."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    role: Mapped[Role]
    at: Mapped[datetime] = mapped_column(index=True)
    troubles: Mapped[list[str]] = mapped_column(JSON)


def report(session: Session, name: str, role: Role, troubles: Sequence[str], now: datetime) -> None:
    """Store a process's report, and forget those of processes that stopped long ago."""
    row = {"name": name, "role": role, "at": now, "troubles": [*troubles]}
    upsert(session, Heartbeat, row, keys=("name",))
    # where the clock was set back, old reports seem to come from the future
    session.execute(delete(Heartbeat).where(or_(Heartbeat.at < now - _KEPT, Heartbeat.at > now + _KEPT)))


def reports(session: Session, now: datetime) -> Sequence[Heartbeat]:
    """List the reports of the processes that are running, by name."""
    return session.scalars(
        select(Heartbeat).where(Heartbeat.at.between(now - FRESH, now + FRESH)).order_by(Heartbeat.name)
    ).all()


def latest_report(session: Session) -> datetime | None:
    """Return the time of the last report of any process; None if there is none."""
    return latest_of(session, Heartbeat.at)


def count_refused(session: Session, now: datetime) -> tuple[int, str]:
    """Count the messages that were tried and have not reached Slack for minutes, and return the last reason."""
    waiting = (
        OutboxMessage.state == DeliveryState.PENDING,
        OutboxMessage.attempts > 0,
        OutboxMessage.created_at < now - _PATIENCE,
    )
    count, reason = session.execute(select(func.count(), func.max(OutboxMessage.reason)).where(*waiting)).one()
    return count, reason or ""
