"""The outbox: calls to Slack, written in the transaction that decides on them and sent by the courier."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
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
    false,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, undefer_group

from storage.database import UNREADABLE, Base, wake_on_commit
from storage.due import Due
from storage.live_messages import LONGEST_WAIT, OUTDATED, LiveMessage, is_due, may_be_updated
from storage.vocabulary import ConsortiumId, DeliveryState, LiveMessageId

_WAITING = (DeliveryState.PENDING, DeliveryState.SENDING)
STUCK = (DeliveryState.FAILED, DeliveryState.UNKNOWN)
_CONTENTS = "contents"
_TIMES = "times"


class OutboxMessage(Base):
    """A call to Slack.

    `live_id` is the live message that this call posts, `thread_of` the one in whose thread it belongs. `fallback` is
    the body for a workspace that rejects a new kind of block. `claimed_by` is the process that is sending it. `about`
    describes it to people. `answers_to` is the user who is informed if it cannot be delivered. `by_itself` says that
    the bot posts it on its own, so that nobody waits for it, and facilitators are informed as well. `told` says whether
    people were informed, and `told_at` when. `ts` is the id of the posted message in Slack.

    Contents and times are loaded only when it is sent: a row in which they cannot be read must not hide the others.
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
    body: Mapped[dict[str, Any]] = mapped_column(deferred=True, deferred_group=_CONTENTS)
    fallback: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), deferred=True, deferred_group=_CONTENTS
    )
    about: Mapped[str] = mapped_column(String(200))
    answers_to: Mapped[str | None] = mapped_column(String(32))
    live_id: Mapped[LiveMessageId | None] = mapped_column(ForeignKey("live_message.id"))
    thread_of: Mapped[LiveMessageId | None] = mapped_column(ForeignKey("live_message.id"))
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.PENDING)
    created_at: Mapped[datetime] = mapped_column(deferred=True, deferred_group=_TIMES)
    due_at: Mapped[datetime] = mapped_column(deferred=True, deferred_group=_TIMES)
    claimed_by: Mapped[str | None] = mapped_column(String(40))
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(Text)
    ts: Mapped[str | None] = mapped_column(String(32))
    by_itself: Mapped[bool] = mapped_column(default=False, server_default=false())
    told: Mapped[bool] = mapped_column(default=False)
    told_at: Mapped[datetime | None] = mapped_column(deferred=True, deferred_group=_TIMES)


def queue(
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
    live_id: LiveMessageId | None = None,
    thread_of: LiveMessageId | None = None,
    fallback: dict[str, Any] | None = None,
    by_itself: bool = False,
) -> OutboxMessage:
    """Queue a call for the courier.

    `channel` is a channel ID, or a user ID for a direct message. `answers_to` is the user who is informed if the call
    cannot be delivered. With `by_itself`, which is for what the bot posts on its own, facilitators are informed too.
    With neither, facilitators only see it in their list.
    """
    row = OutboxMessage(
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
        by_itself=by_itself,
        created_at=now,
        due_at=now,
    )
    session.add(row)
    wake_on_commit(session)
    return row


_LIVE = Base.metadata.tables[LiveMessage.__tablename__]
_FIRST_OF_CHANNEL = (
    select(func.min(OutboxMessage.id))
    .where(OutboxMessage.state.in_(_WAITING))
    .group_by(OutboxMessage.team_id, OutboxMessage.channel)
)
_HEADS = (
    select(OutboxMessage.id, OutboxMessage.team_id, OutboxMessage.channel, OutboxMessage.method)
    .where(
        OutboxMessage.id.in_(_FIRST_OF_CHANNEL),
        OutboxMessage.state == DeliveryState.PENDING,
        or_(OutboxMessage.due_at <= bindparam("now"), OutboxMessage.due_at > bindparam("latest")),
    )
    .order_by(OutboxMessage.id)
)
_UNTOLD = (
    OutboxMessage.state.in_(STUCK),
    or_(OutboxMessage.answers_to.is_not(None), OutboxMessage.by_itself),
    OutboxMessage.told.is_(False),
)
_WITHOUT_TS = select(_LIVE.c.id).where(_LIVE.c.id == bindparam("live"), _LIVE.c.ts.is_(None))


