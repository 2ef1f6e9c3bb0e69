"""Meetings: series, their single meetings, and changes to their times."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint, exists, func, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from storage.agendas import AgendaItem
from storage.database import Base
from storage.members import Member
from storage.upsert import upsert
from storage.vocabulary import (
    AgencyId,
    AgendaItemState,
    ConsortiumId,
    LiveMessageId,
    MeetingChangeId,
    MeetingId,
    MeetingState,
    MemberId,
    SeriesId,
)


class Series(Base):
    """A one-time meeting or a recurring series, in one channel and under one title.

    `first_day` and `clock` (`HH:MM`) are the local time in `zone` at which the first meeting begins. `rrule` is the
    recurrence rule, or None for a one-time meeting. `length` is in minutes. `notes_id` takes the minutes every time;
    if it is None, the task rotates over the agencies. `steps` holds the differences from the consortium's reminder
    settings: minutes by step, or None for a step that is off. `uid` and `sequence` identify the series and its version
    in calendars. `private` means that not everybody can see the channel. When a series moves to another channel, its
    past meetings become a series of their own, which has ended; its `became` is the series that continues.
    `chair_asked_at` is when facilitators were last asked for another chair, because the chair had left.
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
    chair_asked_at: Mapped[datetime | None]

    @property
    def begins(self) -> datetime:
        """Return the local start of the first meeting, without a time zone."""
        return datetime.combine(self.first_day, time.fromisoformat(self.clock))


class Meeting(Base):
    """A single meeting. `place` is its position in the series; `original_at` is its start before any rescheduling.

    `planned_at` is when its current date was set; reminders that were due before that are skipped. `notes_id` has been
    taking the minutes on behalf of `notes_agency_id` since `notes_since`; all three are None until someone was asked.
    `excused` lists the members who cannot take the minutes. `look_at` is when the meeting needs attention next.
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
    live_id: Mapped[LiveMessageId | None] = mapped_column(ForeignKey("live_message.id"))
    look_at: Mapped[datetime | None] = mapped_column(index=True)


class MeetingChange(Base):
    """A rescheduling, or with `now_at` None a cancellation.

    It concerns one meeting, or with `meeting_id` None this and all later meetings of the series.
    """

    __tablename__ = "meeting_change"

    id: Mapped[MeetingChangeId] = mapped_column(primary_key=True)
    series_id: Mapped[SeriesId] = mapped_column(ForeignKey("meeting_series.id"), index=True)
    meeting_id: Mapped[MeetingId | None] = mapped_column(ForeignKey("meeting.id"))
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    was_at: Mapped[datetime]
    now_at: Mapped[datetime | None]
    at: Mapped[datetime]


class ReminderSettings(Base):
    """A consortium's reminder settings. `steps` maps each changed step to minutes, or to None if it is off."""

    __tablename__ = "meeting_reminder_settings"

    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    steps: Mapped[dict[str, Any]]


def series_of(session: Session, meeting: Meeting) -> Series:
    """Return the series of a meeting."""
    return session.get_one(Series, meeting.series_id)


def get(session: Session, consortium_id: ConsortiumId, meeting_id: int) -> Meeting | None:
    """Find a meeting of a consortium."""
    return session.scalar(select(Meeting).where(Meeting.id == meeting_id, Meeting.consortium_id == consortium_id))


def lock_with_series(session: Session, meeting_id: int) -> Meeting | None:
    """Find and lock a meeting and its series, and reload both.

    The series is locked first, because a change to one meeting may affect all of them.
    """
    series_id = select(Meeting.series_id).where(Meeting.id == meeting_id).scalar_subquery()
    reload = {"populate_existing": True}
    session.flush()
    series = select(Series).where(Series.id == series_id).with_for_update(key_share=True).execution_options(**reload)
    if session.scalar(series) is None:
        return None
    return session.scalar(
        select(Meeting).where(Meeting.id == meeting_id).with_for_update(key_share=True).execution_options(**reload)
    )


def has_series(session: Session, consortium_id: ConsortiumId, uid: str) -> bool:
    """Return whether a consortium has a series with this calendar UID."""
    query = select(Series.id).where(Series.consortium_id == consortium_id, Series.uid == uid)
    return session.scalar(query) is not None


