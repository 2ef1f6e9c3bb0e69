"""What people were warned of while it lasts, who said that it is agreed, and what has ended."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.notices import Notice
from storage.vocabulary import CautionId, ConsortiumId, MemberId, NoticeState, WarningKind

_LASTS = text("ended_at IS NULL")


class WorkWarning(Base):
    """Something that people were warned of, while it lasts.

    `subject` says whom or what it is about ("member/12", "agency/3"), and is empty where it is about the whole.
    `times` is how often there was reason to tell of it, `told_times` the last of them that somebody has read: then, at
    `told_at`, it was as bad as `measure`. `began_at` is when it began, anew after an end that somebody has read of.
    `quiet_until` is set where somebody said that it is agreed.
    """

    __tablename__ = "work_warning"
    __table_args__ = (
        Index(
            "uq_work_warning_lasting",
            "consortium_id",
            "kind",
            "subject",
            unique=True,
            sqlite_where=_LASTS,
            postgresql_where=_LASTS,
        ),
    )

    id: Mapped[CautionId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    kind: Mapped[WarningKind]
    subject: Mapped[str] = mapped_column(String(40), default="")
    measure: Mapped[float]
    times: Mapped[int] = mapped_column(default=0)
    told_times: Mapped[int] = mapped_column(default=0)
    began_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    quiet_until: Mapped[datetime | None]
    agreed_by: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"))
    ended_at: Mapped[datetime | None]


def lately(session: Session, consortium_id: ConsortiumId, since: datetime, now: datetime) -> Sequence[WorkWarning]:
    """Lock what lasts, so that nobody acknowledges it meanwhile, and what ended; the newest last.

    Of what has ended it is what was told after `since`, or is still acknowledged.
    """
    return session.scalars(
        select(WorkWarning)
        .where(
            WorkWarning.consortium_id == consortium_id,
            or_(WorkWarning.ended_at.is_(None), WorkWarning.told_at > since, WorkWarning.quiet_until > now),
        )
        .order_by(WorkWarning.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def several(session: Session, ids: Collection[int]) -> dict[int, WorkWarning]:
    """Map ids to what they stand for."""
    return {one.id: one for one in session.scalars(select(WorkWarning).where(WorkWarning.id.in_(ids)))}


def lock(session: Session, consortium_id: ConsortiumId, caution_id: int) -> WorkWarning | None:
    """Find one and keep everybody else from changing it until the transaction ends."""
    return session.scalar(
        select(WorkWarning)
        .where(WorkWarning.consortium_id == consortium_id, WorkWarning.id == caution_id)
        .with_for_update()
    )


def said(session: Session, consortium_id: ConsortiumId, keys: Collection[str]) -> dict[str, datetime]:
    """Map those of some notices, by their keys, that were said to when they were."""
    if not keys:
        return {}
    rows = session.execute(
        select(Notice.key, Notice.look_at).where(
            Notice.consortium_id == consortium_id, Notice.key.in_(keys), Notice.state == NoticeState.SAID
        )
    )
    return {row[0]: row[1] for row in rows}


def states(session: Session, consortium_id: ConsortiumId, keys: Collection[str]) -> set[NoticeState]:
    """Give what has become of some notices, by their keys."""
    found = select(Notice.state).where(Notice.consortium_id == consortium_id, Notice.key.in_(keys)).distinct()
    return set(session.scalars(found)) if keys else set()


def one_lasting(session: Session, consortium_id: ConsortiumId, kind: WarningKind, subject: str) -> WorkWarning | None:
    """Find one that lasts, and keep everybody else from changing it until the transaction ends."""
    return session.scalar(
        select(WorkWarning)
        .where(
            WorkWarning.consortium_id == consortium_id,
            WorkWarning.kind == kind,
            WorkWarning.subject == subject,
            WorkWarning.ended_at.is_(None),
        )
        .with_for_update()
    )


def all_lasting(session: Session, consortium_id: ConsortiumId) -> Sequence[WorkWarning]:
    """List what lasts, the oldest first."""
    found = select(WorkWarning).where(WorkWarning.consortium_id == consortium_id, WorkWarning.ended_at.is_(None))
    return session.scalars(found.order_by(WorkWarning.id)).all()
