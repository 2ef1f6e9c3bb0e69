"""What a home tab shows as a number, counted in one statement."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from storage.membership_requests import Request
from storage.outbox import Outbox
from storage.tasks import Task
from storage.todo import Reader
from storage.vocabulary import CautionKind, Delivery, RequestState, TaskState
from storage.warnings import Caution

STUCK = (Delivery.FAILED, Delivery.UNKNOWN)


class Figures(NamedTuple):
    """Counts: what nobody has, what is late of the reader's own; the rest for facilitators."""

    free: int
    late: int
    stuck: int
    requests: int
    people_over: int
    other_cautions: int


def count(session: Session, reader: Reader, today: date, now: datetime) -> Figures:
    """Count what is shown as a number."""
    task = (Task.consortium_id == reader.consortium_id, Task.state == TaskState.OPEN)
    counts = [
        select(func.count()).where(*task, Task.owner_id.is_(None), Task.offered_to.is_(None)),
        select(func.count()).where(*task, Task.owner_id == reader.member_id, Task.due_on < today),
    ]
    if reader.facilitates:
        lasting = (
            Caution.consortium_id == reader.consortium_id,
            Caution.ended_at.is_(None),
            or_(Caution.quiet_until.is_(None), Caution.quiet_until <= now),
        )
        counts += [
            select(func.count()).where(Outbox.consortium_id == reader.consortium_id, Outbox.state.in_(STUCK)),
            select(func.count()).where(
                Request.consortium_id == reader.consortium_id, Request.state == RequestState.OPEN
            ),
            select(func.count()).where(*lasting, Caution.kind == CautionKind.PERSON),
            select(func.count()).where(*lasting, Caution.kind != CautionKind.PERSON),
        ]
    row = session.execute(select(*(one.scalar_subquery() for one in counts))).one()
    return Figures(*row, *(0 for _ in range(len(Figures._fields) - len(row))))
