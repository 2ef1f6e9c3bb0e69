"""Reading the calendars that are due: the network and the reading stand outside of transactions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from handlers.holidays import views
from handlers.holidays.rules import ics
from handlers.kit import dates
from handlers.kit.fetch import Fetch, Unreachable, Unreadable
from handlers.kit.notices.messages import tell
from storage import closures, members
from storage.agencies import Agency
from storage.closures import Calendar
from storage.consortia import Consortium
from storage.database import Database
from storage.members import Member
from storage.vocabulary import CalendarKind, ClosureSource, Days

log = structlog.get_logger()

EVERY = timedelta(days=7)
MOST_KEPT = 5_000
FULL = "So many days are kept of this agency already that there is no room for more. Take some away first."
PATIENCE = (timedelta(minutes=1), timedelta(minutes=10))
"""After so long what could not be reached is tried again, before anybody is told."""


@dataclass(frozen=True)
class _Read:
    """What came of reading a calendar: days, or why there are none."""

    days: Sequence[Days] = ()
    problem: Unreadable | None = None


def sweep(db: Database, fetch: Fetch, now: datetime) -> None:
    """Read the calendar that has waited longest: one at each tick, so that a slow server holds up little else."""
    with db.read() as session:
        due = closures.due(session, now)
        if due is None:
            return
        agency = session.get_one(Agency, due.agency_id)
        ended, today = agency.ended_at is not None, _today(session, agency, now)
    outcome = _Read() if ended else _read(fetch, due, today)
    with db.begin() as session:
        calendar = closures.lock_calendar(session, due.id)
        if calendar is None or (calendar.url, calendar.next_at) != (due.url, due.next_at):
            # somebody gave another address meanwhile, or another worker was quicker
            return
        if ended:
            closures.forget(session, calendar)
        elif isinstance(outcome.problem, Unreachable) and calendar.attempts < len(PATIENCE):
            calendar.next_at = now + PATIENCE[calendar.attempts]
            calendar.attempts += 1
        elif outcome.problem is not None:
            _failed(session, calendar, outcome.problem, now)
        else:
            _took(session, calendar, outcome.days, today, now)


next_due = closures.next_due


def _today(session: Session, agency: Agency, now: datetime) -> date:
    return dates.today(now, session.get_one(Consortium, agency.consortium_id).zone)


def _read(fetch: Fetch, calendar: Calendar, today: date) -> _Read:
    try:
        if calendar.kind is CalendarKind.FILE:
            content = fetch.file(calendar.team_id, calendar.url)
        else:
            content = fetch.address(calendar.url)
        return _Read(ics.closed(content, today))
    except Unreadable as problem:
        return _Read(problem=problem)
    except Exception:
        # whatever a stranger's file does to us, it is not to be read again every few seconds
        log.exception("calendar not read", feature="calendars")
        return _Read(problem=Unreadable(ics.BROKEN))


def _took(session: Session, calendar: Calendar, days: Sequence[Days], today: date, now: datetime) -> None:
    """Keep what was found; who asked is told the first time, and when it works again."""
    agency = session.get_one(Agency, calendar.agency_id)
    if calendar.kind is CalendarKind.FILE and closures.count(session, agency.id) + len(days) > MOST_KEPT:
        _failed(session, calendar, Unreadable(FULL), now)
        return
    if calendar.kind is CalendarKind.FILE:
        closures.add(session, agency.id, ClosureSource.FILE, days)
        closures.forget(session, calendar)
    else:
        closures.replace(session, agency.id, days, today)
    if calendar.good_at is None:
        body = views.read(agency.name, days, today, today + ics.WINDOW, agency.id)
        _tell(session, calendar, agency, body, now)
    elif calendar.problem is not None:
        _tell(session, calendar, agency, views.again(agency.name, days, agency.id), now)
    if calendar.kind is CalendarKind.ADDRESS:
        calendar.good_at, calendar.problem = now, None
        calendar.next_at, calendar.attempts = now + EVERY, 0


def _failed(session: Session, calendar: Calendar, problem: Unreadable, now: datetime) -> None:
    """Tell once why it was not read. What was read before stays, and is tried again; what never was, is dropped."""
    agency = session.get_one(Agency, calendar.agency_id)
    kept = calendar.good_at is not None
    if calendar.problem is None:
        body = views.unread(agency.name, calendar.name, problem.sentence, kept=kept, agency_id=agency.id)
        _tell(session, calendar, agency, body, now)
    if kept:
        calendar.problem = problem.sentence[:400]
        calendar.next_at, calendar.attempts = now + EVERY, 0
    else:
        closures.forget(session, calendar)


def _tell(session: Session, calendar: Calendar, agency: Agency, body: dict[str, object], now: datetime) -> None:
    """Tell who asked, or the facilitators where that person has left."""
    asker = session.get_one(Member, calendar.asked_by)
    listeners = [asker] if asker.left_at is None else members.facilitators(session, agency.consortium_id)
    for member in listeners:
        tell(session, calendar.team_id, member, body, f"what the calendar of {agency.name} says", now)
