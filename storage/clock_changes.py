"""What waits for a time that lies in the future only because the clock was set back.

Appointments, such as the closing of a poll, follow the clock. But a row that says when something is tried or looked at
next was written with the clock as it was, and would wait for an hour, a day, or ten years.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage.closures import ClosureCalendar
from storage.consortia import Workspace
from storage.home_tabs import HomeTab
from storage.imports import ImportDraft
from storage.live_messages import LiveMessage
from storage.load import LoadCheck
from storage.meetings import Meeting
from storage.notices import Notice
from storage.outbox import OutboxMessage
from storage.proposals import Proposal
from storage.roles import Role
from storage.vocabulary import DeliveryState, ImportState, NoticeState

_LOOKED_AT: tuple[InstrumentedAttribute[Any], ...] = (
    Meeting.look_at,
    Proposal.remind_at,
    ClosureCalendar.next_at,
    Role.look_at,
    LoadCheck.look_at,
    HomeTab.look_at,
    Workspace.look_at,
    LiveMessage.due_at,
)
"""When something is looked at next, in the order of locks. A look that is too early does no harm."""


def release(session: Session, latest: datetime, now: datetime) -> None:
    """Look at everything now, after the clock was set back from `latest` to `now`.

    What was due already by the clock as it was stays due, and what is tried again is tried now.
    """
    working = ImportDraft.state.in_((ImportState.READING, ImportState.IMPORTING, ImportState.UNDOING))
    session.execute(update(ImportDraft).where(working, ImportDraft.due_at > now).values(due_at=now))
    for column in _LOOKED_AT:
        session.execute(update(column.class_).where(column > now).values({column: now}))
    waiting = Notice.state == NoticeState.WAITING
    session.execute(update(Notice).where(waiting, Notice.due_at > now, Notice.due_at <= latest).values(due_at=now))
    session.execute(update(Notice).where(waiting, Notice.look_at > now).values(look_at=now))
    pending = OutboxMessage.state == DeliveryState.PENDING
    session.execute(update(OutboxMessage).where(pending, OutboxMessage.due_at > now).values(due_at=now))
