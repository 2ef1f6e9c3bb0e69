"""The outbox: calls to Slack, written in the transaction that decides on them and sent by the courier."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
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

from storage.database import Base, wake_on_commit
from storage.due import Due
from storage.live_messages import OUTDATED, LiveMessage
from storage.vocabulary import ConsortiumId, Delivery, LiveId

_WAITING = (Delivery.PENDING, Delivery.SENDING)
STUCK = (Delivery.FAILED, Delivery.UNKNOWN)


class Outbox(Base):
    """A call to Slack.

    `live_id` is the live message that this call posts, `thread_of` the one in whose thread it belongs. `fallback` is
    the body for a workspace that rejects a new kind of block. `claimed_by` is the process that is sending it. `about`
    describes it to people. `answers_to` is the user who is informed if it cannot be delivered, `told` whether they
    were. `ts` is the id of the posted message in Slack.
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
    """Queue a call for the courier.

    `channel` is a channel ID, or a user ID for a direct message. `answers_to` is the user who is informed if the call
    cannot be delivered; without it, only the facilitators see it.
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
    wake_on_commit(session)
    return row


_LIVE = Base.metadata.tables[LiveMessage.__tablename__]
_FIRST_OF_CHANNEL = (
    select(func.min(Outbox.id)).where(Outbox.state.in_(_WAITING)).group_by(Outbox.team_id, Outbox.channel)
)
_HEADS = (
    select(Outbox)
    .where(Outbox.id.in_(_FIRST_OF_CHANNEL), Outbox.state == Delivery.PENDING, Outbox.due_at <= bindparam("now"))
    .order_by(Outbox.id)
)
_UNTOLD = (Outbox.state.in_(STUCK), Outbox.answers_to.is_not(None), Outbox.told.is_(False))
_NEXT_UPDATE = select(func.min(LiveMessage.due_at)).where(*OUTDATED, LiveMessage.due_at > bindparam("now"))
_WITHOUT_TS = select(_LIVE.c.id).where(_LIVE.c.id == bindparam("live"), _LIVE.c.ts.is_(None))


def learn_ts(session: Session, live_id: LiveId | None, ts: str) -> None:
    """Record the `ts` of a live message, known from an action on it, if Slack's reply to its posting was lost."""
    if session.scalar(_WITHOUT_TS, {"live": live_id}) is None:
        return
    session.execute(update(LiveMessage).where(LiveMessage.id == live_id).values(ts=ts, wanted=LiveMessage.wanted + 1))
    session.execute(
        update(Outbox).where(Outbox.live_id == live_id, Outbox.state.in_(STUCK)).values(state=Delivery.SENT, ts=ts)
    )
    wake_on_commit(session)


def heads(
    session: Session, now: datetime, limit: int = 200, held: Collection[tuple[str, str]] = ()
) -> Sequence[Outbox]:
    """List the first waiting call of each channel that may be made now, without locking it.

    `held` lists (workspace, method) pairs that Slack does not accept now.
    """
    query = _HEADS.where(tuple_(Outbox.team_id, Outbox.method).not_in(held)) if held else _HEADS
    return session.scalars(query.limit(limit), {"now": now}).all()


next_due = Due(
    select(func.min(Outbox.due_at)).where(Outbox.state == Delivery.PENDING),
    select(func.min(LiveMessage.due_at)).where(*OUTDATED),
)
"""When a waiting call or update may be sent next."""


def next_free(session: Session, now: datetime) -> datetime | None:
    """Return when something may be sent next if the first call of a channel has to wait; otherwise None.

    Calls behind it may be due already, but cannot overtake it.
    """
    postponed = (Outbox.id.in_(_FIRST_OF_CHANNEL), Outbox.state == Delivery.PENDING, Outbox.due_at > now)
    head = session.scalar(select(func.min(Outbox.due_at)).where(*postponed))
    return min(head, session.scalar(_NEXT_UPDATE, {"now": now}) or head) if head else None


