"""Scheduled work: telling people about messages that were not delivered."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from handlers.kit.isolation import row_transaction
from handlers.kit.notices.messages import PRIVATE, name_thing
from handlers.kit.notices.sweep import RenderedNotice
from handlers.undelivered import views
from handlers.undelivered.reasons import CLOSED, explain
from storage import live_messages, members, notices, outbox, polls, proposals
from storage.database import Database
from storage.notices import NewNotice, Notice
from storage.outbox import OutboxMessage
from storage.vocabulary import DeliveryState, LiveMessageKind, MemberId, NoticeId, NoticeKind

PATIENCE = timedelta(days=1)
"""The time the person who asked for a message has before the facilitators are told.

They are told soon of what the bot posts by itself, such as verdicts and agendas: nobody waits for these.
"""

TOGETHER = timedelta(minutes=15)
"""How long the facilitators' news of a result waits for others at least. Several often close at the same time."""

ONCE_PER_CHANNEL = timedelta(days=1)
"""How often a person is told what could not be posted in a channel that is closed to the bot."""

Batch = list[OutboxMessage]


def sweep(db: Database, now: datetime) -> None:
    """Tell people which messages were not, or may not have been, posted; each channel in its own transaction."""
    with db.read() as session:
        unreported = outbox.list_unreported(session, now)
    by_channel: dict[tuple[object, ...], list[int]] = {}
    for *where, row_id in unreported:
        by_channel.setdefault(tuple(where), []).append(row_id)
    for ids in by_channel.values():
        with row_transaction(db) as session:
            for batch in _batches(session, outbox.lock_unreported(session, ids)):
                _tell(session, batch, now)


next_due = outbox.first_unreported


def _batches(session: Session, rows: Sequence[OutboxMessage]) -> Iterable[Batch]:
    """Combine messages to one channel that the same person is told of, if they failed because it is closed."""
    batches: dict[tuple[object, ...], Batch] = {}
    for row in rows:
        row.answers_to = _recipient(session, row)
        alike = explain(row.reason).cause if row.reason in CLOSED else row.id
        batches.setdefault((row.answers_to, alike), []).append(row)
    return batches.values()


def _recipient(session: Session, row: OutboxMessage) -> str | None:
    """Return the Slack user to tell: who asked, or a facilitator when they left; None when nobody is left.

    A facilitator may not be in a private channel, and learns of it in a notice that names nothing.
    """
    if row.consortium_id is None or any(
        m.user_id == row.answers_to for m in members.active(session, row.consortium_id)
    ):
        return row.answers_to
    if views.is_private(row):
        return None
    return next((facilitator.user_id for facilitator in members.facilitators(session, row.consortium_id)), None)


def _tell(session: Session, batch: Batch, now: datetime) -> None:
    """Tell the person who asked for messages what became of them, and the facilitators now or later.

    Where nobody is left to be told, the list of messages to check still shows them.
    """
    first = batch[0]
    last = outbox.last_told_at(session, first, CLOSED, now) if first.reason in CLOSED else None
    if last is not None and now - last < ONCE_PER_CHANNEL:
        for row in batch:
            row.due_at = last + ONCE_PER_CHANNEL
        return
    for row in batch:
        row.told, row.told_at = True, now
        _schedule_notices(session, row, now)
    if first.answers_to is None:
        return
    names = [_name(session, row) for row in batch]
    outbox.queue(
        session,
        team_id=first.team_id,
        channel=first.answers_to,
        body=views.not_delivered(batch, names),
        about="the news that something was not delivered",
        now=now,
        consortium_id=first.consortium_id,
    )


def _name(session: Session, row: OutboxMessage) -> str:
    """Return the name of a message for the person who asked for it, who may know what it is about."""
    live = live_messages.get(session, row.live_id or row.thread_of)
    if not views.is_private(row) or live is None or live.kind not in _STORAGE:
        return row.about.removesuffix(f" {PRIVATE}")
    thing = _STORAGE[live.kind].get(session, live.consortium_id, live.number)
    return f"a message about {name_thing(thing)}" if thing is not None else row.about


_STORAGE: Mapping[LiveMessageKind, Any] = {LiveMessageKind.PROPOSAL: proposals, LiveMessageKind.POLL: polls}


def _schedule_notices(session: Session, row: OutboxMessage, now: datetime) -> None:
    """Schedule a notice to the facilitators who are not told now: soon, or for what a person asked for, in a day."""
    facilitators = members.facilitators(session, row.consortium_id) if row.consortium_id is not None else []
    others = [facilitator for facilitator in facilitators if facilitator.user_id != row.answers_to]
    if len(others) < len(facilitators) and not _is_for_facilitators(row):
        return
    for facilitator in others:
        key = f"undelivered/{row.id}/{int(now.timestamp())}/{facilitator.id}"
        about = (NoticeKind.UNDELIVERED, key, row.id)
        due_at = _together(now) if _is_for_facilitators(row) else now + PATIENCE
        notices.add(session, NewNotice(facilitator.consortium_id, facilitator.id, row.team_id, *about, due_at=due_at))


def _is_for_facilitators(row: OutboxMessage) -> bool:
    """Return whether facilitators hear of a message at once: it was posted by itself, or nobody waits for it now."""
    return row.by_itself or row.answers_to is None


def _together(now: datetime) -> datetime:
    """Return the quarter hour after `TOGETHER`: what fails within some minutes is due at the same time."""
    at = now + TOGETHER
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0) + timedelta(minutes=15)


def render_notices(session: Session, due: Sequence[Notice], _now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the notices to facilitators about messages that still wait.

    A facilitator gets one part for all that the bot posts by itself, and one for what people asked for.
    """
    waiting: dict[tuple[MemberId, bool, bool], list[tuple[Notice, OutboxMessage]]] = {}
    for notice in due:
        row = session.get(OutboxMessage, notice.subject)
        if row is not None and row.state in outbox.STUCK and row.told:
            ours = _is_for_facilitators(row)
            lost = not ours and row.state is DeliveryState.UNKNOWN
            waiting.setdefault((notice.member_id, ours, lost), []).append((notice, row))
    rendered: dict[NoticeId, RenderedNotice] = {}
    for (_, ours, lost), pairs in waiting.items():
        rows = [row for _, row in pairs]
        found = members.names_by_user_id(session, due[0].consortium_id, {row.answers_to or "" for row in rows})
        names = sorted(set(found.values()))
        part = views.not_posted(rows, names) if ours else views.still_undelivered(rows, names, lost=lost)
        rendered |= {notice.id: part for notice, _ in pairs}
    return rendered
