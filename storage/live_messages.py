"""Messages that always show how a thing stands now."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, bindparam, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.vocabulary import ConsortiumId, LiveId, LiveKind
from storage.waking import ring


class LiveMessage(Base):
    """A message that always shows the present state of a proposal, a poll, an agenda or minutes.

    `wanted` counts the changes, `shown` how many of them the message shows. `ts` is Slack's name of the
    message, unknown until it was posted. `problem` says why it is no longer kept current.
    """

    __tablename__ = "live_message"

    id: Mapped[LiveId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    kind: Mapped[LiveKind]
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

LATE = (LiveMessage.wanted > LiveMessage.shown, LiveMessage.ts.is_not(None), LiveMessage.problem.is_(None))
"""What tells that a message is not current and can be made so."""


def get(session: Session, live_id: LiveId | None) -> LiveMessage | None:
    """Find a live message."""
    return session.get(LiveMessage, live_id) if live_id is not None else None


def start(
    session: Session,
    consortium_id: ConsortiumId,
    kind: LiveKind,
    number: int,
    where: tuple[str, str],
    now: datetime,
) -> LiveId:
    """Begin a live message in (workspace, channel)."""
    live = LiveMessage(
        consortium_id=consortium_id, kind=kind, number=number, team_id=where[0], channel=where[1], due_at=now
    )
    session.add(live)
    session.flush()
    return live.id


_LIVE = Base.metadata.tables[LiveMessage.__tablename__]
_WANT = update(_LIVE).where(_LIVE.c.id == bindparam("live")).values(wanted=_LIVE.c.wanted + 1)


def want(session: Session, live_id: LiveId | None) -> None:
    """Note that what a live message shows has changed."""
    session.flush()
    session.connection().execute(_WANT, {"live": live_id})
    ring(session)


def behind(session: Session, now: datetime, limit: int = 50, held: Collection[str] = ()) -> Sequence[LiveMessage]:
    """List the live messages that do not show the present state and may be sent now.

    Each workspace's first comes before any one's second, so that none with many keeps the others waiting. `held`
    lists workspaces that take no changes now.
    """
    turn = func.row_number().over(partition_by=LiveMessage.team_id, order_by=(LiveMessage.due_at, LiveMessage.id))
    free = [LiveMessage.team_id.not_in(held)] if held else []
    due = select(LiveMessage).where(*LATE, LiveMessage.due_at <= now, *free)
    return session.scalars(due.order_by(turn, LiveMessage.due_at, LiveMessage.id).limit(limit)).all()