def disown(session: Session, living: Collection[str]) -> int:
    """Mark calls that a stopped process was making as unknown. Return their number."""
    result = session.execute(
        update(Outbox)
        .where(Outbox.state == Delivery.SENDING, Outbox.claimed_by.not_in(living))
        .values(state=Delivery.UNKNOWN, claimed_by=None, reason="the bot stopped while sending it")
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def stuck(session: Session, consortium_id: ConsortiumId) -> Sequence[Outbox]:
    """List the calls that failed or whose result is unknown, newest first."""
    return session.scalars(
        select(Outbox).where(Outbox.consortium_id == consortium_id, Outbox.state.in_(STUCK)).order_by(Outbox.id.desc())
    ).all()


def untold(session: Session) -> Sequence[Outbox]:
    """Lock and list the stuck calls of which the user in `answers_to` was not informed yet."""
    return session.scalars(select(Outbox).where(*_UNTOLD).order_by(Outbox.id).with_for_update(skip_locked=True)).all()


_CLAIMABLE = (
    select(Outbox)
    .where(Outbox.id == bindparam("row"), Outbox.state == Delivery.PENDING)
    .with_for_update(skip_locked=True)
)
"""Built once, because building a statement takes longer than executing it, and this one runs for each call."""


def claimable(session: Session, row_id: int) -> Outbox | None:
    """Lock a call that waits to be made; None if it no longer waits or another process has locked it."""
    return session.scalar(_CLAIMABLE, {"row": row_id})


_OUTBOX = Base.metadata.tables[Outbox.__tablename__]
_DISOWNED = (_OUTBOX.c.state == Delivery.UNKNOWN) & _OUTBOX.c.claimed_by.is_(None)
_OURS = ((_OUTBOX.c.state == Delivery.SENDING) & (_OUTBOX.c.claimed_by == bindparam("name"))) | _DISOWNED
"""Calls that a process is making. If it was thought dead, its call is unknown, and now its result is known."""

_SENT = (
    update(_OUTBOX)
    .where(_OUTBOX.c.id == bindparam("row"), _OURS)
    .values(state=Delivery.SENT, ts=bindparam("its_ts"), claimed_by=None, reason=None)
)


def sent(session: Session, row_id: int, name: str, ts: str | None, *, live: LiveId | None) -> None:
    """Mark a call as sent, unless a person has dealt with it in the meantime.

    `live` is the live message that the call posted; it gets the `ts` too.
    """
    session.connection().execute(_SENT, {"row": row_id, "name": name, "its_ts": ts})
    if live is not None:
        session.execute(update(LiveMessage).where(LiveMessage.id == live).values(ts=ts))


def claimed(session: Session, row_id: int, name: str) -> Outbox | None:
    """Lock a call that a process tried to make; None if a person has dealt with it in the meantime."""
    query = select(Outbox).where(Outbox.id == row_id, _OURS).with_for_update()
    return session.scalar(query, {"name": name})


def lock(session: Session, consortium_id: ConsortiumId, row_id: int) -> Outbox | None:
    """Find and lock a stuck call."""
    query = select(Outbox).where(Outbox.id == row_id, Outbox.consortium_id == consortium_id, Outbox.state.in_(STUCK))
    return session.scalar(query.with_for_update())


def send_again(session: Session, row: Outbox, now: datetime) -> None:
    """Return a stuck call to the courier."""
    row.state = Delivery.PENDING
    row.attempts = 0
    row.due_at = now
    row.told = False
    row.reason = None
    wake_on_commit(session)


first_untold = Due(select(func.min(Outbox.due_at)).where(*_UNTOLD))
"""The due time of the oldest stuck call of which the user in `answers_to` was not informed yet."""


_KEPT = timedelta(days=30)
"""How long delivered calls are kept, so that complaints can be looked into."""


def _after_retention(_session: Session, values: Sequence[Any]) -> datetime | None:
    return values[0] + _KEPT + timedelta(days=1) if values[0] is not None else None


untidy_at = Due(select(func.min(Outbox.created_at)).where(Outbox.state == Delivery.SENT), read=_after_retention)
"""When old delivered calls should be deleted next."""


def forget(session: Session, now: datetime) -> None:
    """Delete calls that were delivered or settled long ago."""
    done = Outbox.state.in_((Delivery.SENT, Delivery.SETTLED))
    session.execute(delete(Outbox).where(done, Outbox.created_at < now - _KEPT))
