"""The form for closed days, which takes a calendar too."""

from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from handlers.holidays import commands, views
from handlers.holidays.commands import check_may, chosen_agency, listed_days
from handlers.holidays.rules import ics, ranges
from handlers.kit import command_text, dates
from handlers.kit.callers import Caller
from handlers.kit.fetch import Unreadable
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import clean, cut, escape
from storage import audit, closures
from storage.agencies import Agency
from storage.closures import Calendar
from storage.vocabulary import LABEL, CalendarKind, Days

MOST_FILES = 5


def press_form(request: SlackRequest) -> None:
    """Open the form."""
    with request.look() as (session, caller):
        agency = commands.chosen_agency(session, caller, request.value)
        commands.check_may(session, caller, agency)
        view = views.form(request.origin, agency, closures.calendar_of(session, agency.id))
    request.open(view)


def submit_form(request: SlackRequest) -> None:
    """Keep the days of the form; what is to be read is read a moment later."""
    address, file = _address(request), _file(request)
    with request.begin() as (session, caller):
        agency = commands.chosen_agency(session, caller, str(request.carry.get("agency", "")))
        commands.check_may(session, caller, agency)
        stretches = _stretches(request, caller)
        if not (stretches or address or file):
            raise Refusal("Choose a day, or give a calendar's address or its file.", field="first")
        if stretches:
            commands.keep_days(session, caller, agency, stretches, request)
        if address:
            _read_address(session, caller, agency, address, request)
        if file:
            _read_file(session, caller, agency, file, request)
    said = f"{escape(agency.name)} is closed {views.said(stretches)}. " if stretches else ""
    if address or file:
        said += f"I am reading the calendar for {escape(agency.name)} now and tell you what I find."
    request.done(said)


def _stretches(request: SlackRequest, caller: Caller) -> list[Days]:
    first, last = request.chosen("first"), request.chosen("last")
    if not first and not last:
        return []
    if not first:
        raise Refusal("Choose the first day too.", field="first")
    begins = dates.read_any_day(first, request.now, caller.zone)
    ends = dates.read_any_day(last, request.now, caller.zone) if last else begins
    ranges.check(begins, ends, dates.today(request.now, caller.zone), ("first", "last" if last else None))
    return [Days(begins, ends, clean(request.written("label")))]


def _address(request: SlackRequest) -> str:
    typed = request.written("address")
    if not typed:
        return ""
    try:
        return request.deps.fetch.check(typed)
    except Unreadable as problem:
        raise Refusal(problem.sentence, field="address") from None


def _file(request: SlackRequest) -> dict[str, Any] | None:
    given = request.files("file")
    if not given:
        return None
    file = given[0]
    if not str(file.get("name") or "").casefold().endswith((".ics", ".ical", ".ifb")):
        raise Refusal(ics.NO_CALENDAR, field="file")
    if int(file.get("size") or 0) > ics.MOST_BYTES:
        raise Refusal(ics.LARGE, field="file")
    if not file.get("url_private"):
        raise Refusal("Slack has not handed this file over to me. Choose it once more.", field="file")
    return file


def _read_address(session: Session, caller: Caller, agency: Agency, address: str, request: SlackRequest) -> None:
    """Note that an address is to be read; another takes the place of the one before."""
    before = closures.calendar_of(session, agency.id)
    if before is not None:
        closures.forget(session, before)
    host = cut(urlsplit(address).hostname or "", LABEL)
    _note(session, caller, agency, request, kind=CalendarKind.ADDRESS, url=address, name=host)


def _read_file(session: Session, caller: Caller, agency: Agency, file: dict[str, Any], request: SlackRequest) -> None:
    if closures.waiting_files(session, agency.id) >= MOST_FILES:
        raise Refusal("Some files are still being read. Try again in a minute.", field="file")
    name = cut(clean(str(file["name"])), LABEL)
    _note(session, caller, agency, request, kind=CalendarKind.FILE, url=str(file["url_private"])[:2000], name=name)


def _note(
    session: Session, caller: Caller, agency: Agency, request: SlackRequest, *, kind: CalendarKind, url: str, name: str
) -> None:
    session.add(
        Calendar(
            agency_id=agency.id,
            kind=kind,
            team_id=request.workspace,
            url=url,
            name=name,
            asked_by=caller.person.id,
            next_at=request.now,
        )
    )
    audit.note(session, caller.consortium.id, caller.person.id, "gave a calendar", f"agency {agency.name}", request.now)


def press_list(request: SlackRequest) -> None:
    """Show the list, or another page of it."""
    which, _, number = request.value.partition("|")
    with request.look() as (session, caller):
        agency = chosen_agency(session, caller, which)
        blocks = listed_days(session, caller, agency, command_text.row_id(number), request)
    request.answer("The closed days.", blocks, replace=bool(number))


def press_take(request: SlackRequest) -> None:
    """Take one stretch of days away."""
    which, _, number = request.value.partition("|")
    with request.begin() as (session, caller):
        agency = chosen_agency(session, caller, which)
        check_may(session, caller, agency)
        found = closures.find(session, agency.id, command_text.row_id(number))
        if found is None:
            raise Refusal("These days were taken away already.")
        closures.take(session, found)
        audit.note(session, caller.consortium.id, caller.person.id, "opened", f"agency {agency.name}", request.now)
        said = views.taken(agency, found)
    request.answer(said, replace=True)


def press_stop(request: SlackRequest) -> None:
    """Read an agency's calendar no more; what came from it goes."""
    with request.begin() as (session, caller):
        agency = chosen_agency(session, caller, request.value)
        check_may(session, caller, agency)
        calendar = closures.calendar_of(session, agency.id)
        if calendar is None:
            raise Refusal("This calendar is read no more already.")
        closures.forget(session, calendar)
        closures.take_read(session, agency.id, dates.today(request.now, caller.zone))
        audit.note(session, caller.consortium.id, caller.person.id, "stopped reading", calendar.name, request.now)
    request.answer(
        f"I read the calendar at {escape(calendar.name)} no more, and the days that came from it are taken away.",
        replace=True,
    )