def list_coming(session: Session, consortium_id: ConsortiumId, now: datetime) -> Sequence[Meeting]:
    """List the planned meetings that are not over, earliest first."""
    return session.scalars(
        select(Meeting)
        .where(Meeting.consortium_id == consortium_id, Meeting.state == MeetingState.PLANNED, Meeting.ends_at > now)
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()


def list_coming_in_channel(
    session: Session, consortium_id: ConsortiumId, channel: str, now: datetime
) -> Sequence[Meeting]:
    """List the planned meetings of a channel that are not over, earliest first."""
    return [m for m in list_coming(session, consortium_id, now) if series_of(session, m).channel == channel]


def list_begun(session: Session, consortium_id: ConsortiumId, now: datetime) -> Sequence[tuple[Meeting, Series]]:
    """List the last 100 planned meetings that have begun, with their series, newest first."""
    rows = session.execute(
        select(Meeting, Series)
        .join(Series, Series.id == Meeting.series_id)
        .where(Meeting.consortium_id == consortium_id, Meeting.state == MeetingState.PLANNED, Meeting.starts_at <= now)
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(100)
    )
    return [(meeting, series) for meeting, series in rows]


def meetings_of_series(session: Session, series_id: SeriesId) -> Sequence[Meeting]:
    """List all meetings of a series planned so far, in order."""
    return session.scalars(select(Meeting).where(Meeting.series_id == series_id).order_by(Meeting.place)).all()


def split_off_past(session: Session, series: Series, now: datetime) -> None:
    """Move the meetings of a series that have begun to a series of their own, which has ended.

    Changes to the series then no longer affect them: the same people as before can read their minutes.
    """
    past = [meeting for meeting in meetings_of_series(session, series.id) if meeting.starts_at <= now]
    if not past:
        return
    values = {column.key: getattr(series, column.key) for column in Series.__table__.columns}
    former = Series(**{**values, "id": None, "uid": str(uuid.uuid4()), "ended_at": now, "became": series.id})
    session.add(former)
    session.flush()
    for meeting in past:
        meeting.series_id = former.id


def busy_members(session: Session, meeting: Meeting) -> set[MemberId]:
    """Return the people who chair, take the minutes of, or bring an item to another public meeting at the same time.

    Private meetings do not count: whose turn it is would tell others that there is one.
    """
    other = (
        Meeting.consortium_id == meeting.consortium_id,
        Meeting.series_id.in_(select(Series.id).where(Series.private.is_(False))),
        Meeting.id != meeting.id,
        Meeting.state == MeetingState.PLANNED,
        Meeting.starts_at < meeting.ends_at,
        Meeting.ends_at > meeting.starts_at,
    )
    runs = session.execute(
        select(Meeting.notes_id, Series.notes_id, Series.chair_id)
        .join(Series, Series.id == Meeting.series_id)
        .where(*other)
    )
    brings = session.scalars(
        select(AgendaItem.member_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(*other, AgendaItem.state != AgendaItemState.GONE)
    )
    return {member for row in runs for member in row if member is not None} | set(brings)


def last_notes_by_agency(session: Session, consortium_id: ConsortiumId) -> dict[AgencyId, datetime]:
    """Map agencies to the start of the latest meeting for which they took, or will take, the minutes.

    Meetings of private channels do not count: they have no turns.
    """
    rows = session.execute(
        select(Meeting.notes_agency_id, func.max(Meeting.starts_at))
        .join(Series, Series.id == Meeting.series_id)
        .where(
            Meeting.consortium_id == consortium_id,
            Series.private.is_(False),
            Meeting.state == MeetingState.PLANNED,
            Meeting.notes_agency_id.is_not(None),
        )
        .group_by(Meeting.notes_agency_id)
    )
    return {agency: at for agency, at in rows if agency is not None}


def has_later_change(session: Session, change: MeetingChange) -> bool:
    """Return whether a later change affects the same meeting or meetings."""
    later = (MeetingChange.series_id == change.series_id) & (MeetingChange.id > change.id)
    if change.meeting_id is not None:
        later &= MeetingChange.meeting_id.is_(None) | (MeetingChange.meeting_id == change.meeting_id)
    return session.scalar(select(MeetingChange.id).where(later).limit(1)) is not None


def reminder_steps(session: Session, consortium_id: ConsortiumId) -> dict[str, Any]:
    """Return the steps of a consortium's reminder settings; empty if it has not changed any."""
    settings = session.get(ReminderSettings, consortium_id)
    return dict(settings.steps) if settings else {}


def save_reminder_steps(session: Session, consortium_id: ConsortiumId, steps: dict[str, Any]) -> None:
    """Save a consortium's reminder settings."""
    upsert(session, ReminderSettings, {"consortium_id": consortium_id, "steps": steps}, keys=("consortium_id",))


def list_due(session: Session, now: datetime) -> Sequence[MeetingId]:
    """List the meetings that need attention, longest overdue first."""
    return session.scalars(select(Meeting.id).where(Meeting.look_at <= now).order_by(Meeting.look_at, Meeting.id)).all()


_FACILITATOR = aliased(Member)
_CHAIR_LEFT = (
    select(Series.id)
    .join(Member, Member.id == Series.chair_id)
    .where(
        Series.ended_at.is_(None),
        Member.left_at.is_not(None),
        or_(Series.chair_asked_at.is_(None), Series.chair_asked_at < Member.left_at),
        exists().where(
            _FACILITATOR.consortium_id == Series.consortium_id, _FACILITATOR.facilitator, _FACILITATOR.left_at.is_(None)
        ),
    )
)
NEXT_CHAIR_LEFT = _CHAIR_LEFT.with_only_columns(func.min(Member.left_at))
"""A time in the past if the chair of a series has left, and there are facilitators who were not asked for another."""


def list_chair_left(session: Session) -> Sequence[SeriesId]:
    """List the series whose chair has left, and whose facilitators were not asked for another."""
    return session.scalars(_CHAIR_LEFT.order_by(Series.id)).all()


def lock_series(session: Session, series_id: SeriesId) -> Series:
    """Lock a series and reload it."""
    query = select(Series).where(Series.id == series_id).with_for_update(key_share=True)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def next_of_series(session: Session, series_id: SeriesId, now: datetime) -> Meeting | None:
    """Return the next planned meeting of a series that has not begun."""
    query = select(Meeting).where(
        Meeting.series_id == series_id, Meeting.state == MeetingState.PLANNED, Meeting.starts_at > now
    )
    return session.scalars(query.order_by(Meeting.starts_at, Meeting.id).limit(1)).first()


NEXT_DUE = select(func.min(Meeting.look_at))
"""When a meeting needs attention next."""
