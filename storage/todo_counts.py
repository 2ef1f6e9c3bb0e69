"""Counts for the home tab, in one statement."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from storage.agencies import Agency
from storage.consortia import Workspace
from storage.delivery_pauses import DeliveryPause
from storage.members import Member
from storage.membership_requests import MembershipRequest
from storage.outbox import STUCK, OutboxMessage
from storage.tasks import Task
from storage.todo import Reader
from storage.vocabulary import RequestState, TaskState, WarningKind
from storage.warnings import WorkWarning


class TodoCounts(NamedTuple):
    """Numbers for a home tab.

    They are the hours of the reader's tasks, roles, and open offers to them, the tasks without an owner (also those
    that are offered to somebody), and the reader's overdue tasks. The others are for facilitators, and 0 for everybody
    else: stuck calls, membership requests, warnings about people and about anything else, agencies, those of them that
    have nobody, and facilitators. `pause` is, for facilitators, Slack's error if it lets the bot post nothing.
    """

    task_hours: float
    role_hours: float
    offered_hours: float
    free: int
    late: int
    stuck: int
    requests: int
    people_over: int
    other_cautions: int
    agencies: int
    agencies_without_people: int
    facilitators: int
    pause: str | None = None


def count_todos(
    session: Session, reader: Reader, today: date, now: datetime, load: Sequence[Select[Any]]
) -> TodoCounts:
    """Count what the reader's home tab shows as a number. `load` are the queries of the reader's load in hours."""
    task = (Task.consortium_id == reader.consortium_id, Task.state == TaskState.OPEN)
    counts = [
        *load,
        select(func.count()).where(*task, Task.owner_id.is_(None)),
        select(func.count()).where(*task, Task.owner_id == reader.member_id, Task.due_on < today),
    ]
    if reader.facilitates:
        active = (
            WorkWarning.consortium_id == reader.consortium_id,
            WorkWarning.ended_at.is_(None),
            or_(WorkWarning.quiet_until.is_(None), WorkWarning.quiet_until <= now),
        )
        living = (Agency.consortium_id == reader.consortium_id, Agency.ended_at.is_(None))
        present = Member.left_at.is_(None)
        counts += [
            select(func.count()).where(
                OutboxMessage.consortium_id == reader.consortium_id, OutboxMessage.state.in_(STUCK)
            ),
            select(func.count()).where(
                MembershipRequest.consortium_id == reader.consortium_id, MembershipRequest.state == RequestState.OPEN
            ),
            select(func.count()).where(*active, WorkWarning.kind == WarningKind.PERSON),
            select(func.count()).where(*active, WorkWarning.kind != WarningKind.PERSON),
            select(func.count()).where(*living),
            select(func.count()).where(*living, ~exists().where(Member.agency_id == Agency.id, present)),
            select(func.count()).where(Member.consortium_id == reader.consortium_id, Member.facilitator, present),
            select(func.min(DeliveryPause.reason))
            .join(Workspace, Workspace.team_id == DeliveryPause.team_id)
            .where(Workspace.consortium_id == reader.consortium_id),
        ]
    row = session.execute(select(*(query.scalar_subquery() for query in counts))).one()
    numbers = len(TodoCounts._fields) - 1
    return TodoCounts(*row, *(0 for _ in range(numbers - len(row))))
