"""Buttons and the form of closed days."""

from typing import Any

from sqlalchemy.orm import Session

from handlers.holidays import calendars, closed_days, forms, parsing, titles, views
from handlers.holidays.titles import Answer
from handlers.kit import block_kit, command_text
from handlers.kit.callers import Caller
from handlers.kit.lists import paginate
from handlers.kit.payload import parsed
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape
from storage import audit, closures
from storage.agencies import Agency
from storage.vocabulary import CalendarTitleId


def press_list(request: SlackRequest) -> None:
    """Show the first page of the list, or turn to another."""
    request.show_window("closed_days", request.value)


def render_list(request: SlackRequest, value: str) -> dict[str, Any]:
    """Render one page of an agency's closed days. The value names the agency and the page."""
    agency_value, _, number = value.partition("|")
    with request.read() as (session, caller):
        if agency_value == closed_days.OWN:
            blocks = closed_days.choice_blocks(session, caller, request.now)
        else:
            agency = closed_days.chosen_agency(session, caller, agency_value)
            blocks = closed_days.list_blocks(session, caller, agency, command_text.parse_row_id(number), request.now)
    return block_kit.info_form("Closed days", blocks)


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
    request.show_result(sentence)


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
    request.show_result(f"I have stopped reading the calendar at {escape(host)} and removed its coming days.")


def press_decide(request: SlackRequest) -> None:
    """Decide about the undecided titles that the message listed."""
    agency_value, _, newest = request.value.partition("|")
    answer = parsed(Answer, str(request.action["action_id"]).rpartition(".")[2], "action_id")
    with request.begin() as (session, caller):
        agency = closed_days.chosen_agency(session, caller, agency_value)
        closed_days.check_may_change(session, caller, agency)
        sentence = titles.answer_question(
            session, caller, agency, answer, command_text.parse_row_id(newest), request.now
        )
    request.show_result(sentence)


def press_titles(request: SlackRequest) -> None:
    """Open the form that asks which titles of calendars close an agency."""
    with request.read() as (session, caller):
        agency = closed_days.chosen_agency(session, caller, request.value)
        closed_days.check_may_change(session, caller, agency)
        listed = titles.coming(session, caller, agency, request.now)
        view = forms.calendar_titles(request.origin, agency, paginate(listed, 0))
    request.open_form(view)


def turn_titles(request: SlackRequest) -> None:
    """Keep the ticks of a page of that form, and show another."""
    with request.begin() as (session, caller):
        agency, _ = _save_titles(request, session, caller)
        listed = titles.coming(session, caller, agency, request.now)
        metadata = {key: value for key, value in request.metadata.items() if key not in forms.OF_A_PAGE}
        view = forms.calendar_titles(metadata, agency, paginate(listed, command_text.parse_row_id(request.value)))
    request.replace_form(view)


def submit_titles(request: SlackRequest) -> None:
    """Store the ticks of the page, and tell what is closed now."""
    with request.begin() as (session, caller):
        _, sentence = _save_titles(request, session, caller)
    request.show_result(sentence)


def _save_titles(request: SlackRequest, session: Session, caller: Caller) -> tuple[Agency, str]:
    agency = closed_days.chosen_agency(session, caller, str(request.metadata.get("agency", "")))
    closed_days.check_may_change(session, caller, agency)
    shown = [CalendarTitleId(number) for number in request.metadata.numbers("titles")]
    ticked = [CalendarTitleId(number) for number in request.selected_numbers(f"titles{request.metadata['page']}")]
    before = [CalendarTitleId(number) for number in request.metadata.numbers("ticked")]
    return agency, titles.save_page(session, caller, agency, titles.Page(shown, before, ticked), request.now)
