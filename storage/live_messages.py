"""Live messages: Slack messages that are updated whenever the state they show changes."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, ForeignKey, Index, String, and_, bindparam, func, or_, select, text, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from storage.database import Base, wake_on_commit
from storage.vocabulary import ConsortiumId, LiveMessageId, LiveMessageKind


class LiveMessage(Base):
    """A message that shows the current state of a proposal, a poll, an agenda, minutes, or a membership request.

    `wanted` counts the changes, `shown` how many of them the message shows. `ts` is the message's id in Slack, None
    until it was posted. `attempts` counts the updates that failed; a change, or a sign that its channel is open again,
    sets it to zero and with it ends the wait for the next try. `problem` says why it is no longer updated.
    """

    __tablename__ = "live_message"

    id: Mapped[LiveMessageId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    kind: Mapped[LiveMessageKind]
    number: Mapped[int]
    team_id: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(32))
    ts: Mapped[str | None] = mapped_column(String(32))
    wanted: Mapped[int] = mapped_column(default=0)
    shown: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(String(200))


_BEHIND = text("wanted > shown")
Index("ix_live_message_behind", LiveMessage.due_at, sqlite_where=_BEHIND, postgresql_where=_BEHIND)

MIN_INTERVAL = timedelta(seconds=1)
"""The shortest time between two updates of one live message."""

LONGEST_WAIT = timedelta(days=2)
"""Nothing that is to be delivered waits longer for its next try. A later time is one that nobody can read."""


def is_due(due_at: InstrumentedAttribute[datetime], now: datetime) -> ColumnElement[bool]:
    """Return whether something is to be tried now. A time that cannot be read counts: the try finds that out."""
    return or_(due_at <= now, due_at > now + LONGEST_WAIT)


def may_be_updated(now: datetime) -> ColumnElement[bool]:
    """Return whether a live message is to be updated now, because its time has come or its wait has ended."""
    return or_(
        is_due(LiveMessage.due_at, now), and_(LiveMessage.attempts == 0, LiveMessage.due_at > now + MIN_INTERVAL)
    )


OUTDATED = (LiveMessage.wanted > LiveMessage.shown, LiveMessage.ts.is_not(None), LiveMessage.problem.is_(None))
"""Conditions for a message that needs an update and can be updated."""


def get(session: Session, live_id: LiveMessageId | None) -> LiveMessage | None:
    """Find a live message."""
    return session.get(LiveMessage, live_id) if live_id is not None else None


def posted_at(session: Session, live_id: LiveMessageId | None) -> datetime | None:
    """Return when a live message was posted; None if that is not known."""
    live = get(session, live_id)
    return datetime.fromtimestamp(float(live.ts), UTC) if live is not None and live.ts else None


def create(
    session: Session,
    consortium_id: ConsortiumId,
    kind: LiveMessageKind,
    number: int,
    where: tuple[str, str],
    now: datetime,
) -> LiveMessageId:
    """Create a live message in `where`, a (workspace, channel)."""
    live = LiveMessage(
        consortium_id=consortium_id, kind=kind, number=number, team_id=where[0], channel=where[1], due_at=now
    )
    session.add(live)
    session.flush()
    return live.id


_LIVE = Base.metadata.tables[LiveMessage.__tablename__]
_COUNT_CHANGE = update(_LIVE).where(_LIVE.c.id == bindparam("live")).values(wanted=_LIVE.c.wanted + 1, attempts=0)


def request_update(session: Session, live_id: LiveMessageId | None) -> None:
    """Request an update of a live message, because what it shows has changed. Does nothing for None."""
    session.flush()
    session.connection().execute(_COUNT_CHANGE, {"live": live_id})
    wake_on_commit(session)


def update_now(session: Session, workspace: str, channel: str) -> None:
    """Try at once to update the messages of a channel that wait because it was closed to the bot."""
    here = (LiveMessage.team_id == workspace, LiveMessage.channel == channel)
    session.execute(update(LiveMessage).where(*here, *OUTDATED).values(attempts=0))
    wake_on_commit(session)


@dataclass(frozen=True)
class OutdatedMessage:
    """A live message that needs an update: what has to be known to decide whether it may be updated now."""

    id: LiveMessageId
    team_id: str
    channel: str


def list_outdated(
    session: Session, now: datetime, limit: int = 50, held: Collection[str] = ()
) -> Sequence[OutdatedMessage]:
    """List the live messages that need an update now.

    The first message of each workspace comes before the second of any, so that a workspace with many does not delay
    the others. `held` lists workspaces that accept no updates now.
    """
    rank = func.row_number().over(partition_by=LiveMessage.team_id, order_by=(LiveMessage.due_at, LiveMessage.id))
    # not the whole row: one that cannot be read must not hide the others
    due = (*OUTDATED, may_be_updated(now))
    query = select(LiveMessage.id, LiveMessage.team_id, LiveMessage.channel).where(*due)
    if held:
        query = query.where(LiveMessage.team_id.not_in(held))
    rows = session.execute(query.order_by(rank, LiveMessage.due_at, LiveMessage.id).limit(limit))
    return [OutdatedMessage(id_, team, channel) for id_, team, channel in rows]


def postpone(session: Session, live_id: int, delay: Callable[[int], timedelta], now: datetime) -> None:
    """Try to update a live message again later, without loading it. `delay` returns how long after so many attempts."""
    stored = session.scalar(select(LiveMessage.attempts).where(LiveMessage.id == live_id))
    attempts = (stored if isinstance(stored, int) else 0) + 1
    query = update(LiveMessage).where(LiveMessage.id == live_id)
    session.execute(query.values(due_at=now + delay(attempts), attempts=attempts))
