"""Tasks: who does what by when, who was asked, and where it came from."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, bindparam, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.vocabulary import ConsortiumId, MemberId, TaskId, TaskState


class Task(Base):
    """Something to be done.

    Without `owner_id` it is nobody's yet. `offered_to` was asked by `offered_by` and has not answered; `offers`
    counts how often it was offered. `hours` is the effort, in quarters of an hour. `source` says in words where
    it came from: "minutes of Council, 3 December", and `source_link` leads there. `team_id` is the workspace from
    which the bot speaks of it.
    """

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("consortium_id", "number"),
        Index("ix_task_open", "consortium_id", "state"),
    )

    id: Mapped[TaskId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    number: Mapped[int]
    team_id: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(300))
    source: Mapped[str] = mapped_column(String(200))
    source_link: Mapped[str | None] = mapped_column(String(500))
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


def concerning(session: Session, consortium_id: ConsortiumId, people: Collection[MemberId]) -> Sequence[Task]:
    """List the open tasks that these people have or were offered, the earliest due first."""
    theirs = or_(Task.owner_id.in_(people), Task.offered_to.in_(people))
    return session.scalars(_open(consortium_id).where(theirs)).all()


def unassigned(session: Session, consortium_id: ConsortiumId) -> Sequence[Task]:
    """List the open tasks that nobody has, the earliest due first."""
    return session.scalars(_open(consortium_id).where(Task.owner_id.is_(None))).all()


def running(session: Session, consortium_id: ConsortiumId) -> Sequence[Task]:
    """List all open tasks, the earliest due first."""
    return session.scalars(_open(consortium_id)).all()


def _open(consortium_id: ConsortiumId) -> Select[Task]:
    return (
        select(Task)
        .where(Task.consortium_id == consortium_id, Task.state == TaskState.OPEN)
        .order_by(Task.due_on.is_(None), Task.due_on, Task.number)
    )


def release(session: Session, member_id: MemberId) -> int:
    """Let go of all open tasks of somebody who has left, so that they stay in sight; tell how many they had."""
    still_open = Task.state == TaskState.OPEN
    had = session.scalar(select(func.count()).where(Task.owner_id == member_id, still_open)) or 0
    session.execute(update(Task).where(Task.owner_id == member_id, still_open).values(owner_id=None))
    session.execute(update(Task).where(Task.offered_to == member_id, still_open).values(offered_to=None))
    return had
