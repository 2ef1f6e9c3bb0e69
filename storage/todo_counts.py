"""Counts for the home tab, in one statement."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from storage.membership_requests import MembershipRequest
from storage.outbox import STUCK, OutboxMessage
from storage.tasks import Task
from storage.todo import Reader
from storage.vocabulary import RequestState, TaskState, WarningKind
from storage.warnings import WorkWarning


class TodoCounts(NamedTuple):
    """Counts for a home tab: tasks without an owner or offer, and the reader's overdue tasks.

    The others are for facilitators, and 0 for everybody else: stuck calls, membership requests, and warnings about
    people and about anything else.
    """

    free: int
    late: int
    stuck: int
    requests: int
    people_over: int
    other_cautions: int


def count_todos(session: Session, reader: Reader, today: date, now: datetime) -> TodoCounts:
    """Count what the reader's home tab shows as a number."""
    task = (Task.consortium_id == reader.consortium_id, Task.state == TaskState.OPEN)
    counts = [
        select(func.count()).where(*task, Task.owner_id.is_(None), Task.offered_to.is_(None)),
        select(func.count()).where(*task, Task.owner_id == reader.member_id, Task.due_on < today),
    ]
    if reader.facilitates:
        active = (
            WorkWarning.consortium_id == reader.consortium_id,
            WorkWarning.ended_at.is_(None),
            or_(WorkWarning.quiet_until.is_(None), WorkWarning.quiet_until <= now),
        )
        counts += [
            select(func.count()).where(
                OutboxMessage.consortium_id == reader.consortium_id, OutboxMessage.state.in_(STUCK)
            ),
            select(func.count()).where(
                MembershipRequest.consortium_id == reader.consortium_id, MembershipRequest.state == RequestState.OPEN
            ),
            select(func.count()).where(*active, WorkWarning.kind == WarningKind.PERSON),
            select(func.count()).where(*active, WorkWarning.kind != WarningKind.PERSON),
        ]
    row = session.execute(select(*(query.scalar_subquery() for query in counts))).one()
    return TodoCounts(*row, *(0 for _ in range(len(TodoCounts._fields) - len(row))))
