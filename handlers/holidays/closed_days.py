"""Closed days of an agency: who may change them, adding, and listing. The caller's transaction is used."""

from datetime import datetime

from slack_sdk.models.blocks import Block
from sqlalchemy.orm import Session

from handlers.holidays import views
from handlers.kit import dates, lookup
from handlers.kit.callers import Caller, facilitators_to_ask, require_acts_for
from handlers.kit.lists import PAGE_SIZE, paginate
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape
from storage import agencies, audit, closures
from storage.agencies import Agency
from storage.vocabulary import ClosedDays, ClosureSource

OWN = "own"
"""The value of buttons that stand for the caller's own agency."""

MOST_WITH_TYPED = 1_000
"""The number of an agency's entries above which no more can be typed."""

MOST_WITH_FILES = 5_000
"""The number of an agency's entries above which no more can come from files."""


def find_agency(session: Session, caller: Caller, name: str) -> Agency:
    """Return the agency with this name, or the caller's own for an empty name. Raise `Refusal` without a match."""
    if not name and caller.agency is not None:
        return caller.agency
    return lookup.require_agency(session, caller, name)


def choice_blocks(session: Session, caller: Caller, now: datetime) -> list[Block]:
    """Render the list of the caller's own agency or, for somebody without one, the question whose list it should be."""
    if caller.agency is not None:
        return list_blocks(session, caller, caller.agency, 0, now)
    return views.agency_question(agencies.active(session, caller.consortium.id))


def chosen_agency(session: Session, caller: Caller, value: str) -> Agency:
    """Return the living agency that a button or form carries. Raise `Refusal` if it does not exist."""
    if value == OWN:
        return find_agency(session, caller, "")
    for agency in agencies.active(session, caller.consortium.id):
        if str(agency.id) == value:
            return agency
    raise Refusal("This agency no longer exists. `/consortium who` lists all agencies.")


def agency_of_file(session: Session, caller: Caller) -> Agency:
    """Return the agency for which a person means a calendar that names none: their own.

    Raise `Refusal`, with the command that names one, if they have none or may change several.
    """
    living = agencies.active(session, caller.consortium.id)
    own = caller.active_agency
    if own is not None and not (caller.facilitates and len(living) > 1):
        return own
    if not caller.facilitates or not living:
        to_ask = "" if caller.facilitates else f" {facilitators_to_ask(session, caller.consortium)}"
        raise Refusal(f"A calendar is for an agency, and you are in none at the moment.{to_ask}")
    example = escape((own or living[0]).name)
    raise Refusal(
        "A calendar is for one agency, and you may change several. Name the one that you mean, and its form takes the "
        f'calendar: `/consortium agency holidays "{example}"`'
    )


def check_may_change(session: Session, caller: Caller, agency: Agency) -> None:
    """Raise `Refusal` if the caller may not change an agency's closed days."""
    require_acts_for(session, caller, agency, "change its closed days")


def add_days(session: Session, caller: Caller, agency: Agency, added: list[ClosedDays], now: datetime) -> None:
    """Store typed or chosen days. Raise `Refusal` if the agency has too many entries."""
    if closures.count(session, agency.id) + len(added) > MOST_WITH_TYPED:
        raise Refusal(f"{escape(agency.name)} can have {MOST_WITH_TYPED:,} entries of closed days. Remove some first.")
    closures.add(session, agency.id, ClosureSource.TYPED, added)
    audit.record(session, caller.consortium.id, caller.person.id, "closed", f"agency {agency.name}", now)


def list_blocks(session: Session, caller: Caller, agency: Agency, number: int, now: datetime) -> list[Block]:
    """Render one page of an agency's closed days, with the buttons for people who may change them."""
    coming = closures.list_coming(session, agency.id, dates.today(now, caller.zone))
    calendar = closures.find_calendar(session, agency.id)
    titles = closures.coming_titles(session, agency.id, dates.today(now, caller.zone))
    page = paginate(coming, number, PAGE_SIZE)
    return views.closed_days_list(agency, page, calendar, titles, may_change=caller.acts_for(agency))
