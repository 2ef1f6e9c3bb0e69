"""A channel that gets a new id: everything that names it follows."""

import contextlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from storage import live_messages
from storage.consortia import Workspace
from storage.database import Base, lock_rank, wake_on_commit
from storage.live_messages import LiveMessage
from storage.outbox import OutboxMessage
from storage.tasks import Task
from storage.vocabulary import DeliveryState

CHANNEL_NOT_FOUND = "channel_not_found"
"""Slack's answer to a call with the old id."""


def move(session: Session, workspace: str, old: str, new: str, now: datetime) -> None:
    """Replace the id of a channel in every table with a channel column, in messages that wait, and in links.

    Messages that Slack refused because it no longer knew the old id are sent again.
    """
    consortium_id = select(Workspace.consortium_id).where(Workspace.team_id == workspace).scalar_subquery()
    for table in sorted(Base.metadata.sorted_tables, key=lambda table: lock_rank(table.name)):
        if "channel" in table.c:
            here = table.c.team_id == workspace if "team_id" in table.c else table.c.consortium_id == consortium_id
            session.execute(update(table).where(table.c.channel == old, here).values(channel=new))
    _rewrite_waiting(session, workspace, old, new, now)
    moved = (LiveMessage.team_id == workspace, LiveMessage.channel == new)
    session.execute(update(LiveMessage).where(*moved).values(wanted=LiveMessage.wanted + 1))
    live_messages.update_now(session, workspace, new)
    link = func.replace(Task.source_link, f"/archives/{old}/", f"/archives/{new}/")
    session.execute(
        update(Task).where(Task.team_id == workspace, Task.source_link.contains(f"/{old}/")).values(source_link=link)
    )
    session.expire_all()
    wake_on_commit(session)


def _rewrite_waiting(session: Session, workspace: str, old: str, new: str, now: datetime) -> None:
    """Name the channel by its new id in messages that were not delivered yet, also in those for other readers."""
    query = select(OutboxMessage).where(OutboxMessage.team_id == workspace, OutboxMessage.state != DeliveryState.SENT)
    for row in session.scalars(query.with_for_update(key_share=True)):
        # contents that cannot be read name no channel, and must not keep the others from following
        with contextlib.suppress(ValueError, TypeError):
            row.body = _replaced(row.body, old, new)
            row.fallback = _replaced(row.fallback, old, new) if row.fallback is not None else None
        if row.channel == new and row.state is DeliveryState.FAILED and row.reason == CHANNEL_NOT_FOUND:
            row.state, row.reason, row.attempts, row.due_at = DeliveryState.PENDING, None, 0, now
    session.flush()


def _replaced(body: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    text = json.dumps(body)
    return dict(json.loads(text.replace(old, new))) if old in text else body
