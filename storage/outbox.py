"""What is to be said to Slack: written in the transaction that decides it, sent by the courier."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    bindparam,
    delete,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.due import Due
from storage.live_messages import LATE, LiveMessage
from storage.vocabulary import ConsortiumId, Delivery, LiveId
from storage.waking import ring

_WAITING = (Delivery.PENDING, Delivery.SENDING)
_STUCK = (Delivery.FAILED, Delivery.UNKNOWN)


class Outbox(Base):
    """One call to Slack that must be made.

    `live_id` is the live message that this posts; `thread_of` the one in whose thread it belongs. `fallback` is
    the body for a workspace that refuses a block too new for it. `claimed_by` names the process that is sending
    it. `about` says for people what it is.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "state", "team_id", "channel", "id"),
        Index("ix_outbox_created_at", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId | None] = mapped_column(ForeignKey("consortium.id"), index=True)
    team_id: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(32))
    method: Mapped[str] = mapped_column(String(40))
    body: Mapped[dict[str, Any]]
    fallback: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    about: Mapped[str] = mapped_column(String(200))
    answers_to: Mapped[str | None] = mapped_column(String(32))
    live_id: Mapped[LiveId | None] = mapped_column(ForeignKey("live_message.id"))
    thread_of: Mapped[LiveId | None] = mapped_column(ForeignKey("live_message.id"))
    state: Mapped[Delivery] = mapped_column(default=Delivery.PENDING)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_by: Mapped[str | None] = mapped_column(String(40))
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(Text)
    ts: Mapped[str | None] = mapped_column(String(32))
    told: Mapped[bool] = mapped_column(default=False)


def put(
    session: Session,
    *,
    team_id: str,
    channel: str,
    body: dict[str, Any],
    about: str,
    now: datetime,
    consortium_id: ConsortiumId | None = None,
    method: str = "chat.postMessage",
    answers_to: str | None = None,
    live_id: LiveId | None = None,
    thread_of: LiveId | None = None,
    fallback: dict[str, Any] | None = None,
) -> Outbox:
    """Leave a message for the courier.

    `channel` is a channel, or a user id for a direct message. `answers_to` is the user who is told when it
    cannot be delivered (otherwise the facilitators see it).
    """
    row = Outbox(
        consortium_id=consortium_id,
        team_id=team_id,
        channel=channel,
        method=method,
        body=body,
        fallback=fallback,
        about=about[:200],
        answers_to=answers_to,
        live_id=live_id,
        thread_of=thread_of,
        created_at=now,
        due_at=now,
    )
    session.add(row)
    ring(session)
    return row


_LIVE = Base.metadata.tables[LiveMessage.__tablename__]
_FIRST = select(func.min(Outbox.id)).where(Outbox.state.in_(_WAITING)).group_by(Outbox.team_id, Outbox.channel)
_HEADS = (
    select(Outbox)
    .where(Outbox.id.in_(_FIRST), Outbox.state == Delivery.PENDING, Outbox.due_at <= bindparam("now"))
    .order_by(Outbox.id)
)
_UNTOLD = (Outbox.state.in_(_STUCK), Outbox.answers_to.is_not(None), Outbox.told.is_(False))
_LATER = select(func.min(LiveMessage.due_at)).where(*LATE, LiveMessage.due_at > bindparam("now"))
_NAMELESS = select(_LIVE.c.id).where(_LIVE.c.id == bindparam("live"), _LIVE.c.ts.is_(None))


def learn_ts(session: Session, live_id: LiveId | None, ts: str) -> None:
    """Take Slack's name of a live message from a press on it, where the reply to its posting was lost."""
    if session.scalar(_NAMELESS, {"live": live_id}) is None:
        return
    session.execute(update(LiveMessage).where(LiveMessage.id == live_id).values(ts=ts, wanted=LiveMessage.wanted + 1))
    session.execute(
        update(Outbox).where(Outbox.live_id == live_id, Outbox.state.in_(_STUCK)).values(state=Delivery.SENT, ts=ts)
    )
    ring(session)


def heads(
    session: Session, now: datetime, limit: int = 200, held: Collection[tuple[str, str]] = ()
) -> Sequence[Outbox]:
    """List the first waiting message of each channel, where it may be sent now.

    `held` lists workspaces with the methods that they do not take now. A message for a thread waits until the
    thread has begun.
    """
    free = _HEADS.where(tuple_(Outbox.team_id, Outbox.method).not_in(held)) if held else _HEADS
    return session.scalars(free.limit(limit), {"now": now}).all()


next_due = Due(
    select(func.min(Outbox.due_at)).where(Outbox.state == Delivery.PENDING),
    select(func.min(LiveMessage.due_at)).where(*LATE),
)
"""The earliest moment at which something waiting may be sent."""


