"""Days on which agencies are closed, typed by people or read from calendars."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.agencies import Agency
from storage.database import Base
from storage.due import Due
from storage.upsert import insert_all_missing
from storage.vocabulary import (
    LONGEST_LABEL,
    AgencyId,
    CalendarKind,
    ClosedDays,
    ClosureCalendarId,
    ClosureId,
    ClosureSource,
    ConsortiumId,
    MemberId,
)


class Closure(Base):
    """A range of days on which an agency is closed, including both ends. The days are local, without a time zone."""

    __tablename__ = "closure"
    __table_args__ = (
        UniqueConstraint("agency_id", "source", "first_day", "last_day"),
        Index("ix_closure_days", "agency_id", "last_day"),
    )

    id: Mapped[ClosureId] = mapped_column(primary_key=True)
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"))
    source: Mapped[ClosureSource]
    first_day: Mapped[date]
    last_day: Mapped[date]
    label: Mapped[str] = mapped_column(String(LONGEST_LABEL), default="")


class ClosureCalendar(Base):
    """A calendar from which closed days are read: an address, read every week, or an uploaded file, read once.

    `team_id` is the workspace in which it was added. `good_at` is the time of the last successful reading; `problem`
    explains to people why the last one failed; `left_out` names the events that it left out, as people were told. The
    row of a file is deleted once the file was read.
    """

    __tablename__ = "closure_calendar"

    id: Mapped[ClosureCalendarId] = mapped_column(primary_key=True)
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"), index=True)
    kind: Mapped[CalendarKind]
    team_id: Mapped[str] = mapped_column(String(32))
    url: Mapped[str] = mapped_column(String(2000))
    name: Mapped[str] = mapped_column(String(LONGEST_LABEL))
    asked_by: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    next_at: Mapped[datetime] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    good_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(400))
    left_out: Mapped[str | None] = mapped_column(String(1000))


def closed_days(session: Session, consortium_id: ConsortiumId, first: date, last: date) -> dict[AgencyId, set[date]]:
    """Map agencies to the days from `first` to `last`, both included, on which they are closed.

    Agencies that are open on all these days are missing.
    """
    rows = session.execute(
        select(Closure.agency_id, Closure.first_day, Closure.last_day)
        .join(Agency, Agency.id == Closure.agency_id)
        .where(Agency.consortium_id == consortium_id, Closure.first_day <= last, Closure.last_day >= first)
    )
    days: dict[AgencyId, set[date]] = defaultdict(set)
    for agency_id, begins, ends in rows:
        start = max(begins, first)
        days[agency_id].update(start + timedelta(days=n) for n in range((min(ends, last) - start).days + 1))
    return dict(days)


def list_coming(session: Session, agency_id: AgencyId, today: date) -> Sequence[Closure]:
    """List an agency's current and coming closures, earliest first."""
    return session.scalars(
        select(Closure)
        .where(Closure.agency_id == agency_id, Closure.last_day >= today)
        .order_by(Closure.first_day, Closure.last_day, Closure.id)
    ).all()


def count(session: Session, agency_id: AgencyId) -> int:
    """Count an agency's closures, including past ones."""
    return session.scalar(select(func.count()).where(Closure.agency_id == agency_id)) or 0


def add(session: Session, agency_id: AgencyId, source: ClosureSource, ranges: Iterable[ClosedDays]) -> None:
    """Add ranges of closed days. A range that exists already from the same source stays as it is."""
    rows = [
        {
            "agency_id": agency_id,
            "source": source,
            "first_day": days.first,
            "last_day": days.last,
            "label": days.label[:LONGEST_LABEL],
        }
        for days in ranges
    ]
    insert_all_missing(session, Closure, rows, ("agency_id", "source", "first_day", "last_day"))


def replace_from_calendar(session: Session, agency_id: AgencyId, ranges: Iterable[ClosedDays], today: date) -> None:
    """Replace the closures read from an agency's calendar. Past closures, and those from other sources, stay."""
    delete_from_calendar(session, agency_id, today)
    add(session, agency_id, ClosureSource.CALENDAR, ranges)


def delete_from_calendar(session: Session, agency_id: AgencyId, today: date) -> None:
    """Delete the current and coming closures that were read from an agency's calendar."""
    from_calendar = (Closure.agency_id == agency_id) & (Closure.source == ClosureSource.CALENDAR)
    session.execute(delete(Closure).where(from_calendar, Closure.last_day >= today))


def find(session: Session, agency_id: AgencyId, closure_id: int) -> Closure | None:
    """Find a closure of an agency."""
    return session.scalar(select(Closure).where(Closure.agency_id == agency_id, Closure.id == closure_id))


def delete_closure(session: Session, closure: Closure) -> None:
    """Delete a closure."""
    session.execute(delete(Closure).where(Closure.id == closure.id))


def find_calendar(session: Session, agency_id: AgencyId) -> ClosureCalendar | None:
    """Find the calendar whose address an agency gave."""
    return session.scalar(
        select(ClosureCalendar).where(
            ClosureCalendar.agency_id == agency_id, ClosureCalendar.kind == CalendarKind.ADDRESS
        )
    )


def count_unread_files(session: Session, agency_id: AgencyId) -> int:
    """Count an agency's uploaded files that have not been read yet."""
    is_file = (ClosureCalendar.agency_id == agency_id) & (ClosureCalendar.kind == CalendarKind.FILE)
    return session.scalar(select(func.count()).select_from(ClosureCalendar).where(is_file)) or 0


def lock_calendar(session: Session, calendar_id: ClosureCalendarId) -> ClosureCalendar | None:
    """Find and lock a calendar. None if it was removed while it was being read."""
    return session.scalar(select(ClosureCalendar).where(ClosureCalendar.id == calendar_id).with_for_update())


def find_due_calendar(session: Session, now: datetime) -> ClosureCalendar | None:
    """Return the calendar that has been due for reading the longest, or None."""
    return session.scalars(
        select(ClosureCalendar)
        .where(ClosureCalendar.next_at <= now)
        .order_by(ClosureCalendar.next_at, ClosureCalendar.id)
        .limit(1)
    ).first()


next_due = Due(select(func.min(ClosureCalendar.next_at)))
"""When a calendar is due for reading next."""


def delete_calendar(session: Session, calendar: ClosureCalendar) -> None:
    """Delete a calendar; its closures stay."""
    session.execute(delete(ClosureCalendar).where(ClosureCalendar.id == calendar.id))
