"""What one person has for the consortium a month, and whether others' work may be offered to them."""

from typing import Any

from slack_sdk.models.blocks import Block, NumberInputElement, RadioButtonsElement
from sqlalchemy.orm import Session

from handlers.kit import block_kit, command_text
from handlers.kit import hours as kit_hours
from handlers.kit.block_kit import section
from handlers.kit.callers import Caller
from handlers.kit.command_text import Typed
from handlers.kit.hours import effort
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.kit.text import cut, escape
from storage import load
from storage.members import Member

HOURS = "`/workload hours 8`"
ROOM = "`/workload room yes`"
PRIVATE = (
    "No list names your hours, and whoever offers you work does not learn them; facilitators hear only if you carry "
    "more. If you may be asked, I name you, without numbers, to those who have too much and to facilitators."
)
_ROOM = {"yes": True, "y": True, "on": True, "no": False, "n": False, "off": False}


def hours(ask: Ask, typed: Typed) -> None:
    """Note how many hours a month the speaker has; alone it opens the form."""
    if len(typed.words) == 1 and not typed.options:
        press_form(ask)
        return
    with ask.look():
        pass
    command_text.check_options(typed, (), HOURS)
    said = typed.after(1)
    found = None if said.casefold() in {*command_text.NOTHING, "default", "usual"} else _read(said, HOURS, None)
    with ask.begin() as (session, caller):
        caller.person.hours_a_month = found
        answer = _said(session, caller, ask)
    ask.done(answer, block_kit.button("Change it", "load.hours"))


def _read(typed: str, example: str, field: str | None) -> float:
    return kit_hours.quarter_hours(typed, example, field, least=0)


def room(ask: Ask, typed: Typed) -> None:
    """Note whether the speaker may be asked to take work over; alone it opens the form."""
    if len(typed.words) == 1 and not typed.options:
        press_form(ask)
        return
    with ask.look():
        pass
    command_text.check_options(typed, (), ROOM)
    said = typed.after(1).casefold()
    if said not in _ROOM:
        raise Refusal(f"I read “{escape(cut(typed.after(1), 40))}”; say `yes` or `no`. For example: {ROOM}")
    with ask.begin() as (session, caller):
        caller.person.may_be_asked = _ROOM[said]
        answer = _said(session, caller, ask)
    ask.done(answer, block_kit.button("Change it", "load.hours"))


def _said(session: Session, caller: Caller, ask: Ask) -> str:
    load.touch(session, caller.consortium.id, ask.now)
    person, usual = caller.person, caller.consortium.hours_a_month
    known = effort(usual if person.hours_a_month is None else person.hours_a_month)
    usually = ", as is usual here," if person.hours_a_month is None else ""
    asked = "may be asked to take work over" if person.may_be_asked else "are not asked to take work over"
    return f"You have about {known} a month for the consortium{usually or ','} and {asked}. {PRIVATE}"


def press_form(ask: Ask) -> None:
    """Open the form with both."""
    with ask.look() as (_, caller):
        view = form(ask.origin, caller.person, caller.consortium.hours_a_month)
    ask.open(view)


def submit(ask: Ask) -> None:
    """Keep both as the form says."""
    typed = ask.written("hours")
    found = _read(typed, "8", "hours") if typed else None
    with ask.begin() as (session, caller):
        caller.person.hours_a_month = found
        caller.person.may_be_asked = ask.chosen("room") == "yes"
        said = _said(session, caller, ask)
    ask.done(said)


def form(carry: dict[str, Any], person: Member, usual: float) -> dict[str, Any]:
    """Draw the form with a person's hours and room."""
    number = NumberInputElement(
        action_id="value",
        is_decimal_allowed=True,
        min_value="0",
        max_value=f"{kit_hours.MOST_HOURS_A_MONTH:g}",
        initial_value=f"{person.hours_a_month:g}" if person.hours_a_month is not None else None,
    )
    choices = [block_kit.choice("Yes, I may be asked", "yes"), block_kit.choice("No, not now", "no")]
    chosen = RadioButtonsElement(
        action_id="value", options=choices, initial_option=choices[0 if person.may_be_asked else 1]
    )
    hint = (
        f"Leave it empty for what is usual here, {effort(usual)}. Tasks due in 30 days and roles are compared with it."
    )
    fields: list[Block] = [
        section(PRIVATE),
        block_kit.field("hours", "About how many hours a month you have", number, optional=True, hint=hint),
        block_kit.field("room", "May you be asked to take work over from somebody who has too much?", chosen),
    ]
    return block_kit.form("My hours", "load.hours", fields, carry=carry)
