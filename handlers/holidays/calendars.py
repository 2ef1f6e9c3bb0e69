"""Calendars of an agency: storing an address or a file for the next reading, and stopping."""

from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from handlers.kit import dates
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import sanitize, truncate
from storage import audit, closures
from storage.agencies import Agency
from storage.closures import ClosureCalendar
from storage.vocabulary import LONGEST_LABEL, CalendarKind

MOST_FILES = 5
"""The number of an agency's files that can wait to be read."""


def add_address(session: Session, caller: Caller, agency: Agency, address: str, request: SlackRequest) -> None:
    """Store a calendar address to read; it replaces the agency's previous one."""
    previous = closures.find_calendar(session, agency.id)
    if previous is not None:
        closures.delete_calendar(session, previous)
    host = truncate(urlsplit(address).hostname or "", LONGEST_LABEL)
    _add(session, caller, agency, request, kind=CalendarKind.ADDRESS, url=address, name=host)


def add_file(session: Session, caller: Caller, agency: Agency, file: dict[str, Any], request: SlackRequest) -> None:
    """Store a calendar file to read. Raise `Refusal` if too many files are waiting."""
    if closures.count_unread_files(session, agency.id) >= MOST_FILES:
        raise Refusal("I am still reading other files. Try again in a minute.", field="file")
    name = truncate(sanitize(str(file["name"])), LONGEST_LABEL)
    _add(session, caller, agency, request, kind=CalendarKind.FILE, url=str(file["url_private"])[:2000], name=name)


def _add(
    session: Session, caller: Caller, agency: Agency, request: SlackRequest, *, kind: CalendarKind, url: str, name: str
) -> None:
    session.add(
        ClosureCalendar(
            agency_id=agency.id,
            kind=kind,
            team_id=request.workspace,
            url=url,
            name=name,
            asked_by=caller.person.id,
            next_at=request.now,
        )
    )
    audit.record(
        session, caller.consortium.id, caller.person.id, "gave a calendar", f"agency {agency.name}", request.now
    )


def stop_reading(session: Session, caller: Caller, agency: Agency, request: SlackRequest) -> str:
    """Forget an agency's calendar address and its coming days; return the host. Raise `Refusal` without an address."""
    calendar = closures.find_calendar(session, agency.id)
    if calendar is None:
        raise Refusal("I have already stopped reading this calendar.")
    closures.delete_calendar(session, calendar)
    closures.delete_from_calendar(session, agency.id, dates.today(request.now, caller.zone))
    audit.record(session, caller.consortium.id, caller.person.id, "stopped reading", calendar.name, request.now)
    return calendar.name
