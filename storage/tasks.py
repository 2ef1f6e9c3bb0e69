"""Tasks: owner, offer, effort, due date, and source."""

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
    and_,
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
from storage.vocabulary import AgencyId, ConsortiumId, LiveMessageId, MemberId, TaskId, TaskState

_HAS_LIVE_SOURCE = text("source_live_id IS NOT NULL")


class Task(Base):
    """A task. Without `owner_id`, it has no owner yet.

    `former_owner_id` is the member who had it and left, as long as nobody has taken it. `offered_to` is the member who
    was asked by `offered_by` and has not answered; `offers` counts the offers. `hours` is the effort, in steps of a
    quarter of an hour. `source` is text such as "minutes of Council, 3 December", and `source_link` its link; while the
    source is a live message that is not posted yet, `source_live_id` refers to it. `team_id` is the workspace from
    which the bot sends messages about the task.
    """

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("consortium_id", "number"),
        Index("ix_task_open", "consortium_id", "state"),
        Index("ix_task_unlinked", "source_live_id", sqlite_where=_HAS_LIVE_SOURCE, postgresql_where=_HAS_LIVE_SOURCE),
    )

    id: Mapped[TaskId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    number: Mapped[int]
    team_id: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(300))
    source: Mapped[str] = mapped_column(String(200))
    source_link: Mapped[str | None] = mapped_column(String(500))
    source_live_id: Mapped[LiveMessageId | None] = mapped_column(ForeignKey("live_message.id"))
    created_by: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    owner_id: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"), index=True)
    former_owner_id: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"), index=True)
    offered_to: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"), index=True)
    offered_by: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"))
    offers: Mapped[int] = mapped_column(default=0)
    hours: Mapped[float | None]
    due_on: Mapped[date | None]
    state: Mapped[TaskState] = mapped_column(default=TaskState.OPEN)
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


_NUMBERED = select(Task).where(Task.consortium_id == bindparam("consortium"), Task.number == bindparam("number"))
_LOCKED = _NUMBERED.with_for_update(key_share=True)


def get(session: Session, consortium_id: ConsortiumId, number: int) -> Task | None:
    """Find a task by its number."""
    return session.scalar(_NUMBERED, {"consortium": consortium_id, "number": number})


def lock_by_number(session: Session, consortium_id: ConsortiumId, number: int) -> Task | None:
    """Find and lock a task by its number."""
    return session.scalar(_LOCKED, {"consortium": consortium_id, "number": number})


def by_numbers(session: Session, consortium_id: ConsortiumId, numbers: Collection[int]) -> dict[int, Task]:
    """Map numbers to tasks; numbers that are not tasks are missing."""
    rows = session.scalars(select(Task).where(Task.consortium_id == consortium_id, Task.number.in_(numbers)))
    return {task.number: task for task in rows}


def list_all(session: Session, consortium_id: ConsortiumId) -> Sequence[Task]:
    """List all tasks, open and settled, by number."""
    return session.scalars(select(Task).where(Task.consortium_id == consortium_id).order_by(Task.number)).all()


def open_titles(session: Session, consortium_id: ConsortiumId) -> Sequence[str]:
    """List the titles of the open tasks."""
    query = select(Task.title).where(Task.consortium_id == consortium_id, Task.state == TaskState.OPEN)
    return session.scalars(query).all()


def same_title_without_owner(session: Session, task: Task) -> int | None:
    """Return the number of another open task with the title of this one that nobody has or is asked to take."""
    free = (Task.owner_id.is_(None), Task.offered_to.is_(None), Task.title == task.title, Task.id != task.id)
    query = select(func.min(Task.number)).where(_is_open(task.consortium_id), *free)
    return session.scalar(query)


@dataclass(frozen=True)
class TaskList:
    """A filter for a list of tasks. With `mine`, tasks offered to and owned by that member come first."""

    where: ColumnElement[bool]
    mine: MemberId | None = None


def all_open(consortium_id: ConsortiumId) -> TaskList:
    """Select all open tasks, earliest due first."""
    return TaskList(_is_open(consortium_id))


def of_agency(consortium_id: ConsortiumId, agency_id: AgencyId) -> TaskList:
    """Select the open tasks that an agency's members own or were offered, earliest due first."""
    people = select(Member.id).where(Member.agency_id == agency_id, Member.left_at.is_(None)).scalar_subquery()
    return TaskList(_is_open(consortium_id) & or_(Task.owner_id.in_(people), Task.offered_to.in_(people)))


def for_person(consortium_id: ConsortiumId, member_id: MemberId) -> TaskList:
    """Select the open tasks that a member was offered, then those they own, then those without an owner."""
    relevant = or_(Task.owner_id == member_id, Task.offered_to == member_id, Task.owner_id.is_(None))
    return TaskList(_is_open(consortium_id) & relevant, member_id)


def count_tasks(session: Session, wanted: TaskList) -> int:
    """Count the tasks in a list."""
    return session.scalar(select(func.count()).select_from(Task).where(wanted.where)) or 0


def list_tasks(session: Session, wanted: TaskList, first: int, most: int) -> Sequence[Task]:
    """Return at most `most` tasks of a list, from offset `first` on."""
    query = select(Task).where(wanted.where).offset(first).limit(most)
    return session.scalars(_order(query, wanted.mine)).all()


def _is_open(consortium_id: ConsortiumId) -> ColumnElement[bool]:
    return (Task.consortium_id == consortium_id) & (Task.state == TaskState.OPEN)


