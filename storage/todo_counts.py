"""The counts on a home tab, read in one statement."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from storage.membership_requests import MembershipRequest
from storage.outbox import Outbox
from storage.tasks import Task
from storage.todo import Reader
from storage.vocabulary import Delivery, RequestState, TaskState, WarningKind
from storage.warnings import WorkWarning

STUCK = (Delivery.FAILED, Delivery.UNKNOWN)


class TodoCounts(NamedTuple):
    """Counts of tasks without an owner, and of the reader's late tasks. The others are zero unless they facilitate."""

    free: int
    late: int
    stuck: int
    requests: int
    people_over: int
    other_cautions: int


def count(session: Session, reader: Reader, today: date, now: datetime) -> TodoCounts:
    """Return the counts on the reader's home tab. `today` is in the reader's zone."""
    task = (Task.consortium_id == reader.consortium_id, Task.state == TaskState.OPEN)
    counts = [
        select(func.count()).where(*task, Task.owner_id.is_(None), Task.offered_to.is_(None)),
        select(func.count()).where(*task, Task.owner_id == reader.member_id, Task.due_on < today),
    ]
    if reader.facilitates:
        current = (
            WorkWarning.consortium_id == reader.consortium_id,
            WorkWarning.ended_at.is_(None),
            or_(WorkWarning.quiet_until.is_(None), WorkWarning.quiet_until <= now),
        )
        counts += [
            select(func.count()).where(Outbox.consortium_id == reader.consortium_id, Outbox.state.in_(STUCK)),
            select(func.count()).where(
                MembershipRequest.consortium_id == reader.consortium_id, MembershipRequest.state == RequestState.OPEN
            ),
            select(func.count()).where(*current, WorkWarning.kind == WarningKind.PERSON),
            select(func.count()).where(*current, WorkWarning.kind != WarningKind.PERSON),
        ]
    row = session.execute(select(*(count.scalar_subquery() for count in counts))).one()
    return TodoCounts(*row, *(0 for _ in range(len(TodoCounts._fields) - len(row))))
