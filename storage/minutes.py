"""Minutes of meetings, the decisions recorded in them, and corrections."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, and_, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.vocabulary import (
    ConsortiumId,
    CorrectionId,
    CorrectionState,
    LiveMessageId,
    MeetingId,
    MeetingState,
    MemberId,
    MinutesId,
    RecordedDecisionId,
    SeriesId,
)


class Minutes(Base):
    """The minutes of a meeting.

    `parts` lists (heading, text) pairs; a heading may be empty. `actions` lists the action items as text. `agencies`
    lists the ids of the agencies present; `people` is text about who else attended. Minutes can be corrected until
    `accepts_at`; `accepted_at` is when they were accepted.
    """

    __tablename__ = "minutes"

    id: Mapped[MinutesId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    meeting_id: Mapped[MeetingId] = mapped_column(ForeignKey("meeting.id"), unique=True)
    author_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    parts: Mapped[list[Any]]
    actions: Mapped[list[Any]]
    agencies: Mapped[list[Any]]
    people: Mapped[str] = mapped_column(String(500), default="")
    live_id: Mapped[LiveMessageId | None] = mapped_column(ForeignKey("live_message.id"))
    posted_at: Mapped[datetime]
    accepts_at: Mapped[datetime | None] = mapped_column(index=True)
    accepted_at: Mapped[datetime | None]


class RecordedDecision(Base):
    """A decision recorded in minutes. `proposal` is the number of the proposal that an objection made of it.

    `original` is the wording with which it was posted, or None if no correction has changed it.
    """

    __tablename__ = "recorded_decision"

    id: Mapped[RecordedDecisionId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), index=True)
    minutes_id: Mapped[MinutesId] = mapped_column(ForeignKey("minutes.id"), index=True)
    place: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    original: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime]
    proposal: Mapped[int | None]


class Correction(Base):
    """A correction that a member asks for: of the decision at a place, or of something else if `place` is None."""

    __tablename__ = "correction"

    id: Mapped[CorrectionId] = mapped_column(primary_key=True)
    minutes_id: Mapped[MinutesId] = mapped_column(ForeignKey("minutes.id"), index=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    place: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[CorrectionState] = mapped_column(default=CorrectionState.OPEN)
    at: Mapped[datetime]
    decided_by: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"))


def of_meeting(session: Session, meeting_id: MeetingId) -> Minutes | None:
    """Find the minutes of a meeting."""
    return session.scalar(select(Minutes).where(Minutes.meeting_id == meeting_id))


def get(session: Session, consortium_id: ConsortiumId, minutes_id: int) -> Minutes | None:
    """Find minutes of a consortium by id."""
    return session.scalar(select(Minutes).where(Minutes.id == minutes_id, Minutes.consortium_id == consortium_id))


def lock(session: Session, minutes_id: int) -> Minutes | None:
    """Find and lock minutes, and reload them."""
    session.flush()
    query = select(Minutes).where(Minutes.id == minutes_id).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


_ORPHANED = (
    select(Meeting.id)
    .join(Member, Member.id == Meeting.notes_id)
    .outerjoin(Minutes, Minutes.meeting_id == Meeting.id)
    .where(Meeting.look_at.is_not(None), Member.left_at.is_not(None), Minutes.id.is_(None))
)
NEXT_WITHOUT_NOTE_TAKER = _ORPHANED.with_only_columns(func.min(Meeting.planned_at))
"""A time in the past if the note-taker of a meeting has left before writing the minutes."""


def list_without_note_taker(session: Session) -> Sequence[MeetingId]:
    """List the meetings that still need attention and whose note-taker left before writing the minutes."""
    return session.scalars(_ORPHANED.order_by(Meeting.id)).all()


def list_late(session: Session, series_id: SeriesId, before: datetime, ended_by: datetime) -> Sequence[Meeting]:
    """List the meetings of a series that began before a time and lack minutes that are still expected, oldest first.

    Those that ended after `ended_by` are not late yet. What a series left behind in a private channel stays there:
    where it meets now, others read.
    """
    query = (
        select(Meeting)
        .join(Series, Series.id == Meeting.series_id)
        .outerjoin(Minutes, Minutes.meeting_id == Meeting.id)
        .where(
            or_(Series.id == series_id, and_(Series.became == series_id, Series.private.is_(False))),
            Meeting.state == MeetingState.PLANNED,
            Meeting.starts_at < before,
            Meeting.ends_at <= ended_by,
            Meeting.look_at.is_not(None),
            Minutes.id.is_(None),
        )
    )
    return session.scalars(query.order_by(Meeting.starts_at, Meeting.id)).all()


def meetings_with_minutes(session: Session, meeting_ids: Collection[MeetingId]) -> set[MeetingId]:
    """Return those of these meetings that have minutes."""
    return set(session.scalars(select(Minutes.meeting_id).where(Minutes.meeting_id.in_(meeting_ids))))


def decisions_in(session: Session, minutes_id: MinutesId) -> Sequence[RecordedDecision]:
    """List the decisions recorded in minutes, in order."""
    return session.scalars(
        select(RecordedDecision).where(RecordedDecision.minutes_id == minutes_id).order_by(RecordedDecision.place)
    ).all()


def is_from_objection(session: Session, consortium_id: ConsortiumId, proposal: int) -> bool:
    """Return whether the proposal of a number came from an objection to a recorded decision."""
    query = select(RecordedDecision.id).where(
        RecordedDecision.consortium_id == consortium_id, RecordedDecision.proposal == proposal
    )
    return session.scalar(query.limit(1)) is not None


def list_recorded_decisions(
    session: Session, consortium_id: ConsortiumId
) -> Sequence[tuple[RecordedDecision, Minutes, Meeting, Series]]:
    """List recorded decisions with their minutes, meetings and series, newest first."""
    query = (
        select(RecordedDecision, Minutes, Meeting, Series)
        .join(Minutes, Minutes.id == RecordedDecision.minutes_id)
        .join(Meeting, Meeting.id == Minutes.meeting_id)
        .join(Series, Series.id == Meeting.series_id)
        .where(RecordedDecision.consortium_id == consortium_id)
    )
    rows = session.execute(query.order_by(RecordedDecision.decided_at.desc(), RecordedDecision.id.desc()))
    return [(decision, minutes, meeting, series) for decision, minutes, meeting, series in rows]


def list_corrections(session: Session, minutes_id: MinutesId) -> Sequence[Correction]:
    """List the corrections to minutes, oldest first."""
    return session.scalars(
        select(Correction).where(Correction.minutes_id == minutes_id).order_by(Correction.at, Correction.id)
    ).all()


def wording_versions(session: Session, minutes_id: MinutesId) -> dict[int, int]:
    """Count how often each decision in minutes was corrected, by its place. Those without a correction are missing."""
    query = select(Correction.place, func.count()).where(
        Correction.minutes_id == minutes_id,
        Correction.state == CorrectionState.TAKEN,
        Correction.place.is_not(None),
    )
    rows = session.execute(query.group_by(Correction.place))
    return {place: number for place, number in rows if place is not None}


def get_correction(session: Session, correction_id: int) -> Correction | None:
    """Find a correction by id."""
    return session.get(Correction, correction_id)


def list_due_for_acceptance(session: Session, now: datetime) -> Sequence[MinutesId]:
    """List the minutes whose time for corrections is over and which are not accepted yet."""
    return session.scalars(
        select(Minutes.id).where(Minutes.accepted_at.is_(None), Minutes.accepts_at <= now).order_by(Minutes.accepts_at)
    ).all()


NEXT_ACCEPTANCE = select(func.min(Minutes.accepts_at)).where(Minutes.accepted_at.is_(None))
"""When minutes are accepted next."""
