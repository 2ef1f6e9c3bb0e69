"""What one person has for the consortium a month, and whether others' work may be offered to them."""

from sqlalchemy.orm import Session

from handlers.kit import hours as kit_hours
from handlers.kit.callers import Caller
from handlers.kit.hours import effort
from handlers.kit.slack_request import SlackRequest
from storage import load

HOURS_EXAMPLE = "`/workload hours 8`"
ROOM_EXAMPLE = "`/workload room yes`"
PRIVATE = (
    "No list names your hours, and whoever offers you work does not learn them; facilitators hear only if you carry "
    "more. If you may be asked, I name you, without numbers, to those who have too much and to facilitators."
)
_ROOM = {"yes": True, "y": True, "on": True, "no": False, "n": False, "off": False}


def _read_hours(typed: str, example: str, field: str | None) -> float:
    return kit_hours.quarter_hours(typed, example, field, least=0)


def _summary(session: Session, caller: Caller, request: SlackRequest) -> str:
    load.touch(session, caller.consortium.id, request.now)
    person, usual = caller.person, caller.consortium.hours_a_month
    known = effort(usual if person.hours_a_month is None else person.hours_a_month)
    usually = ", as is usual here," if person.hours_a_month is None else ""
    asked = "may be asked to take work over" if person.may_be_asked else "are not asked to take work over"
    return f"You have about {known} a month for the consortium{usually or ','} and {asked}. {PRIVATE}"
