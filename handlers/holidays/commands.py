"""When an agency is closed: typed, listed and taken away; see the form for calendars."""

from typing import Any

from sqlalchemy.orm import Session

from handlers.holidays import views
from handlers.holidays.rules import ranges
from handlers.kit import dates, lookup
from handlers.kit.callers import Caller, ask_whom
from handlers.kit.command_text import Typed
from handlers.kit.lists import SIZE, page
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import clean, cut, escape
from storage import agencies, audit, closures
from storage.agencies import Agency
from storage.vocabulary import LABEL, ClosureSource, Days

MOST_KEPT = 1_000
OWN = "own"


# typing ------------------------------------------------------------------------------------------------


def holidays(request: SlackRequest, typed: Typed) -> None:
    """List an agency's closed days, or add those that were typed."""
    name, days, label = _parts(typed)
    if not days:
        _show_days(request, name, 0, replace=False)
        return
    with request.begin() as (session, caller):
        agency = _own(session, caller, name)
        stretches = [Days(d.first, d.last, label) for d in ranges.read(days, request.now, caller.zone)]
        keep_days(session, caller, agency, stretches, request)
    request.done(f"{escape(agency.name)} is closed {views.said(stretches)}. {_HOW_TO_SEE}")


_HOW_TO_SEE = "`/consortium agency holidays` lists what is known of your agency."


def _parts(typed: Typed) -> tuple[str, str, str]:
    """Split what was typed into the agency's name, the days, and what they are called."""
    rest = typed.words[2:]
    if rest and rest[0].quoted:
        name, rest = rest[0].text, rest[1:]
    else:
        begins = next((i for i, word in enumerate(rest) if word.quoted or ranges.is_date(word.text)), len(rest))
        name, rest = " ".join(word.text for word in rest[:begins]), rest[begins:]
    days = " ".join(word.text for word in rest if not word.quoted)
    quoted = [word.text for word in rest if word.quoted]
    if not days and quoted:
        days = quoted.pop(0)
    return name, days, cut(clean(" ".join(quoted)), LABEL)


def _find_agency(session: Session, caller: Caller, name: str) -> Agency:
    """Find the agency that was named, or the speaker's own where none was. Raises Refusal."""
    if not name and caller.agency is not None:
        return caller.agency
    return lookup.agency(session, caller, name)


def may_change(caller: Caller, agency: Agency) -> bool:
    """Return whether the caller may change an agency's closed days."""
    return caller.facilitates or caller.person.agency_id == agency.id


def _own(session: Session, caller: Caller, name: str) -> Agency:
    """Find an agency whose closed days the caller may change. Raises Refusal."""
    agency = _find_agency(session, caller, name)
    check_may(session, caller, agency)
    return agency


def check_may(session: Session, caller: Caller, agency: Agency) -> None:
    """Check that the caller may say when an agency is closed. Raises Refusal."""
    if not may_change(caller, agency):
        raise Refusal(
            f"{escape(agency.name)} says itself when it is closed, or a facilitator does. "
            f"{ask_whom(session, caller.consortium)}"
        )


def keep_days(session: Session, caller: Caller, agency: Agency, stretches: list[Days], request: SlackRequest) -> None:
    """Keep days that were typed or chosen. Raises Refusal."""
    if closures.count(session, agency.id) + len(stretches) > MOST_KEPT:
        raise Refusal(f"There are {MOST_KEPT:,} entries for {escape(agency.name)} already. Take some away first.")
    closures.add(session, agency.id, ClosureSource.TYPED, stretches)
    audit.note(session, caller.consortium.id, caller.person.id, "closed", f"agency {agency.name}", request.now)


# the list ----------------------------------------------------------------------------------------------


def _show_days(request: SlackRequest, name: str, number: int, *, replace: bool) -> None:
    with request.look() as (session, caller):
        blocks = listed_days(session, caller, _find_agency(session, caller, name), number, request)
    request.answer("The closed days.", blocks, replace=replace)


def listed_days(session: Session, caller: Caller, agency: Agency, number: int, request: SlackRequest) -> list[Any]:
    """Show one page of an agency's closed days."""
    known = closures.coming(session, agency.id, dates.today(request.now, caller.zone))
    calendar = closures.calendar_of(session, agency.id)
    return views.listing(agency, page(known, number, SIZE), calendar, may=may_change(caller, agency))


def chosen_agency(session: Session, caller: Caller, value: str) -> Agency:
    """Find the living agency that a button or form stands for; `own` is the caller's. Raises Refusal."""
    if value == OWN:
        return _find_agency(session, caller, "")
    for agency in agencies.living(session, caller.consortium.id):
        if str(agency.id) == value:
            return agency
    raise Refusal("This agency is not there any more. `/consortium who` lists those that are.")
