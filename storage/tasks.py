"""Tasks: who does what by when, who was asked, and where it came from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    bindparam,
    case,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.due import Due
from storage.live_messages import LiveMessage
from storage.members import Member
from storage.vocabulary import AgencyId, ConsortiumId, LiveId, MemberId, TaskId, TaskState

_UNLINKED_YET = text("source_live_id IS NOT NULL")


class Task(Base):
    """Something to be done.

    Without `owner_id` it is nobody's yet. `offered_to` was asked by `offered_by` and has not answered; `offers`
    counts how often it was offered. `hours` is the effort, in quarters of an hour. `source` says in words where
    it came from: "minutes of Council, 3 December", and `source_link` leads there; where that is a message of ours that
    is still to be posted, `source_live_id` names it. `team_id` is the workspace from which the bot speaks of it.
    """

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("consortium_id", "number"),
        Index("ix_task_open", "consortium_id", "state"),
        Index("ix_task_unlinked", "source_live_id", sqlite_where=_UNLINKED_YET, postgresql_where=_UNLINKED_YET),
    )

    id: Mapped[TaskId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    number: Mapped[int]
    team_id: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(300))
    source: Mapped[str] = mapped_column(String(200))
    source_link: Mapped[str | None] = mapped_column(String(500))
    source_live_id: Mapped[LiveId | None] = mapped_column(ForeignKey("live_message.id"))
    created_by: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    owner_id: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"), index=True)
    offered_to: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"), index=True)
    offered_by: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"))
    offers: Mapped[int] = mapped_column(default=0)
    hours: Mapped[float | None]
    due_on: Mapped[date | None]
    state: Mapped[TaskState] = mapped_column(default=TaskState.OPEN)
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


_NUMBERED = select(Task).where(Task.consortium_id == bindparam("consortium"), Task.number == bindparam("number"))
_LOCKED = _NUMBERED.with_for_update()


def get(session: Session, consortium_id: ConsortiumId, number: int) -> Task | None:
    """Find a task by its number."""
    return session.scalar(_NUMBERED, {"consortium": consortium_id, "number": number})


def lock(session: Session, consortium_id: ConsortiumId, number: int) -> Task | None:
    """Find a task and keep everybody else from taking or changing it until the transaction ends."""
    return session.scalar(_LOCKED, {"consortium": consortium_id, "number": number})


def numbered(session: Session, consortium_id: ConsortiumId, numbers: Collection[int]) -> dict[int, Task]:
    """Map numbers to tasks."""
    found = session.scalars(select(Task).where(Task.consortium_id == consortium_id, Task.number.in_(numbers)))
    return {task.number: task for task in found}


@dataclass(frozen=True)
class Wanted:
    """Which open tasks a list has, and in which order; `mine` come first where that is set."""

    where: ColumnElement[bool]
    mine: MemberId | None = None


def every_open(consortium_id: ConsortiumId) -> Wanted:
    """Want all open tasks, the earliest due first."""
    return Wanted(_is_open(consortium_id))


def of_agency(consortium_id: ConsortiumId, agency_id: AgencyId) -> Wanted:
    """Want the open tasks that an agency's people have or were offered, the earliest due first."""
    people = select(Member.id).where(Member.agency_id == agency_id, Member.left_at.is_(None)).scalar_subquery()
    return Wanted(_is_open(consortium_id) & or_(Task.owner_id.in_(people), Task.offered_to.in_(people)))


def for_person(consortium_id: ConsortiumId, member_id: MemberId) -> Wanted:
    """Want the open tasks that a person was offered, then those the person has, then what nobody has."""
    theirs = or_(Task.owner_id == member_id, Task.offered_to == member_id, Task.owner_id.is_(None))
    return Wanted(_is_open(consortium_id) & theirs, member_id)


def count(session: Session, wanted: Wanted) -> int:
    """Count what a list has."""
    return session.scalar(select(func.count()).select_from(Task).where(wanted.where)) or 0


def some(session: Session, wanted: Wanted, first: int, most: int) -> Sequence[Task]:
    """List at most so many of what a list has, from the one at place `first` on, which counts from 0."""
    found = select(Task).where(wanted.where).offset(first).limit(most)
    return session.scalars(_ordered(found, wanted.mine)).all()


def _is_open(consortium_id: ConsortiumId) -> ColumnElement[bool]:
    return (Task.consortium_id == consortium_id) & (Task.state == TaskState.OPEN)


def _ordered(found: Select[Task], mine: MemberId | None) -> Select[Task]:
    by_due = (Task.due_on.is_(None), Task.due_on, Task.number)
    if mine is None:
        return found.order_by(*by_due)
    return found.order_by(case((Task.offered_to == mine, 0), (Task.owner_id == mine, 1), else_=2), *by_due)


def held_by(session: Session, member_id: MemberId) -> Sequence[Task]:
    """Lock the open tasks that somebody has, by number."""
    return _locked_where(session, Task.owner_id == member_id)


def offered_to(session: Session, member_id: MemberId) -> Sequence[Task]:
    """Lock the open tasks that somebody was offered and has not answered, by number."""
    return _locked_where(session, Task.offered_to == member_id)


def _locked_where(session: Session, whose: ColumnElement[bool]) -> Sequence[Task]:
    found = select(Task).where(whose, Task.state == TaskState.OPEN).order_by(Task.number).with_for_update()
    return session.scalars(found.execution_options(populate_existing=True)).all()


def count_of_agency(session: Session, agency_id: AgencyId) -> int:
    """Count the open tasks that an agency's people have."""
    people = select(Member.id).where(Member.agency_id == agency_id).scalar_subquery()
    held = select(func.count()).select_from(Task).where(Task.owner_id.in_(people), Task.state == TaskState.OPEN)
    return session.scalar(held) or 0


def unlinked(session: Session, most: int) -> Sequence[tuple[TaskId, str, str, str]]:
    """List tasks whose source is a message of ours that stands by now: (task, workspace, channel, ts)."""
    rows = session.execute(_UNLINKED.order_by(Task.id).limit(most))
    return [(task, team, channel, ts) for task, team, channel, ts in rows if ts is not None]


_UNLINKED = (
    select(Task.id, LiveMessage.team_id, LiveMessage.channel, LiveMessage.ts)
    .join(LiveMessage, LiveMessage.id == Task.source_live_id)
    .where(LiveMessage.ts.is_not(None))
)


def lead_to(session: Session, task_id: TaskId, link: str | None) -> None:
    """Keep the link to a task's source, or that there is none to be had."""
    session.execute(update(Task).where(Task.id == task_id).values(source_link=link, source_live_id=None))


def come_from(session: Session, consortium_id: ConsortiumId, numbers: Collection[int], live_id: LiveId | None) -> None:
    """Note from which message of ours tasks come; it may still be on its way."""
    found = (Task.consortium_id == consortium_id) & Task.number.in_(numbers)
    session.execute(update(Task).where(found).values(source_live_id=live_id))


next_link = Due(_UNLINKED.with_only_columns(func.min(Task.created_at)))
