"""Private calendar addresses, and the meetings that are read at them."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.meetings import Change, Meeting, Series
from storage.members import Member
from storage.upsert import upsert
from storage.vocabulary import ConsortiumId, MemberId, SeriesId

SECRET_BYTES = 32


class CalendarKey(Base):
    """That a member has a calendar address. Only a hash of its secret is kept: it can be checked, not told again."""

    __tablename__ = "calendar_feed"

    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]


def _digest(secret: str) -> str:
    """Hash a secret; one of 256 random bits needs no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def renew(session: Session, member_id: MemberId, now: datetime) -> str:
    """Make a member's secret; the one before opens nothing any more."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    upsert(session, CalendarKey, {"member_id": member_id, "digest": _digest(secret), "created_at": now}, ["member_id"])
    return secret


def revoke(session: Session, member_id: MemberId) -> bool:
    """Drop a member's secret; tell whether there was one."""
    gone = session.scalars(
        delete(CalendarKey).where(CalendarKey.member_id == member_id).returning(CalendarKey.member_id)
    ).all()
    return bool(gone)


def made_at(session: Session, member_id: MemberId) -> datetime | None:
    """Give when a member's present secret was made; None without one."""
    return session.scalar(select(CalendarKey.created_at).where(CalendarKey.member_id == member_id))


def whose(session: Session, secret: str) -> Member | None:
    """Find the member to whom a secret belongs; None for one that opens nothing, and for who has left."""
    return session.scalar(
        select(Member)
        .join(CalendarKey, CalendarKey.member_id == Member.id)
        .where(CalendarKey.digest == _digest(secret), Member.left_at.is_(None))
    )


def series_since(session: Session, consortium_id: ConsortiumId, since: datetime) -> Sequence[Series]:
    """List the series with a meeting that was not over at a moment."""
    return session.scalars(
        select(Series)
        .where(
            Series.consortium_id == consortium_id,
            select(Meeting.id).where(Meeting.series_id == Series.id, Meeting.ends_at > since).exists(),
        )
        .order_by(Series.id)
    ).all()


def meetings_of(session: Session, series: Collection[SeriesId]) -> dict[SeriesId, list[Meeting]]:
    """Map series to all their meetings that were planned so far, in their order."""
    made: dict[SeriesId, list[Meeting]] = {id_: [] for id_ in series}
    for meeting in session.scalars(select(Meeting).where(Meeting.series_id.in_(series)).order_by(Meeting.place)):
        made[meeting.series_id].append(meeting)
    return made


def changed_at(session: Session, series: Collection[SeriesId]) -> dict[SeriesId, datetime]:
    """Map series to when they were moved or cancelled last; those that never were are missing."""
    rows = session.execute(
        select(Change.series_id, func.max(Change.at)).where(Change.series_id.in_(series)).group_by(Change.series_id)
    )
    return {row[0]: row[1] for row in rows}
