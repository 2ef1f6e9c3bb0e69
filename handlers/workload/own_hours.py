"""The hours a month that members set aside, and whether they offer to take on more work."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit import command_text
from handlers.kit import hours as kit_hours
from handlers.kit.callers import Caller
from handlers.kit.hours import format_effort
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, truncate
from handlers.load import rooms
from storage import load

HOURS_EXAMPLE = "`/workload hours 8`"
ROOM_EXAMPLE = "`/workload room yes`"
PRIVATE = (
    "No list shows your hours, and people who offer you work do not see them. Facilitators are told only if your load "
    "exceeds them. If you offer to take on more, I name you to people who have too much and to facilitators. They can "
    "tell whether you have room for at least 4 or at least 8 hours, but not how much."
)
_YES_OR_NO = {"yes": True, "y": True, "on": True, "no": False, "n": False, "off": False}


def typed_hours(text: str) -> float | None:
    """Parse the hours after `/workload hours`; None for the default. Raise Refusal if they cannot be read."""
    if text.casefold() in {*command_text.WORDS_FOR_NONE, "default", "usual"}:
        return None
    return kit_hours.parse_quarter_hours(text, HOURS_EXAMPLE, least=0)


def submitted_hours(text: str) -> float | None:
    """Parse the hours in the form; None for the default. Raise Refusal at the field."""
    return kit_hours.parse_quarter_hours(text, "8", "hours", least=0) if text else None


def typed_offer(text: str) -> bool:
    """Parse the word after `/workload room`. Raise Refusal if it is neither yes nor no."""
    if text.casefold() not in _YES_OR_NO:
        shown = escape(truncate(text, 40))
        raise Refusal(f"I do not understand “{shown}”. Type `yes` or `no`. For example: {ROOM_EXAMPLE}")
    return _YES_OR_NO[text.casefold()]


def saved_answer(session: Session, caller: Caller, now: datetime) -> str:
    """Have the load checked again after a change, work out the caller's room, and return what is stored now."""
    load.schedule_check(session, caller.consortium.id, now)
    rooms.work_out(session, caller.consortium, [caller.person], now)
    person, default = caller.person, caller.consortium.hours_a_month
    if person.hours_a_month is None:
        hours = f"The default of {format_effort(default)} a month applies to you"
    else:
        hours = f"You have set aside {format_effort(person.hours_a_month)} a month"
    offer = "you offered to take on more work" if person.may_be_asked else "you have not offered to take on more work"
    return f"{hours}, and {offer}. {PRIVATE}"
