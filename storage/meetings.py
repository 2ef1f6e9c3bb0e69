"""Meetings: series, their single meetings, and what was changed about them."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.upsert import upsert
from storage.vocabulary import AgencyId, ChangeId, ConsortiumId, LiveId, MeetingId, MeetingState, MemberId, SeriesId


class Series(Base):
    """Meetings of one title in one channel: a single one, or one that comes back.

    `first_day` and `clock` (`HH:MM`) are what the wall clock of `zone` shows when the first one begins; `rrule`
    says how it comes back, None for a single one. `length` is in minutes. `notes_id` is who takes the minutes
    each time, None where that goes round the agencies. `steps` holds what differs from the consortium's
    reminders: minutes, or None for a step that is off. `uid` and `sequence` name it, and count its changes, in
    calendars. `private` says that not everybody can see its channel. Where a series has moved to another channel,
    what it was before is a series of its own that has ended and `became` the one that goes on.
    """

    __tablename__ = "meeting_series"

    id: Mapped[SeriesId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), index=True)
    team_id: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(32))
    private: Mapped[bool]
    title: Mapped[str] = mapped_column(String(150))
    zone: Mapped[str] = mapped_column(String(64))
    first_day: Mapped[date] = mapped_column(Date)
    clock: Mapped[str] = mapped_column(String(5))
    rrule: Mapped[str | None] = mapped_column(Text)
    length: Mapped[int]
    author_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    chair_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    notes_id: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"))
    steps: Mapped[dict[str, Any]]
    uid: Mapped[str] = mapped_column(String(40), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    became: Mapped[SeriesId | None] = mapped_column(ForeignKey("meeting_series.id"))

    @property
    def begins(self) -> datetime:
        """Give what the wall clock shows when the first one begins."""
        return datetime.combine(self.first_day, time.fromisoformat(self.clock))


class Meeting(Base):
    """One meeting. `place` counts within the series; `original_at` is when it would be had nobody moved it.

    `planned_at` is when it was given its present date: what should have been said before that is not said.
    `notes_id` takes the minutes, for `notes_agency_id`, since `notes_since`; both are empty until somebody was
    asked. `excused` lists the people who said that they cannot. `look_at` is when to look at it next.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("series_id", "place"),
        Index("ix_meeting_starts", "consortium_id", "starts_at"),
    )

    id: Mapped[MeetingId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    series_id: Mapped[SeriesId] = mapped_column(ForeignKey("meeting_series.id"))
    place: Mapped[int]
    original_at: Mapped[datetime]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    planned_at: Mapped[datetime]
    state: Mapped[MeetingState] = mapped_column(default=MeetingState.PLANNED)
    notes_id: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"))
    notes_agency_id: Mapped[AgencyId | None] = mapped_column(ForeignKey("agency.id"))
    notes_since: Mapped[datetime | None]
    excused: Mapped[list[Any]]
    live_id: Mapped[LiveId | None] = mapped_column(ForeignKey("live_message.id"))
    look_at: Mapped[datetime | None] = mapped_column(index=True)


class Change(Base):
    """That a meeting, or with `meeting_id` None all from one on, was moved, or cancelled where `now_at` is None."""

    __tablename__ = "meeting_change"

    id: Mapped[ChangeId] = mapped_column(primary_key=True)
    series_id: Mapped[SeriesId] = mapped_column(ForeignKey("meeting_series.id"), index=True)
    meeting_id: Mapped[MeetingId | None] = mapped_column(ForeignKey("meeting.id"))
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    was_at: Mapped[datetime]
    now_at: Mapped[datetime | None]
    at: Mapped[datetime]


class Custom(Base):
    """When a consortium wants to be reminded: minutes for each step, or None for one that is off."""

    __tablename__ = "meeting_reminder_settings"

    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    steps: Mapped[dict[str, Any]]


def series_of(session: Session, meeting: Meeting) -> Series:
    """Give the series to which a meeting belongs."""
    return session.get_one(Series, meeting.series_id)


def get(session: Session, consortium_id: ConsortiumId, meeting_id: int) -> Meeting | None:
    """Find a meeting of a consortium."""
    return session.scalar(select(Meeting).where(Meeting.id == meeting_id, Meeting.consortium_id == consortium_id))


def lock(session: Session, meeting_id: int) -> Meeting | None:
    """Find a meeting and keep everybody else from changing it until the transaction ends.

    The series is locked first: whoever changes one meeting may have to change all.
    """
    mine = select(Meeting.series_id).where(Meeting.id == meeting_id).scalar_subquery()
    fresh = {"populate_existing": True}
    session.flush()
    if session.scalar(select(Series).where(Series.id == mine).with_for_update().execution_options(**fresh)) is None:
        return None
    return session.scalar(select(Meeting).where(Meeting.id == meeting_id).with_for_update().execution_options(**fresh))


def by_uid(session: Session, uid: str) -> Series | None:
    """Find a series by its name in calendars."""
    return session.scalar(select(Series).where(Series.uid == uid))


def coming(session: Session, consortium_id: ConsortiumId, now: datetime) -> Sequence[Meeting]:
    """List the meetings that are planned and not over, the nearest first."""
    return session.scalars(
        select(Meeting)
        .where(Meeting.consortium_id == consortium_id, Meeting.state == MeetingState.PLANNED, Meeting.ends_at > now)
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()


def coming_in(session: Session, consortium_id: ConsortiumId, channel: str, now: datetime) -> Sequence[Meeting]:
    """List a channel's meetings that are planned and not over, the nearest first."""
    return [m for m in coming(session, consortium_id, now) if series_of(session, m).channel == channel]


def begun(session: Session, consortium_id: ConsortiumId, now: datetime) -> Sequence[tuple[Meeting, Series]]:
    """List the latest meetings that have begun, with their series, newest first."""
    rows = session.execute(
        select(Meeting, Series)
        .join(Series, Series.id == Meeting.series_id)
        .where(Meeting.consortium_id == consortium_id, Meeting.state == MeetingState.PLANNED, Meeting.starts_at <= now)
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(100)
    )
    return [(meeting, series) for meeting, series in rows]


def of_series(session: Session, series_id: SeriesId) -> Sequence[Meeting]:
    """List all meetings of a series that were planned so far, in their order."""
    return session.scalars(select(Meeting).where(Meeting.series_id == series_id).order_by(Meeting.place)).all()


def leave_behind(session: Session, series: Series, now: datetime) -> None:
    """Let the meetings of a series that have begun stay as they are, whatever is changed about it from now on.

    They become a series of their own: who could read their minutes can, and nobody else.
    """
    begun = [meeting for meeting in of_series(session, series.id) if meeting.starts_at <= now]
    if not begun:
        return
    same = {column.key: getattr(series, column.key) for column in Series.__table__.columns}
    former = Series(**{**same, "id": None, "uid": str(uuid.uuid4()), "ended_at": now, "became": series.id})
    session.add(former)
    session.flush()
    for meeting in begun:
        meeting.series_id = former.id


def taken_by(session: Session, series_id: SeriesId) -> dict[AgencyId, datetime]:
    """Map agencies to the latest meeting of a series for which they took the minutes, or will."""
    rows = session.execute(
        select(Meeting.notes_agency_id, func.max(Meeting.starts_at))
        .join(Series, Series.id == Meeting.series_id)
        .where(
            or_(Series.id == series_id, Series.became == series_id),
            Meeting.state == MeetingState.PLANNED,
            Meeting.notes_agency_id.is_not(None),
        )
        .group_by(Meeting.notes_agency_id)
    )
    return {agency: at for agency, at in rows if agency is not None}


def changes_after(session: Session, change: Change) -> bool:
    """Tell whether what a change says was changed again since."""
    later = (Change.series_id == change.series_id) & (Change.id > change.id)
    if change.meeting_id is not None:
        later &= Change.meeting_id.is_(None) | (Change.meeting_id == change.meeting_id)
    return session.scalar(select(Change.id).where(later).limit(1)) is not None


def custom(session: Session, consortium_id: ConsortiumId) -> dict[str, Any]:
    """Give what a consortium changed about when it is reminded."""
    found = session.get(Custom, consortium_id)
    return dict(found.steps) if found else {}


def keep_custom(session: Session, consortium_id: ConsortiumId, steps: dict[str, Any]) -> None:
    """Keep when a consortium wants to be reminded."""
    upsert(session, Custom, {"consortium_id": consortium_id, "steps": steps}, keys=("consortium_id",))


def due(session: Session, now: datetime) -> Sequence[MeetingId]:
    """List the meetings that have to be looked at."""
    return session.scalars(select(Meeting.id).where(Meeting.look_at <= now).order_by(Meeting.look_at, Meeting.id)).all()


NEXT_LOOK = select(func.min(Meeting.look_at))
"""The next moment at which a meeting has to be looked at."""