def next_free(session: Session, now: datetime) -> datetime | None:
    """Give when something may be sent next where what is due now stands behind what has to wait; else None."""
    waits = (Outbox.id.in_(_FIRST), Outbox.state == Delivery.PENDING, Outbox.due_at > now)
    head = session.scalar(select(func.min(Outbox.due_at)).where(*waits))
    return min(head, session.scalar(_LATER, {"now": now}) or head) if head else None


def disown(session: Session, living: Collection[str]) -> int:
    """Turn what a dead process was sending into unknown; tell how many there were."""
    gone = session.execute(
        update(Outbox)
        .where(Outbox.state == Delivery.SENDING, Outbox.claimed_by.not_in(living))
        .values(state=Delivery.UNKNOWN, claimed_by=None, reason="the bot stopped while sending it")
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def stuck(session: Session, consortium_id: ConsortiumId) -> Sequence[Outbox]:
    """List what could not be delivered, or may not have been, newest first."""
    return session.scalars(
        select(Outbox).where(Outbox.consortium_id == consortium_id, Outbox.state.in_(_STUCK)).order_by(Outbox.id.desc())
    ).all()


def untold(session: Session) -> Sequence[Outbox]:
    """List what went wrong and nobody was told of yet, for those messages that answer somebody."""
    return session.scalars(select(Outbox).where(*_UNTOLD).order_by(Outbox.id).with_for_update(skip_locked=True)).all()


_CLAIMABLE = (
    select(Outbox)
    .where(Outbox.id == bindparam("row"), Outbox.state == Delivery.PENDING)
    .with_for_update(skip_locked=True)
)
"""Made once: making a statement takes longer than asking it, and this is asked for each message."""


def claimable(session: Session, row_id: int) -> Outbox | None:
    """Lock one message if it still waits to be sent; None where it does not, or another process holds it."""
    return session.scalar(_CLAIMABLE, {"row": row_id})


_OUTBOX = Base.metadata.tables[Outbox.__tablename__]
_GIVEN_UP = (_OUTBOX.c.state == Delivery.UNKNOWN) & _OUTBOX.c.claimed_by.is_(None)
_OURS = ((_OUTBOX.c.state == Delivery.SENDING) & (_OUTBOX.c.claimed_by == bindparam("name"))) | _GIVEN_UP
"""What a process has sent: where it was thought dead its message is unknown; now it is known."""

_SENT = (
    update(_OUTBOX)
    .where(_OUTBOX.c.id == bindparam("row"), _OURS)
    .values(state=Delivery.SENT, ts=bindparam("its_ts"), claimed_by=None, reason=None)
)


def sent(session: Session, row_id: int, name: str, ts: str | None, *, live: LiveId | None) -> None:
    """Note that Slack has taken a message, unless somebody has decided about it meanwhile."""
    session.connection().execute(_SENT, {"row": row_id, "name": name, "its_ts": ts})
    if live is not None:
        session.execute(update(LiveMessage).where(LiveMessage.id == live).values(ts=ts))


def claimed(session: Session, row_id: int, name: str) -> Outbox | None:
    """Lock a message that a process tried to send, unless somebody has decided about it meanwhile."""
    wanted = select(Outbox).where(Outbox.id == row_id, _OURS).with_for_update()
    return session.scalar(wanted, {"name": name})


def lock(session: Session, consortium_id: ConsortiumId, row_id: int) -> Outbox | None:
    """Lock one message that got stuck."""
    mine: ColumnElement[bool] = (Outbox.id == row_id) & (Outbox.consortium_id == consortium_id)
    return session.scalar(select(Outbox).where(mine, Outbox.state.in_(_STUCK)).with_for_update())


def send_again(session: Session, row: Outbox, now: datetime) -> None:
    """Give a message that got stuck back to the courier."""
    row.state = Delivery.PENDING
    row.attempts = 0
    row.due_at = now
    row.told = False
    row.reason = None
    ring(session)


first_untold = Due(select(func.min(Outbox.due_at)).where(*_UNTOLD))
"""When the first message was written that went wrong without anybody having been told."""


KEPT = timedelta(days=30)
"""What was delivered stays so long, for whoever looks into a complaint."""


def _later(_session: Session, values: Sequence[Any]) -> datetime | None:
    return values[0] + KEPT + timedelta(days=1) if values[0] is not None else None


untidy_at = Due(select(func.min(Outbox.created_at)).where(Outbox.state == Delivery.SENT), read=_later)
"""When there will be something that was delivered long ago."""


def forget(session: Session, now: datetime) -> None:
    """Drop what was delivered long ago."""
    gone = (Outbox.state.in_((Delivery.SENT, Delivery.SETTLED))) & (Outbox.created_at < now - KEPT)
    session.execute(delete(Outbox).where(gone))
