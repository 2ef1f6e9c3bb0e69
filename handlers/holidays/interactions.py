"""The form for closed days, which takes a calendar too."""

from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from handlers.holidays import commands, views
from handlers.holidays.commands import _listed, check_may, chosen
from handlers.holidays.rules import ics, ranges
from handlers.kit import dates
from handlers.kit.callers import Caller
from handlers.kit.fetch import Unreadable
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.kit.text import clean, cut, escape
from storage import audit, closures
from storage.agencies import Agency
from storage.closures import LABEL, Calendar, Days
from storage.vocabulary import CalendarKind

MOST_FILES = 5


def press_form(ask: Ask) -> None:
    """Open the form."""
    with ask.look() as (session, caller):
        agency = commands.chosen(session, caller, ask.value)
        commands.check_may(session, caller, agency)
        view = views.form(ask.origin, agency, closures.calendar_of(session, agency.id))
    ask.open(view)


def submit(ask: Ask) -> None:
    """Keep the days of the form; what is to be read is read a moment later."""
    address, file = _address(ask), _file(ask)
    with ask.begin() as (session, caller):
        agency = commands.chosen(session, caller, str(ask.carry.get("agency", "")))
        commands.check_may(session, caller, agency)
        stretches = _stretches(ask, caller)
        if not (stretches or address or file):
            raise Refusal("Choose a day, or give a calendar's address or its file.", field="first")
        if stretches:
            commands.keep(session, caller, agency, stretches, ask)
        if address:
            _read_address(session, caller, agency, address, ask)
        if file:
            _read_file(session, caller, agency, file, ask)
    said = f"{escape(agency.name)} is closed {views.said(stretches)}. " if stretches else ""
    if address or file:
        said += f"I am reading the calendar for {escape(agency.name)} now and tell you what I find."
    ask.done(said)


def _stretches(ask: Ask, caller: Caller) -> list[Days]:
    first, last = ask.chosen("first"), ask.chosen("last")
    if not first and not last:
        return []
    if not first:
        raise Refusal("Choose the first day too.", field="first")
    begins = dates.read_any_day(first, ask.now, caller.zone)
    ends = dates.read_any_day(last, ask.now, caller.zone) if last else begins
    ranges.check(begins, ends, dates.today(ask.now, caller.zone), ("first", "last" if last else None))
    return [Days(begins, ends, clean(ask.written("label")))]


def _address(ask: Ask) -> str:
    typed = ask.written("address")
    if not typed:
        return ""
    try:
        return ask.deps.fetch.check(typed)
    except Unreadable as problem:
        raise Refusal(problem.sentence, field="address") from None


def _file(ask: Ask) -> dict[str, Any] | None:
    given = ask.files("file")
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


def _read_address(session: Session, caller: Caller, agency: Agency, address: str, ask: Ask) -> None:
    """Note that an address is to be read; another takes the place of the one before."""
    before = closures.calendar_of(session, agency.id)
    if before is not None:
        closures.forget(session, before)
    host = cut(urlsplit(address).hostname or "", LABEL)
    _note(session, caller, agency, ask, kind=CalendarKind.ADDRESS, url=address, name=host)


def _read_file(session: Session, caller: Caller, agency: Agency, file: dict[str, Any], ask: Ask) -> None:
    if closures.waiting_files(session, agency.id) >= MOST_FILES:
        raise Refusal("Some files are still being read. Try again in a minute.", field="file")
    name = cut(clean(str(file["name"])), LABEL)
    _note(session, caller, agency, ask, kind=CalendarKind.FILE, url=str(file["url_private"])[:2000], name=name)


def _note(
    session: Session, caller: Caller, agency: Agency, ask: Ask, *, kind: CalendarKind, url: str, name: str
) -> None:
    session.add(
        Calendar(
            agency_id=agency.id,
            kind=kind,
            team_id=ask.workspace,
            url=url,
            name=name,
            asked_by=caller.person.id,
            next_at=ask.now,
        )
    )
    audit.note(session, caller.consortium.id, caller.person.id, "gave a calendar", f"agency {agency.name}", ask.now)


def press_list(ask: Ask) -> None:
    """Show the list, or another page of it."""
    which, _, number = ask.value.partition("|")
    with ask.look() as (session, caller):
        agency = chosen(session, caller, which)
        blocks = _listed(session, caller, agency, int(number) if number.isdecimal() else 0, ask)
    ask.answer("The closed days.", blocks, replace=bool(number))


def press_take(ask: Ask) -> None:
    """Take one stretch of days away."""
    which, _, number = ask.value.partition("|")
    with ask.begin() as (session, caller):
        agency = chosen(session, caller, which)
        check_may(session, caller, agency)
        found = closures.find(session, agency.id, int(number) if number.isdecimal() else 0)
        if found is None:
            raise Refusal("These days were taken away already.")
        closures.take(session, found)
        audit.note(session, caller.consortium.id, caller.person.id, "opened", f"agency {agency.name}", ask.now)
        said = views.taken(agency, found)
    ask.answer(said, replace=True)


def press_stop(ask: Ask) -> None:
    """Read an agency's calendar no more; what came from it goes."""
    with ask.begin() as (session, caller):
        agency = chosen(session, caller, ask.value)
        check_may(session, caller, agency)
        calendar = closures.calendar_of(session, agency.id)
        if calendar is None:
            raise Refusal("This calendar is read no more already.")
        closures.forget(session, calendar)
        closures.take_read(session, agency.id, dates.today(ask.now, caller.zone))
        audit.note(session, caller.consortium.id, caller.person.id, "stopped reading", calendar.name, ask.now)
    ask.answer(
        f"I read the calendar at {escape(calendar.name)} no more, and the days that came from it are taken away.",
        replace=True,
    )
