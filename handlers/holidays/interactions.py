"""Buttons and the form of closed days."""

from handlers.holidays import calendars, closed_days, forms, parsing, views
from handlers.kit import command_text
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape
from storage import audit, closures


def press_list(request: SlackRequest) -> None:
    """Show the first page of the list, or turn to another."""
    agency_value, _, number = request.value.partition("|")
    with request.read() as (session, caller):
        agency = closed_days.chosen_agency(session, caller, agency_value)
        blocks = closed_days.list_blocks(session, caller, agency, command_text.parse_row_id(number), request.now)
    request.answer("Closed days.", blocks, replace=bool(number))


def press_remove(request: SlackRequest) -> None:
    """Remove one entry of closed days."""
    agency_value, _, number = request.value.partition("|")
    with request.begin() as (session, caller):
        agency = closed_days.chosen_agency(session, caller, agency_value)
        closed_days.check_may_change(session, caller, agency)
        closure = closures.find(session, agency.id, command_text.parse_row_id(number))
        if closure is None:
            raise Refusal("These days have already been removed.")
        closures.delete_closure(session, closure)
        audit.record(session, caller.consortium.id, caller.person.id, "opened", f"agency {agency.name}", request.now)
        sentence = views.days_removed(agency, closure)
    request.answer(sentence, replace=True)


def press_form(request: SlackRequest) -> None:
    """Open the form for days and calendars."""
    with request.read() as (session, caller):
        agency = closed_days.chosen_agency(session, caller, request.value)
        closed_days.check_may_change(session, caller, agency)
        view = forms.closed_days(request.origin, agency, closures.find_calendar(session, agency.id))
    request.open_form(view)


def submit_form(request: SlackRequest) -> None:
    """Store the days of the form; a job reads the calendar soon after."""
    address, file = parsing.form_address(request), parsing.form_file(request)
    with request.begin() as (session, caller):
        agency = closed_days.chosen_agency(session, caller, str(request.metadata.get("agency", "")))
        closed_days.check_may_change(session, caller, agency)
        added = parsing.form_days(request, caller)
        if not (added or address or file):
            raise Refusal("Choose a day, or add the address or file of a calendar.", field="first")
        if added:
            closed_days.add_days(session, caller, agency, added, request.now)
        if address:
            calendars.add_address(session, caller, agency, address, request)
        if file:
            calendars.add_file(session, caller, agency, file, request)
    sentences = [views.days_added(agency.name, added)] if added else []
    if address or file:
        sentences.append(f"I am reading the calendar for {escape(agency.name)} now and will tell you what I find.")
    request.show_result(" ".join(sentences))


def press_stop(request: SlackRequest) -> None:
    """Stop reading an agency's calendar, and remove the days that came from it."""
    with request.begin() as (session, caller):
        agency = closed_days.chosen_agency(session, caller, request.value)
        closed_days.check_may_change(session, caller, agency)
        host = calendars.stop_reading(session, caller, agency, request)
    request.answer(f"I have stopped reading the calendar at {escape(host)} and removed its coming days.", replace=True)
