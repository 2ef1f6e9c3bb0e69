"""The load: open work and roles by member, weekly totals by agency, and when to check a consortium for warnings."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Select, and_, case, func, or_, select
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
    WeekRecord,
)


class LoadCheck(Base):
    """When the load of a consortium is checked next: an hour after the last change of work, and every day."""

    __tablename__ = "load_check"

    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    look_at: Mapped[datetime] = mapped_column(index=True)


class WeekLoad(Base):
    """The load of an agency, in hours, in the week that begins on the Monday `week`.

    `heads` counts its people then; None for weeks of version 0.1.0, which did not record it.
    """

    __tablename__ = "week_load"

    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    hours: Mapped[float]
    heads: Mapped[int | None]


SETTLING = timedelta(hours=1)
"""How long nothing must have changed before a change of work is checked: people type several changes in a row."""


def list_due(session: Session, now: datetime) -> Sequence[ConsortiumId]:
    """List the consortia whose load is due for a check, including those that were never checked."""
    query = select(Consortium.id).outerjoin(LoadCheck, LoadCheck.consortium_id == Consortium.id)
    return session.scalars(query.where(now >= _CHECK_AT).order_by(Consortium.id)).all()


_CHECK_AT = func.coalesce(LoadCheck.look_at, Consortium.created_at)

next_due = Due(
    select(func.min(_CHECK_AT)).select_from(Consortium).outerjoin(LoadCheck, LoadCheck.consortium_id == Consortium.id)
)
"""When a consortium's load is due for a check next."""


def schedule_check(session: Session, consortium_id: ConsortiumId, now: datetime) -> None:
    """Schedule a check of a consortium's load after a change of work, once nothing has changed for an hour."""
    schedule_next_check(session, consortium_id, now + SETTLING)


def schedule_next_check(session: Session, consortium_id: ConsortiumId, at: datetime) -> None:
    """Schedule the next check of a consortium's load at a certain time.

    A check schedules its successor before it reads anything. A simultaneous change of work then waits for the end of
    the check's transaction and schedules another check.
    """
    upsert(session, LoadCheck, {"consortium_id": consortium_id, "look_at": at}, keys=("consortium_id",))


@dataclass(frozen=True)
class OpenWork:
    """The open tasks of an owner, or those without an owner.

    `tasks` is their number, `sized` the number of those with an effort, `hours` the sum of their effort, and `near` the
    part of it that counts as load now.
    """

    owner_id: MemberId | None
    tasks: int
    sized: int
    near: float
    hours: float


def open_work_by_owner(session: Session, consortium_id: ConsortiumId, until: date) -> Sequence[OpenWork]:
    """Sum the open tasks by owner; tasks due after `until` do not count as load now."""
    rows = session.execute(
        select(
            Task.owner_id,
            func.count(),
            func.count(Task.hours),
            func.coalesce(func.sum(case((counts_as_load(until), Task.hours))), 0.0),
            func.coalesce(func.sum(Task.hours), 0.0),
        )
        .where(Task.consortium_id == consortium_id, Task.state == TaskState.OPEN)
        .group_by(Task.owner_id)
    )
    return [OpenWork(*row) for row in rows]


def member_load(
    session: Session, consortium_id: ConsortiumId, member_id: MemberId, until: date, today: date
) -> tuple[float, float, float]:
    """Return one member's load in hours: (open tasks that count as load now, a month of roles, open offers)."""
    queries = member_load_queries(consortium_id, member_id, until, today)
    row = session.execute(select(*(query.scalar_subquery() for query in queries))).one()
    return row[0], row[1], row[2]


def member_load_queries(
    consortium_id: ConsortiumId, member_id: MemberId, until: date, today: date
) -> tuple[Select[Any], Select[Any], Select[Any]]:
    """Return the three queries of a member's load in hours: open tasks that count now, roles, and open offers."""
    efforts = select(func.coalesce(func.sum(Task.hours), 0.0)).where(
        Task.consortium_id == consortium_id, Task.state == TaskState.OPEN, counts_as_load(until)
    )
    roles = select(func.coalesce(func.sum(Role.hours), 0.0)).where(
        Role.consortium_id == consortium_id, Role.member_id == member_id, _is_held(today)
    )
    return efforts.where(Task.owner_id == member_id), roles, efforts.where(Task.offered_to == member_id)


def _is_held(today: date) -> ColumnElement[bool]:
    return and_(Role.ended_at.is_(None), or_(Role.until.is_(None), Role.until >= today))


def counts_as_load(until: date) -> ColumnElement[bool]:
    """Select tasks that are due by `until`, overdue, or without a due date."""
    return or_(Task.due_on.is_(None), Task.due_on <= until)


@dataclass(frozen=True)
class WorkingMember:
    """A member who can take on work. `hours` is the monthly hours they stated, or None."""

    id: MemberId
    name: str
    agency_id: AgencyId | None
    hours: float | None
    may_be_asked: bool
    away_until: datetime | None


