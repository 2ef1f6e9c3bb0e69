"""Warnings about the distribution of work, from detection to their end, with acknowledgments."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.notices import Notice
from storage.vocabulary import ConsortiumId, MemberId, NoticeState, WarningId, WarningKind

_IS_ACTIVE = text("ended_at IS NULL")


class WorkWarning(Base):
    """A warning, active until `ended_at`.

    `subject` is what it is about ("member/12", "agency/3"), or empty for the whole consortium. `times` counts
    how often a notice was due; `told_times` is the last of them that was received, at `told_at`, when the severity was
    `measure`. `began_at` is when it began; after an end of which somebody was notified, it begins again. `quiet_until`
    is set when somebody acknowledges the warning.
    """

    __tablename__ = "work_warning"
    __table_args__ = (
        Index(
            "uq_work_warning_lasting",
            "consortium_id",
            "kind",
            "subject",
            unique=True,
            sqlite_where=_IS_ACTIVE,
            postgresql_where=_IS_ACTIVE,
        ),
    )

    id: Mapped[WarningId] = mapped_column(primary_key=True)
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


def lock_recent(session: Session, consortium_id: ConsortiumId, since: datetime, now: datetime) -> Sequence[WorkWarning]:
    """Lock, reload, and list the active and recently ended warnings, newest last.

    An ended warning is listed if it was told after `since` or its acknowledgment is still valid.
    """
    return session.scalars(
        select(WorkWarning)
        .where(
            WorkWarning.consortium_id == consortium_id,
            or_(WorkWarning.ended_at.is_(None), WorkWarning.told_at > since, WorkWarning.quiet_until > now),
        )
        .order_by(WorkWarning.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def by_ids(session: Session, ids: Collection[int]) -> dict[int, WorkWarning]:
    """Map ids to warnings."""
    return {warning.id: warning for warning in session.scalars(select(WorkWarning).where(WorkWarning.id.in_(ids)))}


def lock(session: Session, consortium_id: ConsortiumId, warning_id: int) -> WorkWarning | None:
    """Find and lock a warning by id, active or ended."""
    return session.scalar(
        select(WorkWarning)
        .where(WorkWarning.consortium_id == consortium_id, WorkWarning.id == warning_id)
        .with_for_update(key_share=True)
    )


def sent_at_by_key(session: Session, consortium_id: ConsortiumId, keys: Collection[str]) -> dict[str, datetime]:
    """Map the keys of those of these notices that were sent to the times at which they were sent."""
    if not keys:
        return {}
    rows = session.execute(
        select(Notice.key, Notice.look_at).where(
            Notice.consortium_id == consortium_id, Notice.key.in_(keys), Notice.state == NoticeState.SAID
        )
    )
    return {row[0]: row[1] for row in rows}


def notice_states(session: Session, consortium_id: ConsortiumId, keys: Collection[str]) -> set[NoticeState]:
    """Return the states of the notices with these keys."""
    query = select(Notice.state).where(Notice.consortium_id == consortium_id, Notice.key.in_(keys)).distinct()
    return set(session.scalars(query)) if keys else set()


def lock_active(session: Session, consortium_id: ConsortiumId, kind: WarningKind, subject: str) -> WorkWarning | None:
    """Find and lock the active warning of this kind about this subject."""
    return session.scalar(
        select(WorkWarning)
        .where(
            WorkWarning.consortium_id == consortium_id,
            WorkWarning.kind == kind,
            WorkWarning.subject == subject,
            WorkWarning.ended_at.is_(None),
        )
        .with_for_update(key_share=True)
    )


def list_active(session: Session, consortium_id: ConsortiumId) -> Sequence[WorkWarning]:
    """List the active warnings, oldest first."""
    query = select(WorkWarning).where(WorkWarning.consortium_id == consortium_id, WorkWarning.ended_at.is_(None))
    return session.scalars(query.order_by(WorkWarning.id)).all()


def agreed_subjects(
    session: Session, consortium_id: ConsortiumId, kinds: Collection[WarningKind], now: datetime
) -> set[str]:
    """Return the subjects of warnings of these kinds that somebody acknowledged, as long as that is valid.

    A warning that has ended counts too: if it comes back, its acknowledgment still applies.
    """
    query = select(WorkWarning.subject).where(
        WorkWarning.consortium_id == consortium_id, WorkWarning.kind.in_(kinds), WorkWarning.quiet_until > now
    )
    return set(session.scalars(query))
