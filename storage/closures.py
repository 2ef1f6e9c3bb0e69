"""Days on which agencies are closed, typed by people or read from calendars."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.agencies import Agency
from storage.database import Base
from storage.due import Due
from storage.names import normalize_name
from storage.upsert import insert_all_missing
from storage.vocabulary import (
    LONGEST_LABEL,
    AgencyId,
    CalendarKind,
    CalendarTitleId,
    ClosedDays,
    ClosureCalendarId,
    ClosureId,
    ClosureSource,
    ConsortiumId,
    MemberId,
)

_NO_TITLES: Mapping[str, CalendarTitleId] = {}


class Closure(Base):
    """A range of days of an agency, including both ends. The days are local, without a time zone.

    The agency is closed on them if they were typed, or if the title under which a calendar has them closes it.
    """

    __tablename__ = "closure"
    __table_args__ = (
        UniqueConstraint("agency_id", "source", "first_day", "last_day", "label"),
        Index("ix_closure_days", "agency_id", "last_day"),
    )

    id: Mapped[ClosureId] = mapped_column(primary_key=True)
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"))
    source: Mapped[ClosureSource]
    first_day: Mapped[date]
    last_day: Mapped[date]
    label: Mapped[str] = mapped_column(String(LONGEST_LABEL), default="")
    title_id: Mapped[CalendarTitleId | None] = mapped_column(ForeignKey("calendar_title.id"), index=True)


class CalendarTitle(Base):
    """A title under which an agency's calendars have whole days. `closes` is None until somebody has decided.

    `suggested` means that it sounds like closed days. `found_at` is when a calendar had it for the first time.
    """

    __tablename__ = "calendar_title"
    __table_args__ = (UniqueConstraint("agency_id", "folded"),)

    id: Mapped[CalendarTitleId] = mapped_column(primary_key=True)
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"))
    title: Mapped[str] = mapped_column(String(LONGEST_LABEL))
    folded: Mapped[str] = mapped_column(String(3 * LONGEST_LABEL))
    suggested: Mapped[bool]
    closes: Mapped[bool | None]
    found_at: Mapped[datetime]


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


_IS_CLOSED = or_(Closure.title_id.is_(None), CalendarTitle.closes.is_(True))


def closed_days(session: Session, consortium_id: ConsortiumId, first: date, last: date) -> dict[AgencyId, set[date]]:
    """Map agencies to the days from `first` to `last`, both included, on which they are closed.

    Agencies that are open on all these days are missing.
    """
    rows = session.execute(
        select(Closure.agency_id, Closure.first_day, Closure.last_day)
        .join(Agency, Agency.id == Closure.agency_id)
        .outerjoin(CalendarTitle, CalendarTitle.id == Closure.title_id)
        .where(Agency.consortium_id == consortium_id, Closure.first_day <= last, Closure.last_day >= first, _IS_CLOSED)
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
        .outerjoin(CalendarTitle, CalendarTitle.id == Closure.title_id)
        .where(Closure.agency_id == agency_id, Closure.last_day >= today, _IS_CLOSED)
        .order_by(Closure.first_day, Closure.last_day, Closure.id)
    ).all()


def count(session: Session, agency_id: AgencyId) -> int:
    """Count an agency's entries, including past ones and those of titles that do not close it."""
    return session.scalar(select(func.count()).where(Closure.agency_id == agency_id)) or 0


def add(
    session: Session,
    agency_id: AgencyId,
    source: ClosureSource,
    ranges: Iterable[ClosedDays],
    titles: Mapping[str, CalendarTitleId] = _NO_TITLES,
) -> None:
    """Add ranges of days, those from a calendar with their titles by label.

    A range that exists already from the same source with the same label stays as it is.
    """
    rows = [
        {
            "agency_id": agency_id,
            "source": source,
            "first_day": days.first,
            "last_day": days.last,
            "label": days.label[:LONGEST_LABEL],
            "title_id": titles.get(days.label),
        }
        for days in ranges
    ]
    insert_all_missing(session, Closure, rows, ("agency_id", "source", "first_day", "last_day", "label"))


