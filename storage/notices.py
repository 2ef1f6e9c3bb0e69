"""Notices: what the bot tells a person on its own, each once.

A notice is written as soon as it is known that something will fall due, and settled in the transaction that puts its
message into the outbox. So no notice is lost by a restart, and none is sent twice.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, delete, func, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.due import Due
from storage.upsert import insert_all_missing
from storage.vocabulary import ConsortiumId, MemberId, NoticeId, NoticeKind, NoticeState, NoticeTiming

_WAITING = text("state = 'waiting'")


class Notice(Base):
    """A notice to one member.

    `key` is unique, so that a notice is sent once. `subject` is the number or id of what it is about. It should be
    sent at `due_at` and is useless from `until` on. `look_at` is when it is considered next: quiet hours, an absence,
    or the one message a day may postpone it. Once settled, `look_at` is the time of that.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("consortium_id", "key"),
        Index("ix_notice_look_at", "look_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_notice_member_id", "member_id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_notice_subject", "subject", "kind", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[NoticeId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    team_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[NoticeKind]
    key: Mapped[str] = mapped_column(String(120))
    subject: Mapped[int]
    manner: Mapped[NoticeTiming]
    due_at: Mapped[datetime]
    until: Mapped[datetime | None]
    look_at: Mapped[datetime]
    state: Mapped[NoticeState] = mapped_column(default=NoticeState.WAITING)


@dataclass(frozen=True)
class NewNotice:
    """A notice to be written. `team_id` is the workspace from which the bot sends it."""

    consortium_id: ConsortiumId
    member_id: MemberId
    team_id: str
    kind: NoticeKind
    key: str
    subject: int
    due_at: datetime
    until: datetime | None = None
    manner: NoticeTiming = NoticeTiming.DAY


def add(session: Session, *wanted: NewNotice) -> None:
    """Write notices. Those whose key exists already are skipped."""
    rows: list[dict[str, Any]] = [
        {**vars(notice), "look_at": notice.due_at, "state": NoticeState.WAITING} for notice in wanted
    ]
    insert_all_missing(session, Notice, rows, keys=("consortium_id", "key"))


def add_or_revive(session: Session, *wanted: NewNotice) -> None:
    """Write notices, reviving those that were dropped. Notices that were sent are not sent again."""
    add(session, *wanted)
    for notice in wanted:
        session.execute(
            update(Notice)
            .where(
                Notice.consortium_id == notice.consortium_id,
                Notice.key == notice.key,
                Notice.state == NoticeState.DROPPED,
            )
            .values(state=NoticeState.WAITING, due_at=notice.due_at, look_at=notice.due_at)
        )


def members_with_due(session: Session, now: datetime, most: int) -> Sequence[MemberId]:
    """List at most `most` members with a notice to consider now, longest overdue first."""
    return session.scalars(
        select(Notice.member_id)
        .where(Notice.state == NoticeState.WAITING, Notice.look_at <= now)
        .group_by(Notice.member_id)
        .order_by(func.min(Notice.look_at), Notice.member_id)
        .limit(most)
    ).all()


def list_waiting(session: Session, people: Collection[MemberId], before: datetime, now: datetime) -> Sequence[Notice]:
    """List the waiting notices to these members, by member and due time.

    They are those that are due before a time, and all that are to be considered now: somebody may have left, or the
    clock may have been set back.
    """
    is_near = or_(Notice.due_at < before, Notice.look_at <= now)
    return session.scalars(
        select(Notice)
        .where(Notice.state == NoticeState.WAITING, Notice.member_id.in_(people), is_near)
        .order_by(Notice.member_id, Notice.due_at, Notice.id)
    ).all()


def settle(session: Session, ids: Collection[NoticeId], state: NoticeState, now: datetime) -> None:
    """Mark notices as sent or dropped, so that they are not considered again."""
    if ids:
        query = update(Notice).where(Notice.id.in_(ids)).values(state=state, look_at=now)
        session.execute(query, execution_options={"synchronize_session": False})


def last_sent(
    session: Session, kind: NoticeKind, subject: int, people: Collection[MemberId]
) -> dict[MemberId, datetime]:
    """Map those of these members who were sent notices of a kind about a subject to the time of the last one."""
    rows = session.execute(
        select(Notice.member_id, func.max(Notice.look_at))
        .where(
            Notice.kind == kind,
            Notice.subject == subject,
            Notice.state == NoticeState.SAID,
            Notice.member_id.in_(people),
        )
        .group_by(Notice.member_id)
    )
    return {row.member_id: row[1] for row in rows}


def last_sent_about(session: Session, kind: NoticeKind, subject: int) -> tuple[MemberId, datetime] | None:
    """Return who was sent a notice of a kind about a subject last, and when; None if nobody was."""
    query = select(Notice.member_id, Notice.look_at).where(
        Notice.kind == kind, Notice.subject == subject, Notice.state == NoticeState.SAID
    )
    row = session.execute(query.order_by(Notice.look_at.desc(), Notice.id.desc()).limit(1)).one_or_none()
    return (row.member_id, row.look_at) if row is not None else None


def reconsider(session: Session, member_id: MemberId, now: datetime) -> None:
    """Consider a member's due notices at once, after the member has returned or changed a preference."""
    due = (Notice.member_id == member_id) & (Notice.state == NoticeState.WAITING) & (Notice.due_at <= now)
    session.execute(update(Notice).where(due).values(look_at=now))


def postpone(session: Session, member_id: MemberId, until: datetime) -> None:
    """Consider the notices to a member again later, without loading them."""
    due = (Notice.member_id == member_id) & (Notice.state == NoticeState.WAITING) & (Notice.look_at < until)
    session.execute(update(Notice).where(due).values(look_at=until))


def drop_waiting(session: Session, consortium_id: ConsortiumId, kind: NoticeKind, subject: int) -> None:
    """Drop the waiting notices of a kind about a subject that is settled or was rescheduled."""
    session.execute(
        update(Notice)
        .where(
            Notice.consortium_id == consortium_id,
            Notice.kind == kind,
            Notice.subject == subject,
            Notice.state == NoticeState.WAITING,
        )
        .values(state=NoticeState.DROPPED)
    )


def delete_waiting(session: Session, consortium_id: ConsortiumId, prefix: str) -> None:
    """Delete the waiting notices whose key has this prefix, so that the same notices can be written again."""
    session.execute(
        delete(Notice).where(
            Notice.consortium_id == consortium_id,
            Notice.key.startswith(prefix, autoescape=True),
            Notice.state == NoticeState.WAITING,
        )
    )


def delete_waiting_of_member(session: Session, member_id: MemberId) -> None:
    """Delete the waiting notices to a member."""
    session.execute(delete(Notice).where(Notice.member_id == member_id, Notice.state == NoticeState.WAITING))


next_due = Due(select(func.min(Notice.look_at)).where(Notice.state == NoticeState.WAITING))
"""When a notice has to be considered next."""


def next_kind(session: Session) -> NoticeKind | None:
    """Return the kind of the notice that is considered next, or None."""
    query = select(Notice.kind).where(Notice.state == NoticeState.WAITING)
    return session.scalar(query.order_by(Notice.look_at, Notice.id).limit(1))
