"""When agencies are closed: days that were typed, and days read from calendars."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.agencies import Agency
from storage.database import Base
from storage.due import Due
from storage.upsert import insert_missing
from storage.vocabulary import (
    LABEL,
    AgencyId,
    CalendarId,
    CalendarKind,
    ClosureId,
    ClosureSource,
    ConsortiumId,
    Days,
    MemberId,
)


class Closure(Base):
    """Days on which an agency is closed, both ends included; they are the agency's own, without a zone."""

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
    label: Mapped[str] = mapped_column(String(LABEL), default="")


class Calendar(Base):
    """Where closed days are to be read from: an address that is read anew each week, or a file, read once.

    `team_id` is the workspace in which it was asked for. `problem` says for people why the last reading failed;
    `good_at` is when it last went well. A file's row goes when it was read.
    """

    __tablename__ = "closure_calendar"

    id: Mapped[CalendarId] = mapped_column(primary_key=True)
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"), index=True)
    kind: Mapped[CalendarKind]
    team_id: Mapped[str] = mapped_column(String(32))
    url: Mapped[str] = mapped_column(String(2000))
    name: Mapped[str] = mapped_column(String(LABEL))
    asked_by: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    next_at: Mapped[datetime] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    good_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(400))


def closed_days(session: Session, consortium_id: ConsortiumId, first: date, last: date) -> dict[AgencyId, set[date]]:
    """Map agencies to the days from `first` to `last`, both included, on which they are closed.

    Agencies that are open throughout are left out.
    """
    rows = session.execute(
        select(Closure.agency_id, Closure.first_day, Closure.last_day)
        .join(Agency, Agency.id == Closure.agency_id)
        .where(Agency.consortium_id == consortium_id, Closure.first_day <= last, Closure.last_day >= first)
    )
    found: dict[AgencyId, set[date]] = defaultdict(set)
    for agency_id, begins, ends in rows:
        start = max(begins, first)
        found[agency_id].update(start + timedelta(days=n) for n in range((min(ends, last) - start).days + 1))
    return dict(found)


# days --------------------------------------------------------------------------------------------------


def coming(session: Session, agency_id: AgencyId, today: date) -> Sequence[Closure]:
    """List an agency's closed days that are not over, the nearest first."""
    return session.scalars(
        select(Closure)
        .where(Closure.agency_id == agency_id, Closure.last_day >= today)
        .order_by(Closure.first_day, Closure.last_day, Closure.id)
    ).all()


def count(session: Session, agency_id: AgencyId) -> int:
    """Count the stretches that are kept of an agency."""
    return session.scalar(select(func.count()).where(Closure.agency_id == agency_id)) or 0


def add(session: Session, agency_id: AgencyId, source: ClosureSource, stretches: Iterable[Days]) -> None:
    """Add closed days; a stretch that is there already from the same source stays as it is."""
    rows = [
        {
            "agency_id": agency_id,
            "source": source,
            "first_day": stretch.first,
            "last_day": stretch.last,
            "label": stretch.label[:LABEL],
        }
        for stretch in stretches
    ]
    insert_missing(session, Closure, rows, ("agency_id", "source", "first_day", "last_day"))


def replace(session: Session, agency_id: AgencyId, stretches: Iterable[Days], today: date) -> None:
    """Put what a calendar says now in place of what it said before; days that are over, and others' days, stay."""
    take_read(session, agency_id, today)
    add(session, agency_id, ClosureSource.CALENDAR, stretches)


def take_read(session: Session, agency_id: AgencyId, today: date) -> None:
    """Take away what was read from an agency's calendar and is not over."""
    gone = (Closure.agency_id == agency_id) & (Closure.source == ClosureSource.CALENDAR) & (Closure.last_day >= today)
    session.execute(delete(Closure).where(gone))


def find(session: Session, agency_id: AgencyId, closure_id: int) -> Closure | None:
    """Find one stretch of an agency's closed days."""
    return session.scalar(select(Closure).where(Closure.agency_id == agency_id, Closure.id == closure_id))


def take(session: Session, closure: Closure) -> None:
    """Take a stretch away."""
    session.execute(delete(Closure).where(Closure.id == closure.id))


# calendars ---------------------------------------------------------------------------------------------


def calendar_of(session: Session, agency_id: AgencyId) -> Calendar | None:
    """Find the address from which an agency's closed days are read."""
    return session.scalar(
        select(Calendar).where(Calendar.agency_id == agency_id, Calendar.kind == CalendarKind.ADDRESS)
    )


def waiting_files(session: Session, agency_id: AgencyId) -> int:
    """Count an agency's files that are still to be read."""
    mine = (Calendar.agency_id == agency_id) & (Calendar.kind == CalendarKind.FILE)
    return session.scalar(select(func.count()).select_from(Calendar).where(mine)) or 0


def lock_calendar(session: Session, calendar_id: CalendarId) -> Calendar | None:
    """Lock a calendar: what was read from it meanwhile is kept only if it is still meant."""
    return session.scalar(select(Calendar).where(Calendar.id == calendar_id).with_for_update())


def due(session: Session, now: datetime) -> Calendar | None:
    """Give the calendar that has waited longest to be read, or None."""
    return session.scalars(
        select(Calendar).where(Calendar.next_at <= now).order_by(Calendar.next_at, Calendar.id).limit(1)
    ).first()


next_due = Due(select(func.min(Calendar.next_at)))
"""The next moment at which a calendar is to be read."""


def forget(session: Session, calendar: Calendar) -> None:
    """Read a calendar no more."""
    session.execute(delete(Calendar).where(Calendar.id == calendar.id))
