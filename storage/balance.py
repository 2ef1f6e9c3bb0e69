"""Who carries what: when to look next, what was warned of, and how the load was week by week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, String, and_, case, func, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.roles import Role
from storage.tasks import Task
from storage.upsert import upsert
from storage.vocabulary import AgencyId, CautionId, CautionKind, ConsortiumId, MemberId, TaskState

_LASTS = text("ended_at IS NULL")


class Balance(Base):
    """When to look next at who carries what in a consortium: after each change of work, and each day."""

    __tablename__ = "balance"

    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    look_at: Mapped[datetime] = mapped_column(index=True)


class Caution(Base):
    """Something that people were warned of, while it lasts.

    `subject` says whom or what it is about ("member/12", "agency/3"), and is empty where it is about the whole.
    `measure` is how bad it was when it was last told; `quiet_until` is set where somebody said that it is agreed.
    """

    __tablename__ = "caution"
    __table_args__ = (
        Index(
            "uq_caution_lasting",
            "consortium_id",
            "kind",
            "subject",
            unique=True,
            sqlite_where=_LASTS,
            postgresql_where=_LASTS,
        ),
    )

    id: Mapped[CautionId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    kind: Mapped[CautionKind]
    subject: Mapped[str] = mapped_column(String(40), default="")
    measure: Mapped[float]
    times: Mapped[int] = mapped_column(default=1)
    began_at: Mapped[datetime]
    told_at: Mapped[datetime]
    quiet_until: Mapped[datetime | None]
    agreed_by: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"))
    ended_at: Mapped[datetime | None]


class WeekLoad(Base):
    """What an agency carried in the week that began on this Monday, in hours."""

    __tablename__ = "week_load"

    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    hours: Mapped[float]


def touch(session: Session, consortium_id: ConsortiumId, now: datetime) -> None:
    """Say that who carries what has changed: it is looked at anew with the next beat."""
    upsert(session, Balance, {"consortium_id": consortium_id, "look_at": now}, keys=("consortium_id",))


@dataclass(frozen=True)
class Held:
    """Open tasks of one owner, or of nobody: how many, how many with an effort, and hours.

    `near` are the hours that count as load now, `hours` those of all.
    """

    owner_id: MemberId | None
    tasks: int
    sized: int
    near: float
    hours: float


def held(session: Session, consortium_id: ConsortiumId, until: date) -> Sequence[Held]:
    """Sum the open tasks by owner; what is due after `until` does not count as load now."""
    now = or_(Task.due_on.is_(None), Task.due_on <= until)
    rows = session.execute(
        select(
            Task.owner_id,
            func.count(),
            func.count(Task.hours),
            func.coalesce(func.sum(case((now, Task.hours))), 0.0),
            func.coalesce(func.sum(Task.hours), 0.0),
        )
        .where(Task.consortium_id == consortium_id, Task.state == TaskState.OPEN)
        .group_by(Task.owner_id)
    )
    return [Held(*row) for row in rows]


def carried(
    session: Session, consortium_id: ConsortiumId, member_id: MemberId, until: date, today: date
) -> tuple[float, float]:
    """Give what one person carries, in hours: open tasks due until a day or without one, and a month of roles."""
    counting = or_(Task.due_on.is_(None), Task.due_on <= until)
    mine = (Task.consortium_id == consortium_id, Task.state == TaskState.OPEN, Task.owner_id == member_id)
    efforts = select(func.coalesce(func.sum(Task.hours), 0.0)).where(*mine, counting)
    roles = select(func.coalesce(func.sum(Role.hours), 0.0)).where(
        Role.consortium_id == consortium_id, Role.member_id == member_id, _is_held(today)
    )
    row = session.execute(select(efforts.scalar_subquery(), roles.scalar_subquery())).one()
    return row[0], row[1]


def _is_held(today: date) -> ColumnElement[bool]:
    return and_(Role.ended_at.is_(None), or_(Role.until.is_(None), Role.until >= today))