def was_queued(session: Session, team_id: str, channel: str, about: str, since: datetime) -> bool:
    """Return whether a call that is described with these first words was queued for a channel since then."""
    named = (OutboxMessage.team_id == team_id, OutboxMessage.channel == channel, OutboxMessage.about.startswith(about))
    ids = select(OutboxMessage.id).where(OutboxMessage.state.in_(DeliveryState), *named)
    return session.scalar(ids.where(OutboxMessage.created_at > since).limit(1)) is not None


def record_live_ts(session: Session, live_id: LiveMessageId | None, ts: str) -> None:
    """Record the `ts` of a live message, known from an action on it, if Slack's reply to its posting was lost."""
    if session.scalar(_WITHOUT_TS, {"live": live_id}) is None:
        return
    session.execute(update(LiveMessage).where(LiveMessage.id == live_id).values(ts=ts, wanted=LiveMessage.wanted + 1))
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.live_id == live_id, OutboxMessage.state.in_(STUCK))
        .values(state=DeliveryState.SENT, ts=ts)
    )
    wake_on_commit(session)


@dataclass(frozen=True)
class WaitingCall:
    """A call that waits to be made: what has to be known to decide whether it may be made now."""

    id: int
    team_id: str
    channel: str
    method: str


def list_sendable(
    session: Session,
    now: datetime,
    limit: int = 200,
    held: Collection[tuple[str, str]] = (),
    paused: Collection[str] = (),
) -> Sequence[WaitingCall]:
    """List the first waiting call of each channel that may be made now, without locking it.

    `held` lists (workspace, method) pairs that Slack does not accept now, `paused` workspaces in which it accepts
    nothing.
    """
    query = _HEADS.where(tuple_(OutboxMessage.team_id, OutboxMessage.method).not_in(held)) if held else _HEADS
    if paused:
        query = query.where(OutboxMessage.team_id.not_in(paused))
    rows = session.execute(query.limit(limit), {"now": now, "latest": now + LONGEST_WAIT})
    return [WaitingCall(id_, team, channel, method) for id_, team, channel, method in rows]


_RETRY_READING = timedelta(minutes=1)


def next_due(session: Session, now: datetime) -> datetime | None:
    """Return when a waiting call or update may be sent next: `now` if one may be sent now, None if none waits."""
    waiting = (OutboxMessage.state == DeliveryState.PENDING,)
    calls = select(OutboxMessage.id).where(*waiting, is_due(OutboxMessage.due_at, now)).exists()
    updates = select(LiveMessage.id).where(*OUTDATED, may_be_updated(now)).exists()
    return now if session.scalar(select(or_(calls, updates))) else _first_after(session, now, waiting)


def _first_after(session: Session, now: datetime, waiting: Sequence[ColumnElement[bool]]) -> datetime | None:
    """Return when the first of these calls, or an update, is due after `now`; None if there is none."""
    call = select(func.min(OutboxMessage.due_at)).where(*waiting, OutboxMessage.due_at > now)
    live = select(func.min(LiveMessage.due_at)).where(*OUTDATED, LiveMessage.due_at > now)
    try:
        times = session.execute(select(call.scalar_subquery(), live.scalar_subquery())).one()
    except UNREADABLE:
        return now + _RETRY_READING
    return min((at for at in times if at is not None), default=None)


def next_unblocked(session: Session, now: datetime) -> datetime | None:
    """Return when something may be sent next if the first call of a channel has to wait; otherwise None.

    Calls behind it may be due already, but cannot overtake it.
    """
    heads = (OutboxMessage.id.in_(_FIRST_OF_CHANNEL), OutboxMessage.state == DeliveryState.PENDING)
    postponed = select(OutboxMessage.id).where(*heads, OutboxMessage.due_at > now).exists()
    return _first_after(session, now, heads) if session.scalar(select(postponed)) else None