def list_members(session: Session, consortium_id: ConsortiumId) -> Sequence[WorkingMember]:
    """List the members who have not left, ordered by name. The agency is None if it has ended."""
    rows = session.execute(
        select(Member.id, Member.name, Agency.id, Member.hours_a_month, Member.may_be_asked, Member.away_until)
        .outerjoin(Agency, and_(Agency.id == Member.agency_id, Agency.ended_at.is_(None)))
        .where(Member.consortium_id == consortium_id, Member.left_at.is_(None))
        .order_by(Member.name, Member.id)
    )
    return [WorkingMember(*row) for row in rows]


def role_hours(session: Session, consortium_id: ConsortiumId, today: date) -> dict[MemberId, float]:
    """Map members to the monthly hours of the roles they hold."""
    rows = session.execute(
        select(Role.member_id, func.sum(Role.hours))
        .where(Role.consortium_id == consortium_id, _is_held(today))
        .group_by(Role.member_id)
    )
    return {member_id: hours for member_id, hours in rows if hours is not None}


def offered_hours(session: Session, consortium_id: ConsortiumId, until: date) -> dict[MemberId, float]:
    """Map members to the hours of pending offers that would count as load now."""
    rows = session.execute(
        select(Task.offered_to, func.coalesce(func.sum(Task.hours), 0.0))
        .where(
            Task.consortium_id == consortium_id,
            Task.state == TaskState.OPEN,
            Task.offered_to.is_not(None),
            counts_as_load(until),
        )
        .group_by(Task.offered_to)
    )
    return {member_id: hours for member_id, hours in rows if member_id is not None and hours is not None}


def tasks_in_load(
    session: Session, consortium_id: ConsortiumId, owners: Collection[MemberId], until: date
) -> Sequence[Task]:
    """List the open tasks of these members that have an effort and count as load now, largest first."""
    return session.scalars(
        select(Task)
        .where(
            Task.consortium_id == consortium_id,
            Task.state == TaskState.OPEN,
            Task.owner_id.in_(owners),
            Task.hours.is_not(None),
            counts_as_load(until),
        )
        .order_by(Task.hours.desc(), Task.number)
    ).all()


def owned_tasks(session: Session, consortium_id: ConsortiumId, owners: Collection[MemberId]) -> Sequence[Task]:
    """List all open tasks of these members, largest first, those without an effort last."""
    return session.scalars(
        select(Task)
        .where(Task.consortium_id == consortium_id, Task.state == TaskState.OPEN, Task.owner_id.in_(owners))
        .order_by(Task.hours.is_(None), Task.hours.desc(), Task.number)
    ).all()


def recently_asked(session: Session, consortium_id: ConsortiumId, tasks: Sequence[Task]) -> dict[int, set[MemberId]]:
    """Map task numbers to the members to whom the task was offered recently, and who received that notice.

    The notices are found by their keys (`offer_key`), because scanning all notices would get slower every year.
    """
    keys = [
        offer_key(task.number, turn)
        for task in tasks
        for turn in range(max(1, task.offers - _RECENT_OFFERS), task.offers + 1)
    ]
    members: dict[int, set[MemberId]] = {}
    if keys:
        rows = session.execute(
            select(Notice.subject, Notice.member_id).where(
                Notice.consortium_id == consortium_id, Notice.key.in_(keys), Notice.state == NoticeState.SAID
            )
        )
        for number, member_id in rows:
            members.setdefault(number, set()).add(member_id)
    return members


def offer_key(number: int, turn: int) -> str:
    """Return the key of the notice for a task's offer; `turn` counts the offers of that task."""
    return f"task/{number}/offer/{turn}"


_RECENT_OFFERS = 20
"""Offers of a task that `asked` looks back on."""


def record_week(
    session: Session, consortium_id: ConsortiumId, week: date, records: Mapping[AgencyId, WeekRecord]
) -> None:
    """Record what the agencies carry in the week that begins on the Monday `week`, replacing earlier values."""
    recorded = list_weeks(session, consortium_id, week).get(week, {})
    for agency, record in records.items():
        if recorded.get(agency) != record:
            row = {"consortium_id": consortium_id, "agency_id": agency, "week": week, **record._asdict()}
            upsert(session, WeekLoad, row, keys=("consortium_id", "agency_id", "week"))


def list_weeks(session: Session, consortium_id: ConsortiumId, since: date) -> dict[date, dict[AgencyId, WeekRecord]]:
    """Return what was recorded from the week of the Monday `since` on, by week and agency."""
    rows = session.execute(
        select(WeekLoad.week, WeekLoad.agency_id, WeekLoad.hours, WeekLoad.heads)
        .where(WeekLoad.consortium_id == consortium_id, WeekLoad.week >= since)
        .order_by(WeekLoad.week, WeekLoad.agency_id)
    )
    weeks: dict[date, dict[AgencyId, WeekRecord]] = {}
    for week, agency, hours, heads in rows:
        weeks.setdefault(week, {})[agency] = WeekRecord(hours, heads)
    return weeks