def _order(query: Select[Task], mine: MemberId | None) -> Select[Task]:
    by_due = (Task.due_on.is_(None), Task.due_on, Task.number)
    if mine is None:
        return query.order_by(*by_due)
    return query.order_by(case((Task.offered_to == mine, 0), (Task.owner_id == mine, 1), else_=2), *by_due)


def lock_owned(session: Session, member_id: MemberId) -> Sequence[Task]:
    """Lock, reload, and list a member's open tasks, ordered by number."""
    return _lock_open(session, Task.owner_id == member_id)


def offered_to(session: Session, member_id: MemberId) -> Sequence[Task]:
    """Lock, reload, and list the open tasks that are offered to a member, ordered by number."""
    return _lock_open(session, Task.offered_to == member_id)


def _lock_open(session: Session, where: ColumnElement[bool]) -> Sequence[Task]:
    query = (
        select(Task).where(where, Task.state == TaskState.OPEN).order_by(Task.number).with_for_update(key_share=True)
    )
    return session.scalars(query.execution_options(populate_existing=True)).all()


def count_owned(session: Session, member_id: MemberId) -> int:
    """Count a member's open tasks."""
    query = select(func.count()).select_from(Task).where(Task.owner_id == member_id, Task.state == TaskState.OPEN)
    return session.scalar(query) or 0


def count_offers(session: Session, member_id: MemberId) -> tuple[int, int]:
    """Count the open tasks that are offered to a member, and those that they have offered to others."""
    to_them, by_them = (
        session.scalar(select(func.count()).where(Task.state == TaskState.OPEN, *where)) or 0
        for where in (
            (Task.offered_to == member_id,),
            (Task.offered_to.is_not(None), Task.offered_by == member_id, Task.offered_to != member_id),
        )
    )
    return to_them, by_them


def owned_and_dated(session: Session, member_id: MemberId) -> Sequence[Task]:
    """List a member's open tasks that have a due date, earliest first."""
    query = select(Task).where(_is_dated_and_owned_by(member_id))
    return session.scalars(query.order_by(Task.due_on, Task.number)).all()


def due_dates(session: Session, member_id: MemberId) -> Sequence[date]:
    """List the different due dates of a member's open tasks."""
    query = select(Task.due_on).where(_is_dated_and_owned_by(member_id)).distinct()
    return [due_on for due_on in session.scalars(query) if due_on is not None]


def _is_dated_and_owned_by(member_id: MemberId) -> ColumnElement[bool]:
    return and_(Task.owner_id == member_id, Task.state == TaskState.OPEN, Task.due_on.is_not(None))


def left_behind(session: Session, member_id: MemberId) -> Sequence[Task]:
    """List the open tasks that a member left behind and nobody has taken, earliest due first."""
    query = select(Task).where(_is_left_behind_by(member_id), Task.state == TaskState.OPEN)
    return session.scalars(query.order_by(Task.due_on.is_(None), Task.due_on, Task.number)).all()


def lock_left_behind(session: Session, member_id: MemberId) -> Sequence[Task]:
    """Lock, reload, and list the open tasks that a member left behind and nobody has taken, ordered by number."""
    return _lock_open(session, _is_left_behind_by(member_id))


def created_without_owner(session: Session, member_id: MemberId) -> Sequence[Task]:
    """Lock, reload, and list the open tasks that a member created and that nobody has, ordered by number."""
    return _lock_open(session, and_(Task.created_by == member_id, Task.owner_id.is_(None)))


def _is_left_behind_by(member_id: MemberId) -> ColumnElement[bool]:
    return and_(Task.former_owner_id == member_id, Task.owner_id.is_(None))


def count_of_agency(session: Session, agency_id: AgencyId) -> int:
    """Count the open tasks owned by an agency's members, including those who left."""
    people = select(Member.id).where(Member.agency_id == agency_id).scalar_subquery()
    query = select(func.count()).select_from(Task).where(Task.owner_id.in_(people), Task.state == TaskState.OPEN)
    return session.scalar(query) or 0


def list_linkable(session: Session, most: int) -> Sequence[tuple[TaskId, str, str, str]]:
    """List tasks without a link whose source message has been posted, as (task, workspace, channel, ts)."""
    rows = session.execute(_UNLINKED.order_by(Task.id).limit(most))
    return [(task, team, channel, ts) for task, team, channel, ts in rows if ts is not None]


_UNLINKED = (
    select(Task.id, LiveMessage.team_id, LiveMessage.channel, LiveMessage.ts)
    .join(LiveMessage, LiveMessage.id == Task.source_live_id)
    .where(LiveMessage.ts.is_not(None))
)


def save_source_link(session: Session, task_id: TaskId, link: str | None) -> None:
    """Save the link to a task's source, or None if there is none."""
    session.execute(update(Task).where(Task.id == task_id).values(source_link=link, source_live_id=None))


def set_source_message(
    session: Session, consortium_id: ConsortiumId, numbers: Collection[int], live_id: LiveMessageId | None
) -> None:
    """Record the live message from which tasks come. It need not be posted yet."""
    query = update(Task).where(Task.consortium_id == consortium_id, Task.number.in_(numbers))
    session.execute(query.values(source_live_id=live_id))


next_link = Due(_UNLINKED.with_only_columns(func.min(Task.created_at)))
"""A time in the past if a task can be linked to its source."""