def release_claims(session: Session, living: Collection[str]) -> int:
    """Mark calls that a stopped process was making as unknown. Return their number."""
    result = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state == DeliveryState.SENDING, OutboxMessage.claimed_by.not_in(living))
        .values(state=DeliveryState.UNKNOWN, claimed_by=None, reason="the bot stopped while sending it")
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def doubt_waiting(session: Session, reason: str) -> int:
    """Mark all calls that wait or are being made as unknown. Return their number."""
    result = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state.in_(_WAITING))
        .values(state=DeliveryState.UNKNOWN, claimed_by=None, reason=reason)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def find_undelivered(session: Session, live_id: LiveMessageId | None) -> OutboxMessage | None:
    """Find the call that should post a live message and has not; None if the message is there.

    A call that was settled with a reason had failed, and somebody chose not to make it again.
    """
    waiting = OutboxMessage.state.in_((*_WAITING, *STUCK))
    given_up = (OutboxMessage.state == DeliveryState.SETTLED) & OutboxMessage.reason.is_not(None)
    missing = select(_LIVE.c.id).where(_LIVE.c.id == OutboxMessage.live_id, _LIVE.c.ts.is_(None)).exists()
    query = select(OutboxMessage).where(OutboxMessage.live_id == live_id, waiting | given_up, missing)
    return session.scalars(query.order_by(OutboxMessage.id).limit(1)).first()


def list_stuck(session: Session, consortium_id: ConsortiumId) -> Sequence[OutboxMessage]:
    """List the calls that failed or whose result is unknown, newest first."""
    return session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.consortium_id == consortium_id, OutboxMessage.state.in_(STUCK))
        .order_by(OutboxMessage.id.desc())
    ).all()


def list_unreported(session: Session, now: datetime) -> Sequence[tuple[ConsortiumId | None, str, str, int]]:
    """List the stuck calls of which people are to be informed now, as (consortium, workspace, channel, id)."""
    rows = session.execute(
        select(OutboxMessage.consortium_id, OutboxMessage.team_id, OutboxMessage.channel, OutboxMessage.id)
        .where(*_UNTOLD, is_due(OutboxMessage.due_at, now))
        .order_by(OutboxMessage.id)
    )
    return [(consortium_id, team, channel, id_) for consortium_id, team, channel, id_ in rows]


