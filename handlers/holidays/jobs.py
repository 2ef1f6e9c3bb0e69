"""Scheduled work: reading the calendars that are due, outside of transactions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from handlers.holidays import closed_days, views
from handlers.holidays.rules import ics
from handlers.kit import dates
from handlers.kit.fetch import DownloadFailed, Fetch, Unreadable
from handlers.kit.notices.messages import queue_direct_message
from storage import closures, members
from storage.agencies import Agency
from storage.closures import ClosureCalendar
from storage.consortia import Consortium
from storage.database import Database
from storage.members import Member
from storage.vocabulary import CalendarKind, ClosedDays, ClosureSource

log = structlog.get_logger()

READ_EVERY = timedelta(days=7)
FULL = "This agency has no room for more closed days. Remove some first."
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=10))
"""The waiting times before a calendar that cannot be reached is tried again; after the last, people are told."""


@dataclass(frozen=True)
class _Reading:
    """The result of reading a calendar: its days, or the problem."""

    days: Sequence[ClosedDays] = ()
    problem: Unreadable | None = None


def sweep(db: Database, fetch: Fetch, now: datetime) -> None:
    """Read the calendar that has waited longest: one at a time, so that a slow server delays little else."""
    with db.read() as session:
        due = closures.find_due_calendar(session, now)
        if due is None:
            return
        agency = session.get_one(Agency, due.agency_id)
        ended, today = agency.ended_at is not None, _today(session, agency, now)
    reading = _Reading() if ended else _read(fetch, due, today)
    with db.begin() as session:
        calendar = closures.lock_calendar(session, due.id)
        if calendar is None or (calendar.url, calendar.next_at) != (due.url, due.next_at):
            # the address was replaced meanwhile, or another worker was faster
            return
        if ended:
            closures.delete_calendar(session, calendar)
        elif isinstance(reading.problem, DownloadFailed) and calendar.attempts < len(RETRY_AFTER):
            calendar.next_at = now + RETRY_AFTER[calendar.attempts]
            calendar.attempts += 1
        elif reading.problem is not None:
            _store_problem(session, calendar, reading.problem, now)
        else:
            _store_days(session, calendar, reading.days, today, now)


next_due = closures.next_due


def _today(session: Session, agency: Agency, now: datetime) -> date:
    return dates.today(now, session.get_one(Consortium, agency.consortium_id).zone)


def _read(fetch: Fetch, calendar: ClosureCalendar, today: date) -> _Reading:
    try:
        if calendar.kind is CalendarKind.FILE:
            content = fetch.file(calendar.team_id, calendar.url)
        else:
            content = fetch.address(calendar.url)
        return _Reading(ics.closed(content, today))
    except Unreadable as problem:
        return _Reading(problem=problem)
    except Exception:
        # a stranger's file may cause any error, and must not be read again every few seconds
        log.exception("calendar not read", feature="calendars")
        return _Reading(problem=Unreadable(ics.BROKEN))


def _store_days(
    session: Session, calendar: ClosureCalendar, days: Sequence[ClosedDays], today: date, now: datetime
) -> None:
    """Store the days of a calendar; notify people the first time, and when it works again."""
    agency = session.get_one(Agency, calendar.agency_id)
    if (
        calendar.kind is CalendarKind.FILE
        and closures.count(session, agency.id) + len(days) > closed_days.MOST_WITH_FILES
    ):
        _store_problem(session, calendar, Unreadable(FULL), now)
        return
    if calendar.kind is CalendarKind.FILE:
        closures.add(session, agency.id, ClosureSource.FILE, days)
        closures.delete_calendar(session, calendar)
    else:
        closures.replace_from_calendar(session, agency.id, days, today)
    if calendar.good_at is None:
        body = views.calendar_read(agency.name, days, today, today + ics.WINDOW, agency.id)
        _notify(session, calendar, agency, body, now)
    elif calendar.problem is not None:
        _notify(session, calendar, agency, views.calendar_works_again(agency.name, days, agency.id), now)
    if calendar.kind is CalendarKind.ADDRESS:
        calendar.good_at, calendar.problem = now, None
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
    session: Session, calendar: ClosureCalendar, agency: Agency, body: dict[str, object], now: datetime
) -> None:
    """Notify the person who added the calendar, or the facilitators when that person has left."""
    asker = session.get_one(Member, calendar.asked_by)
    recipients = [asker] if asker.left_at is None else members.facilitators(session, agency.consortium_id)
    for member in recipients:
        queue_direct_message(session, calendar.team_id, member, body, f"what the calendar of {agency.name} says", now)
