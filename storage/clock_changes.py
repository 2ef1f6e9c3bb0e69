"""What waits for a time that lies in the future only because the clock was set back.

Appointments, such as the closing of a poll, follow the clock. But a row that says when something is tried or looked at
next, or when it last happened, was written with the clock as it was, and would hold something back for an hour, a day,
or ten years.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage.closures import ClosureCalendar
from storage.consortia import Workspace
from storage.database import UNREADABLE, lock_rank
from storage.delivery_pauses import DeliveryPause
from storage.home_tabs import HomeTab
from storage.idempotency import HandledRequest
from storage.imports import ImportDraft
from storage.live_messages import LiveMessage
from storage.load import LoadCheck
from storage.meetings import Meeting
from storage.members import Member
from storage.membership_requests import MembershipRequest
from storage.notices import Notice
from storage.outbox import OutboxMessage
from storage.polls import Poll
from storage.proposals import Proposal
from storage.roles import Role
from storage.rooms import Room
from storage.vocabulary import DeliveryState, ImportState, NoticeState
from storage.warnings import WorkWarning

Column = InstrumentedAttribute[Any]

LOOKED_AT: tuple[Column, ...] = (
    Meeting.look_at,
    Proposal.remind_at,
    Poll.remind_at,
    ClosureCalendar.next_at,
    Role.look_at,
    LoadCheck.look_at,
    HomeTab.look_at,
    Workspace.look_at,
    MembershipRequest.look_at,
    LiveMessage.due_at,
    DeliveryPause.due_at,
)
"""When something is looked at or tried next. A look that is too early does no harm."""

LAST_AT: tuple[Column, ...] = (
    Member.told_on,
    Member.tasks_named_on,
    Room.worked_out_at,
    WorkWarning.told_at,
    OutboxMessage.told_at,
)
"""When something last happened, where the next time has to wait until some time has passed."""

BY_STATE: tuple[Column, ...] = (ImportDraft.due_at, Notice.due_at, Notice.look_at, OutboxMessage.due_at)
"""When something is looked at or tried next, as long as it waits."""


def last_written(session: Session) -> datetime | None:
    """Return the latest time at which something was stored: a clock that shows less was set back since."""
    latest = [latest_of(session, at) for at in (OutboxMessage.created_at, HandledRequest.seen_at)]
    return max((at for at in latest if at is not None), default=None)


def latest_of(session: Session, column: Column) -> datetime | None:
    """Return the latest time in a column; None if there is none, or if it cannot be read."""
    try:
        at: datetime | None = session.scalar(select(func.max(column)))
    except UNREADABLE:
        return None
    return at


def release(session: Session, latest: datetime, now: datetime) -> None:
    """Look at everything now, after the clock was set back from `latest` to `now`.

    What was due already by the clock as it was stays due, what is tried again is tried now, and what happened last did
    so at the latest now.
    """
    working = ImportDraft.state.in_((ImportState.READING, ImportState.IMPORTING, ImportState.UNDOING))
    session.execute(update(ImportDraft).where(working, ImportDraft.due_at > now).values(due_at=now))
    for column in sorted([*LOOKED_AT, *LAST_AT], key=lambda column: lock_rank(column.class_.__tablename__)):
        latest_now = now.date() if column.type.python_type is date else now
        session.execute(update(column.class_).where(column > latest_now).values({column: latest_now}))
    waiting = Notice.state == NoticeState.WAITING
    session.execute(update(Notice).where(waiting, Notice.due_at > now, Notice.due_at <= latest).values(due_at=now))
    session.execute(update(Notice).where(waiting, Notice.look_at > now).values(look_at=now))
    pending = OutboxMessage.state == DeliveryState.PENDING
    session.execute(update(OutboxMessage).where(pending, OutboxMessage.due_at > now).values(due_at=now))