def replace_from_calendar(
    session: Session,
    agency_id: AgencyId,
    ranges: Iterable[ClosedDays],
    titles: Mapping[str, CalendarTitleId],
    today: date,
) -> None:
    """Replace the days read from an agency's calendar. Past days, and those from other sources, stay."""
    delete_from_calendar(session, agency_id, today)
    add(session, agency_id, ClosureSource.CALENDAR, ranges, titles)


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


# titles of calendars -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class TitleWithDays:
    """A title with its first coming range of days, and how many more it has."""

    title: CalendarTitle
    first: ClosedDays
    more: int


def remember_titles(
    session: Session, agency_id: AgencyId, labels: Collection[str], suggested: Collection[str], now: datetime
) -> tuple[dict[str, CalendarTitleId], set[CalendarTitleId]]:
    """Record the titles that a calendar has. Return the title of each label, and the titles that are new.

    Labels that look the same to people share a title.
    """
    folded = {label: normalize_name(label) for label in labels}
    likely = {folded[label] for label in suggested}
    known = _titles_by_name(session, agency_id)
    first_labels = {folded[label]: label for label in sorted(labels, reverse=True)}
    rows = [
        {
            "agency_id": agency_id,
            "title": label[:LONGEST_LABEL],
            "folded": name,
            "suggested": name in likely,
            "closes": None,
            "found_at": now,
        }
        for name, label in first_labels.items()
        if name not in known
    ]
    insert_all_missing(session, CalendarTitle, rows, ("agency_id", "folded"))
    by_name = _titles_by_name(session, agency_id)
    new = {id_ for name, id_ in by_name.items() if name not in known}
    return {label: by_name[name] for label, name in folded.items()}, new


def _titles_by_name(session: Session, agency_id: AgencyId) -> dict[str, CalendarTitleId]:
    rows = session.execute(select(CalendarTitle.folded, CalendarTitle.id).where(CalendarTitle.agency_id == agency_id))
    return {row[0]: row[1] for row in rows}


def coming_titles(session: Session, agency_id: AgencyId, today: date) -> list[TitleWithDays]:
    """List the titles with current or coming days, in the order of their days.

    The newest titles come first, and among them those that sound closed.
    """
    rows = session.execute(
        select(CalendarTitle, Closure)
        .join(Closure, Closure.title_id == CalendarTitle.id)
        .where(CalendarTitle.agency_id == agency_id, Closure.last_day >= today)
        .order_by(
            CalendarTitle.found_at.desc(),
            CalendarTitle.suggested.desc(),
            Closure.first_day,
            Closure.last_day,
            CalendarTitle.id,
        )
    )
    grouped: dict[CalendarTitleId, tuple[CalendarTitle, list[ClosedDays]]] = {}
    for title, closure in rows:
        days = ClosedDays(closure.first_day, closure.last_day, closure.label)
        ranges = grouped.setdefault(title.id, (title, []))[1]
        # one title can come from a file and from an address
        if (days.first, days.last) not in {(r.first, r.last) for r in ranges[-1:]}:
            ranges.append(days)
    return [TitleWithDays(title, ranges[0], len(ranges) - 1) for title, ranges in grouped.values()]


def decide_titles(session: Session, agency_id: AgencyId, titles: Collection[CalendarTitleId], *, closes: bool) -> None:
    """Record for some of an agency's titles whether their days close it."""
    session.execute(
        update(CalendarTitle)
        .where(CalendarTitle.agency_id == agency_id, CalendarTitle.id.in_(titles))
        .values(closes=closes)
    )


# calendars ---------------------------------------------------------------------------------------------


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
    return session.scalar(
        select(ClosureCalendar).where(ClosureCalendar.id == calendar_id).with_for_update(key_share=True)
    )


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


def postpone_calendar(session: Session, calendar_id: int, until: datetime) -> None:
    """Read a calendar later, without loading it."""
    session.execute(update(ClosureCalendar).where(ClosureCalendar.id == calendar_id).values(next_at=until))


def delete_calendar(session: Session, calendar: ClosureCalendar) -> None:
    """Delete a calendar; its closures stay."""
    session.execute(delete(ClosureCalendar).where(ClosureCalendar.id == calendar.id))
