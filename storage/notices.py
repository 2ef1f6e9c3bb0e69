"""What the bot wants to tell a person by itself: one row for each thing, said once.

A row is written when it is known that something will fall due, and settled in the transaction that leaves the
message for the courier. So nothing is lost by a restart, and nothing said twice.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, delete, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.due import Due
from storage.upsert import insert_missing
from storage.vocabulary import ConsortiumId, Manner, MemberId, NoticeId, NoticeKind, NoticeState

_WAITING = text("state = 'waiting'")


class Notice(Base):
    """Something to tell one person.

    `key` says what it is, so that it comes once; `subject` is the number or row that it is about. It is wanted
    from `due_at` on and of no use from `until` on. `look_at` is when to look at it next: quiet hours, an
    absence or the day's one message may put it off.
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
    manner: Mapped[Manner]
    due_at: Mapped[datetime]
    until: Mapped[datetime | None]
    look_at: Mapped[datetime]
    state: Mapped[NoticeState] = mapped_column(default=NoticeState.WAITING)


@dataclass(frozen=True)
class Wanted:
    """A notice before it is written. `team_id` is the workspace from which the bot speaks."""

    consortium_id: ConsortiumId
    member_id: MemberId
    team_id: str
    kind: NoticeKind
    key: str
    subject: int
    due_at: datetime
    until: datetime | None = None
    manner: Manner = Manner.DAY


def put(session: Session, *wanted: Wanted) -> None:
    """Note what is to be told; what has a key that is there already was noted before."""
    rows: list[dict[str, Any]] = [{**vars(one), "look_at": one.due_at, "state": NoticeState.WAITING} for one in wanted]
    insert_missing(session, Notice, rows, keys=("consortium_id", "key"))


def put_again(session: Session, *wanted: Wanted) -> None:
    """Note what is to be told, also where the same was dropped before; what was said once is not said again."""
    put(session, *wanted)
    for one in wanted:
        session.execute(
            update(Notice)
            .where(
                Notice.consortium_id == one.consortium_id,
                Notice.key == one.key,
                Notice.state == NoticeState.DROPPED,
            )
            .values(state=NoticeState.WAITING, due_at=one.due_at, look_at=one.due_at)
        )


def due_people(session: Session, now: datetime, most: int) -> Sequence[MemberId]:
    """List people for whom something has to be looked at."""
    return session.scalars(
        select(Notice.member_id)
        .where(Notice.state == NoticeState.WAITING, Notice.look_at <= now)
        .group_by(Notice.member_id)
        .order_by(func.min(Notice.look_at), Notice.member_id)
        .limit(most)
    ).all()


def waiting(session: Session, people: Collection[MemberId], before: datetime) -> Sequence[Notice]:
    """List all that waits for these people and falls due before a moment, in order."""
    return session.scalars(
        select(Notice)
        .where(Notice.state == NoticeState.WAITING, Notice.member_id.in_(people), Notice.due_at < before)
        .order_by(Notice.member_id, Notice.due_at, Notice.id)
    ).all()


def settle(session: Session, ids: Collection[NoticeId], state: NoticeState, now: datetime) -> None:
    """Note that these were said now, or need not be said any more; nobody looks at them again."""
    if ids:
        settled = update(Notice).where(Notice.id.in_(ids)).values(state=state, look_at=now)
        session.execute(settled, execution_options={"synchronize_session": False})


def said(session: Session, kind: NoticeKind, subject: int, people: Collection[MemberId]) -> dict[MemberId, datetime]:
    """Map those of some people who were told of a matter to when they were told last."""
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


def look_anew(session: Session, member_id: MemberId, now: datetime) -> None:
    """Look at once at what is due for a person who is back, or wants to be told otherwise."""
    mine = (Notice.member_id == member_id) & (Notice.state == NoticeState.WAITING) & (Notice.due_at <= now)
    session.execute(update(Notice).where(mine).values(look_at=now))


def withdraw(session: Session, consortium_id: ConsortiumId, kind: NoticeKind, subject: int) -> None:
    """Drop what still waits about a matter that is settled or was moved."""
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


def recall(session: Session, consortium_id: ConsortiumId, begins: str) -> None:
    """Forget what still waits and has a key that begins so, so that the same can be put again where it turns back."""
    session.execute(
        delete(Notice).where(
            Notice.consortium_id == consortium_id,
            Notice.key.startswith(begins, autoescape=True),
            Notice.state == NoticeState.WAITING,
        )
    )


next_due = Due(select(func.min(Notice.look_at)).where(Notice.state == NoticeState.WAITING))
"""The next moment at which somebody may have to be told something."""


def next_kind(session: Session) -> NoticeKind | None:
    """Give what the next notice is about."""
    waits = select(Notice.kind).where(Notice.state == NoticeState.WAITING)
    return session.scalar(waits.order_by(Notice.look_at, Notice.id).limit(1))
