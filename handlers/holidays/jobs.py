"""Scheduled work: reading the calendars that are due, outside of transactions."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from handlers.holidays import closed_days, titles, views
from handlers.holidays.rules import content_lines, ics
from handlers.holidays.rules.ics import CalendarReading
from handlers.kit import dates
from handlers.kit.fetch import DownloadFailed, Fetch, Unreadable
from handlers.kit.isolation import is_outage
from handlers.kit.notices.messages import queue_direct_message
from storage import closures, members
from storage.agencies import Agency
from storage.closures import ClosureCalendar
from storage.consortia import Consortium
from storage.database import Database
from storage.members import Member
from storage.vocabulary import CalendarKind, ClosureSource

log = structlog.get_logger()

READ_EVERY = timedelta(days=7)
FULL = "This agency has no room for more closed days. Remove some first."
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=10))
"""The waiting times before a calendar that cannot be reached is tried again; after the last, people are told."""


@dataclass(frozen=True)
class _Attempt:
    """The result of reading a calendar: what was read, or the problem."""

    reading: CalendarReading = field(default_factory=CalendarReading)
    problem: Unreadable | None = None


def sweep(db: Database, fetch: Fetch, now: datetime) -> None:
    """Read the calendar that has waited longest: one at a time, so that a slow server delays little else."""
    with db.read() as session:
        due = closures.find_due_calendar(session, now)
    if due is None:
        return
    try:
        _read_due(db, fetch, due, now)
    except Exception as bug:
        if is_outage(bug):
            raise
        # it would be found again and again, and the calendars behind it never
        log.exception("calendar set aside", feature="calendars", calendar=due.id)
        with db.begin() as session:
            closures.postpone_calendar(session, due.id, now + READ_EVERY)


def _read_due(db: Database, fetch: Fetch, due: ClosureCalendar, now: datetime) -> None:
    with db.read() as session:
        agency = session.get_one(Agency, due.agency_id)
        zone = session.get_one(Consortium, agency.consortium_id).zone
        ended, today = agency.ended_at is not None, dates.today(now, zone)
    attempt = _Attempt() if ended else _read(fetch, due, today, zone)
    with db.begin() as session:
        calendar = closures.lock_calendar(session, due.id)
        if calendar is None or (calendar.url, calendar.next_at) != (due.url, due.next_at):
            # the address was replaced meanwhile, or another worker was faster
            return
        if ended:
            closures.delete_calendar(session, calendar)
        elif isinstance(attempt.problem, DownloadFailed) and calendar.attempts < len(RETRY_AFTER):
            calendar.next_at = now + RETRY_AFTER[calendar.attempts]
            calendar.attempts += 1
        elif attempt.problem is not None:
            _store_problem(session, calendar, attempt.problem, now)
        else:
            _store_reading(session, calendar, attempt.reading, today, now)


next_due = closures.next_due


def _read(fetch: Fetch, calendar: ClosureCalendar, today: date, zone: str) -> _Attempt:
    try:
        if calendar.kind is CalendarKind.FILE:
            content = fetch.file(calendar.team_id, calendar.url)
        else:
            content = fetch.address(calendar.url)
        return _Attempt(ics.read(content, today, zone))
    except Unreadable as problem:
        return _Attempt(problem=problem)
    except Exception:
        # a stranger's file may cause any error, and must not be read again every few seconds
        log.exception("calendar not read", feature="calendars")
        return _Attempt(problem=Unreadable(content_lines.BROKEN))


def _store_reading(
    session: Session, calendar: ClosureCalendar, reading: CalendarReading, today: date, now: datetime
) -> None:
    """Store the days of a calendar. Notify people of the first reading, and of later ones that bring news.

    Facilitators are asked about new titles too: nobody else may notice that they wait.
    """
    agency = session.get_one(Agency, calendar.agency_id)
    days, left_out = reading.days, views.left_out_text(reading.left_out)
    if (
        calendar.kind is CalendarKind.FILE
        and closures.count(session, agency.id) + len(days) > closed_days.MOST_WITH_FILES
    ):
        _store_problem(session, calendar, Unreadable(FULL), now)
        return
    labels = {stretch.label for stretch in days}
    ids, new = closures.remember_titles(session, agency.id, labels, reading.suggested, now)
    if calendar.kind is CalendarKind.FILE:
        closures.add(session, agency.id, ClosureSource.FILE, days, ids)
        closures.delete_calendar(session, calendar)
    else:
        closures.replace_from_calendar(session, agency.id, days, ids, today)
    listed = closures.coming_titles(session, agency.id, today)
    undecided = titles.undecided(listed)
    if calendar.good_at is None:
        closing = {entry.title.id for entry in listed if entry.title.closes}
        closed = [stretch for stretch in days if ids[stretch.label] in closing]
        _notify(session, calendar, agency, views.calendar_read(agency, reading, closed, undecided), now)
    elif new or calendar.problem is not None or (left_out and left_out != calendar.left_out):
        body = views.calendar_news(
            agency,
            reading,
            undecided if new else [],
            works_again=calendar.problem is not None,
            left_out=left_out != (calendar.left_out or ""),
        )
        _notify(session, calendar, agency, body, now, facilitators=bool(new))
    if calendar.kind is CalendarKind.ADDRESS:
        calendar.good_at, calendar.problem, calendar.left_out = now, None, left_out or None
        calendar.next_at, calendar.attempts = now + READ_EVERY, 0


def _store_problem(session: Session, calendar: ClosureCalendar, problem: Unreadable, now: datetime) -> None:
    """Notify people once of a problem. Keep a calendar that was read before, and forget one that never was."""
    agency = session.get_one(Agency, calendar.agency_id)
    kept = calendar.good_at is not None
    if calendar.problem is None:
        body = views.calendar_unreadable(agency.name, calendar.name, problem.sentence, kept=kept, agency_id=agency.id)
        _notify(session, calendar, agency, body, now)
    if kept:
        calendar.problem = problem.sentence[:400]
        calendar.next_at, calendar.attempts = now + READ_EVERY, 0
    else:
        closures.delete_calendar(session, calendar)


def _notify(
    session: Session,
    calendar: ClosureCalendar,
    agency: Agency,
    body: dict[str, object],
    now: datetime,
    *,
    facilitators: bool = False,
) -> None:
    """Notify the person who added the calendar. Notify the facilitators too when that person has left, or if asked."""
    asker = session.get_one(Member, calendar.asked_by)
    recipients = {asker.id: asker} if asker.left_at is None else {}
    if facilitators or not recipients:
        recipients |= {member.id: member for member in members.facilitators(session, agency.consortium_id)}
    for member in recipients.values():
        queue_direct_message(session, calendar.team_id, member, body, f"what the calendar of {agency.name} says", now)
