"""Who carries what: when to look next, what everybody holds, and how the load was week by week."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, and_, case, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.agencies import Agency
from storage.consortia import Consortium
from storage.database import Base
from storage.due import Due
from storage.members import Member
from storage.notices import Notice
from storage.roles import Role
from storage.tasks import Task
from storage.upsert import upsert
from storage.vocabulary import (
    AgencyId,
    ConsortiumId,
    MemberId,
    NoticeState,
    TaskState,
)


class Balance(Base):
    """When to look next at who carries what in a consortium: after each change of work, and each day."""

    __tablename__ = "load_check"

    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    look_at: Mapped[datetime] = mapped_column(index=True)


class WeekLoad(Base):
    """What an agency carried in the week that began on this Monday, in hours."""

    __tablename__ = "week_load"

    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    hours: Mapped[float]


def due(session: Session, now: datetime) -> Sequence[ConsortiumId]:
    """List the consortia to be looked at, those that never were too."""
    found = select(Consortium.id).outerjoin(Balance, Balance.consortium_id == Consortium.id)
    return session.scalars(found.where(now >= _LOOK).order_by(Consortium.id)).all()


_LOOK = func.coalesce(Balance.look_at, Consortium.created_at)

next_due = Due(
    select(func.min(_LOOK)).select_from(Consortium).outerjoin(Balance, Balance.consortium_id == Consortium.id)
)
"""The next moment at which a consortium is to be looked at."""


def touch(session: Session, consortium_id: ConsortiumId, at: datetime) -> None:
    """Say when to look at who carries what: now, with the next beat, where it has changed.

    Whoever looks says first when to look again: who changes work meanwhile waits for the end of that transaction
    and then has it looked at anew.
    """
    upsert(session, Balance, {"consortium_id": consortium_id, "look_at": at}, keys=("consortium_id",))


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


@dataclass(frozen=True)
class Able:
    """A living member as one who can carry something. `hours` is what they said, None where they said nothing."""

    id: MemberId
    name: str
    agency_id: AgencyId | None
    hours: float | None
    may_be_asked: bool
    away_until: datetime | None


def able(session: Session, consortium_id: ConsortiumId) -> Sequence[Able]:
    """List the living people, by name, with the agency of each where it has not ended."""
    rows = session.execute(
        select(Member.id, Member.name, Agency.id, Member.hours_a_month, Member.may_be_asked, Member.away_until)
        .outerjoin(Agency, and_(Agency.id == Member.agency_id, Agency.ended_at.is_(None)))
        .where(Member.consortium_id == consortium_id, Member.left_at.is_(None))
        .order_by(Member.name, Member.id)
    )
    return [Able(*row) for row in rows]


def in_roles(session: Session, consortium_id: ConsortiumId, today: date) -> dict[MemberId, float]:
    """Map people to the hours a month of the roles that they hold."""
    rows = session.execute(
        select(Role.member_id, func.sum(Role.hours))
        .where(Role.consortium_id == consortium_id, _is_held(today))
        .group_by(Role.member_id)
    )
    return {member_id: hours for member_id, hours in rows if hours is not None}


def promised(session: Session, consortium_id: ConsortiumId, until: date) -> dict[MemberId, float]:
    """Map people to the hours of open tasks that were offered to them, unanswered, and would count as load now."""
    counting = or_(Task.due_on.is_(None), Task.due_on <= until)
    rows = session.execute(
        select(Task.offered_to, func.coalesce(func.sum(Task.hours), 0.0))
        .where(
            Task.consortium_id == consortium_id,
            Task.state == TaskState.OPEN,
            Task.offered_to.is_not(None),
            counting,
        )
        .group_by(Task.offered_to)
    )
    return {member_id: hours for member_id, hours in rows if member_id is not None and hours is not None}


def loads(session: Session, consortium_id: ConsortiumId, owners: Collection[MemberId], until: date) -> Sequence[Task]:
    """List the open tasks with an effort that count as load of these people now, the largest first."""
    counting = or_(Task.due_on.is_(None), Task.due_on <= until)
    return session.scalars(
        select(Task)
        .where(
            Task.consortium_id == consortium_id,
            Task.state == TaskState.OPEN,
            Task.owner_id.in_(owners),
            Task.hours.is_not(None),
            counting,
        )
        .order_by(Task.hours.desc(), Task.number)
    ).all()


def owned(session: Session, consortium_id: ConsortiumId, owners: Collection[MemberId]) -> Sequence[Task]:
    """List all open tasks of these people, the largest first, those without an effort last."""
    return session.scalars(
        select(Task)
        .where(Task.consortium_id == consortium_id, Task.state == TaskState.OPEN, Task.owner_id.in_(owners))
        .order_by(Task.hours.is_(None), Task.hours.desc(), Task.number)
    ).all()


def asked(session: Session, consortium_id: ConsortiumId, tasks: Sequence[Task]) -> dict[int, set[MemberId]]:
    """Map tasks, by their numbers, to the people who were asked to take them lately and have heard of it.

    The notices are found by their keys, as `offer_key` names them: looking through all that was ever said would cost
    more with every year.
    """
    keys = [
        offer_key(task.number, turn) for task in tasks for turn in range(max(1, task.offers - LATELY), task.offers + 1)
    ]
    found: dict[int, set[MemberId]] = {}
    if keys:
        rows = session.execute(
            select(Notice.subject, Notice.member_id).where(
                Notice.consortium_id == consortium_id, Notice.key.in_(keys), Notice.state == NoticeState.SAID
            )
        )
        for number, member_id in rows:
            found.setdefault(number, set()).add(member_id)
    return found


def offer_key(number: int, turn: int) -> str:
    """Name the notice with which a task is offered, for the so-manieth time."""
    return f"task/{number}/offer/{turn}"


LATELY = 20
"""So many of the last offers of a task are remembered."""


def note_week(session: Session, consortium_id: ConsortiumId, week: date, loads: Mapping[AgencyId, float]) -> None:
    """Note what agencies carry in the week that began on this Monday; what was noted last in a week stands."""
    before = {agency: hours for _, agency, hours in weeks(session, consortium_id, week)}
    for agency, hours in loads.items():
        if before.get(agency) != hours:
            row = {"consortium_id": consortium_id, "agency_id": agency, "week": week, "hours": hours}
            upsert(session, WeekLoad, row, keys=("consortium_id", "agency_id", "week"))


def weeks(session: Session, consortium_id: ConsortiumId, since: date) -> Sequence[tuple[date, AgencyId, float]]:
    """List what agencies carried week by week, from a Monday on: (week, agency, hours)."""
    rows = session.execute(
        select(WeekLoad.week, WeekLoad.agency_id, WeekLoad.hours)
        .where(WeekLoad.consortium_id == consortium_id, WeekLoad.week >= since)
        .order_by(WeekLoad.week, WeekLoad.agency_id)
    )
    return [(row[0], row[1], row[2]) for row in rows]
