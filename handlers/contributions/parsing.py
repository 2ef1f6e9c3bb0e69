"""Typed days and agencies of a record, parsed into plain values."""

from datetime import date

from sqlalchemy.orm import Session

from handlers.contributions import rules
from handlers.kit import dates, lookup
from handlers.kit.callers import Caller, ask_whom
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape
from storage.agencies import Agency


def past_day(typed: str | None, request: SlackRequest, caller: Caller, example: str, field: str | None = None) -> date:
    """Read the day on which something was given or paid; today where nothing was said. Raises Refusal."""
    today = dates.today(request.now, caller.zone)
    if not typed:
        return today
    try:
        on = dates.read_any_day(typed, request.now, caller.zone)
    except (Refusal, OverflowError) as refusal:
        said = refusal.sentence if isinstance(refusal, Refusal) else "That day is too far away."
        raise Refusal(f"{said} For example: {example}", field=field) from None
    return rules.past_day(on, today, example, field)


def agency(session: Session, caller: Caller, typed: str | None, example: str) -> Agency:
    """Find the agency that was named, or the speaker's own, for which they may record. Raises Refusal."""
    if typed is None:
        if caller.agency is None or caller.agency.ended_at is not None:
            raise Refusal(f'Say for which agency: `agency:"Elm Schools"`. For example: {example}')
        return caller.agency
    found = lookup.agency(session, caller, typed)
    check_may(session, caller, found)
    return found


def check_may(session: Session, caller: Caller, found: Agency, field: str | None = None) -> None:
    """Check that somebody may record for an agency: its own people, and facilitators. Raises Refusal."""
    if not may_record(caller, found):
        raise Refusal(
            f"{escape(found.name)} records itself what it gives and gains, or a facilitator does. "
            f"{ask_whom(session, caller.consortium)}",
            field=field,
        )


def may_record(caller: Caller, found: Agency) -> bool:
    """Tell whether somebody may record, and take back, what an agency gave or gained."""
    return caller.facilitates or caller.person.agency_id == found.id
