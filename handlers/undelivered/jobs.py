"""Scheduled work: telling people about messages that were not delivered."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.kit.notices.sweep import RenderedNotice
from handlers.undelivered import views
from handlers.undelivered.reasons import CLOSED
from storage import members, notices, outbox
from storage.database import Database
from storage.notices import NewNotice, Notice
from storage.outbox import OutboxMessage
from storage.vocabulary import DeliveryState, NoticeId, NoticeKind

PATIENCE = timedelta(days=1)
"""The time the person who asked for a message has before the facilitators are told."""

ONCE_PER_CHANNEL = timedelta(days=1)
"""How long a person who was told that a channel is closed to the bot is not told of other messages to it."""


def sweep(db: Database, now: datetime) -> None:
    """Tell the people who asked for a message that it was not, or may not have been, posted.

    A facilitator is told instead when that person has left Slack.
    """
    with db.read() as session:
        if next_due(session) is None:
            return
    with db.begin() as session:
        for row in outbox.lock_unreported(session):
            row.told = True
            row.answers_to = _recipient(session, row)
            if row.answers_to is None or _already_told(session, row, now):
                continue
            row.told_at = now
            outbox.queue(
                session,
                team_id=row.team_id,
                channel=row.answers_to,
                body=views.not_delivered(row),
                about="the news that something was not delivered",
                now=now,
                consortium_id=row.consortium_id,
            )
            _schedule_reminders(session, row, now)


next_due = outbox.first_unreported


def _recipient(session: Session, row: OutboxMessage) -> str | None:
    """Return the Slack user to tell: who asked, or a facilitator when they left; None when nobody is left."""
    if row.consortium_id is None or any(
        m.user_id == row.answers_to for m in members.active(session, row.consortium_id)
    ):
        return row.answers_to
    return next((facilitator.user_id for facilitator in members.facilitators(session, row.consortium_id)), None)


def _already_told(session: Session, row: OutboxMessage, now: datetime) -> bool:
    """Return whether the same person was told a short time ago about another message to the same closed channel.

    Pressing Post there sends this one too.
    """
    if row.reason not in CLOSED or row.consortium_id is None:
        return False
    return any(
        other.reason in CLOSED
        and (other.team_id, other.channel, other.answers_to) == (row.team_id, row.channel, row.answers_to)
        and other.told_at is not None
        and now - other.told_at < ONCE_PER_CHANNEL
        for other in outbox.list_stuck(session, row.consortium_id)
    )


def _schedule_reminders(session: Session, row: OutboxMessage, now: datetime) -> None:
    """Schedule a notice to the facilitators for the next day, unless one of them is told now."""
    facilitators = members.facilitators(session, row.consortium_id) if row.consortium_id is not None else []
    if any(facilitator.user_id == row.answers_to for facilitator in facilitators):
        return
    for facilitator in facilitators:
        key = f"undelivered/{row.id}/{int(now.timestamp())}/{facilitator.id}"
        about = (NoticeKind.UNDELIVERED, key, row.id)
        wanted = NewNotice(facilitator.consortium_id, facilitator.id, row.team_id, *about, due_at=now + PATIENCE)
        notices.add(session, wanted)


def render_reminders(session: Session, due: Sequence[Notice], _now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the notices to facilitators about messages that still wait, without their contents or channels."""
    rendered: dict[NoticeId, RenderedNotice] = {}
    for notice in due:
        row = session.get(OutboxMessage, notice.subject)
        if row is not None and row.state in {DeliveryState.FAILED, DeliveryState.UNKNOWN} and row.told:
            names = members.names_by_user_id(session, notice.consortium_id, {row.answers_to or ""})
            rendered[notice.id] = views.still_undelivered(
                names.get(row.answers_to or "", ""), unknown=row.state is DeliveryState.UNKNOWN
            )
    return rendered
