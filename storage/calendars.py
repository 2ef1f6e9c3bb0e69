"""Private addresses of calendar feeds, and the meetings that a feed contains."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.meetings import Meeting, MeetingChange, Series
from storage.members import Member
from storage.upsert import upsert
from storage.vocabulary import ConsortiumId, MemberId, SeriesId

_SECRET_BYTES = 32


class CalendarFeed(Base):
    """A member's calendar feed. Only the hash of the secret in its address is stored."""

    __tablename__ = "calendar_feed"

    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]


def _digest(secret: str) -> str:
    """Hash a secret. With 256 random bits it needs no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def create_secret(session: Session, member_id: MemberId, now: datetime) -> str:
    """Create a new secret for a member, which replaces the previous one, and return it."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    upsert(session, CalendarFeed, {"member_id": member_id, "digest": _digest(secret), "created_at": now}, ["member_id"])
    return secret


def delete_secret(session: Session, member_id: MemberId) -> bool:
    """Delete a member's secret. Return whether there was one."""
    deleted = session.scalars(
        delete(CalendarFeed).where(CalendarFeed.member_id == member_id).returning(CalendarFeed.member_id)
    ).all()
    return bool(deleted)


def secret_created_at(session: Session, member_id: MemberId) -> datetime | None:
    """Return when a member's current secret was created, or None without one."""
    return session.scalar(select(CalendarFeed.created_at).where(CalendarFeed.member_id == member_id))


def find_member_by_secret(session: Session, secret: str) -> Member | None:
    """Find the member whose secret this is; None for unknown secrets and for members who have left."""
    return session.scalar(
        select(Member)
        .join(CalendarFeed, CalendarFeed.member_id == Member.id)
        .where(CalendarFeed.digest == _digest(secret), Member.left_at.is_(None))
    )


def list_series_since(session: Session, consortium_id: ConsortiumId, since: datetime) -> Sequence[Series]:
    """List the series that have a meeting ending after `since`."""
    return session.scalars(
        select(Series)
        .where(
            Series.consortium_id == consortium_id,
            select(Meeting.id).where(Meeting.series_id == Series.id, Meeting.ends_at > since).exists(),
        )
        .order_by(Series.id)
    ).all()


def meetings_by_series(session: Session, series: Collection[SeriesId]) -> dict[SeriesId, list[Meeting]]:
    """Map each series to its meetings planned so far, in order."""
    by_series: dict[SeriesId, list[Meeting]] = {id_: [] for id_ in series}
    for meeting in session.scalars(select(Meeting).where(Meeting.series_id.in_(series)).order_by(Meeting.place)):
        by_series[meeting.series_id].append(meeting)
    return by_series


def last_changes(session: Session, series: Collection[SeriesId]) -> dict[SeriesId, datetime]:
    """Map series to the time of their last rescheduling or cancellation; the others are missing."""
    rows = session.execute(
        select(MeetingChange.series_id, func.max(MeetingChange.at))
        .where(MeetingChange.series_id.in_(series))
        .group_by(MeetingChange.series_id)
    )
    return {row[0]: row[1] for row in rows}