def lock_unreported(session: Session, ids: Collection[int]) -> Sequence[OutboxMessage]:
    """Lock and list those of these calls of which people were not informed yet."""
    return session.scalars(
        select(OutboxMessage)
        .where(*_UNTOLD, OutboxMessage.id.in_(ids))
        .order_by(OutboxMessage.id)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()


def last_told_at(session: Session, row: OutboxMessage, reasons: Collection[str], now: datetime) -> datetime | None:
    """Return when people were last informed of a stuck call to the same channel that failed for such a reason."""
    told_at: datetime | None = session.scalar(
        select(func.max(OutboxMessage.told_at)).where(
            OutboxMessage.team_id == row.team_id,
            OutboxMessage.channel == row.channel,
            OutboxMessage.consortium_id == row.consortium_id,
            OutboxMessage.answers_to == row.answers_to,
            OutboxMessage.reason.in_(reasons),
            OutboxMessage.state.in_(STUCK),
            OutboxMessage.told_at <= now,
        )
    )
    return told_at


_CLAIMABLE = (
    select(OutboxMessage)
    .where(OutboxMessage.id == bindparam("row"), OutboxMessage.state == DeliveryState.PENDING)
    .options(undefer_group(_CONTENTS), undefer_group(_TIMES))
    .with_for_update(skip_locked=True, key_share=True)
)
"""Built once, because building a statement takes longer than executing it, and this one runs for each call."""


def lock_pending(session: Session, row_id: int) -> OutboxMessage | None:
    """Lock a call that waits to be made; None if it no longer waits or another process has locked it."""
    return session.scalar(_CLAIMABLE, {"row": row_id})


_OUTBOX = Base.metadata.tables[OutboxMessage.__tablename__]
_DISOWNED = (_OUTBOX.c.state == DeliveryState.UNKNOWN) & _OUTBOX.c.claimed_by.is_(None)
_OURS = ((_OUTBOX.c.state == DeliveryState.SENDING) & (_OUTBOX.c.claimed_by == bindparam("name"))) | _DISOWNED
"""Calls that a process is making. If it was thought dead, its call is unknown, and now its result is known."""

_SENT = (
    update(_OUTBOX)
    .where(_OUTBOX.c.id == bindparam("row"), _OURS)
    .values(state=DeliveryState.SENT, ts=bindparam("its_ts"), claimed_by=None, reason=None)
)


def mark_sent(
    session: Session,
    row_id: int,
    name: str,
    ts: str | None,
    *,
    live: LiveMessageId | None,
    channel: str | None = None,
) -> None:
    """Mark a call as sent, unless a person has dealt with it in the meantime.

    `live` is the live message that the call posted; it gets the `ts` too, and the `channel`, which for a direct message
    is known only from Slack's answer.
    """
    session.connection().execute(_SENT, {"row": row_id, "name": name, "its_ts": ts})
    if live is not None:
        # it may be posted in place of one that Slack no longer updates
        where = {"channel": channel} if channel else {}
        values = {"ts": ts, "problem": None, "attempts": 0, **where}
        session.execute(update(LiveMessage).where(LiveMessage.id == live).values(values))


def lock_claimed(session: Session, row_id: int, name: str) -> OutboxMessage | None:
    """Lock a call that a process tried to make; None if a person has dealt with it in the meantime."""
    query = select(OutboxMessage).where(OutboxMessage.id == row_id, _OURS).with_for_update(key_share=True)
    return session.scalar(query, {"name": name})


def set_aside(session: Session, row_id: int, reason: str, now: datetime) -> None:
    """Mark a waiting call as failed without loading it, because its row cannot be read. Its times become `now`."""
    waiting = (OutboxMessage.id == row_id, OutboxMessage.state == DeliveryState.PENDING)
    its_end = {"state": DeliveryState.FAILED, "reason": reason, "created_at": now, "due_at": now}
    session.execute(update(OutboxMessage).where(*waiting).values(its_end))


def lock_stuck(session: Session, consortium_id: ConsortiumId, row_id: int) -> OutboxMessage | None:
    """Find and lock a stuck call."""
    query = select(OutboxMessage).where(
        OutboxMessage.id == row_id, OutboxMessage.consortium_id == consortium_id, OutboxMessage.state.in_(STUCK)
    )
    return session.scalar(query.with_for_update(key_share=True))


def retry(session: Session, row: OutboxMessage, now: datetime) -> None:
    """Return a stuck call to the courier."""
    row.state = DeliveryState.PENDING
    row.attempts = 0
    row.due_at = now
    row.told = False
    row.told_at = None
    row.reason = None
    wake_on_commit(session)


first_unreported = Due(select(func.min(OutboxMessage.due_at)).where(*_UNTOLD))
"""When people are to be informed of a stuck call next."""


_KEPT = timedelta(days=30)
"""How long delivered calls are kept, so that complaints can be looked into."""


def _after_retention(_session: Session, values: Sequence[Any]) -> datetime | None:
    return values[0] + _KEPT + timedelta(days=1) if values[0] is not None else None


next_cleanup = Due(
    select(func.min(OutboxMessage.created_at)).where(OutboxMessage.state == DeliveryState.SENT), read=_after_retention
)
"""When old delivered calls should be deleted next."""


def delete_old(session: Session, now: datetime) -> None:
    """Delete calls that were delivered or settled long ago."""
    done = OutboxMessage.state.in_((DeliveryState.SENT, DeliveryState.SETTLED))
    session.execute(delete(OutboxMessage).where(done, OutboxMessage.created_at < now - _KEPT))
