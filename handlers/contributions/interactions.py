"""Buttons, lists, and forms of contributions and gains."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from handlers.contributions import forms, parsing, records, rules, views
from handlers.contributions.views import Line
from handlers.kit import block_kit, command_text, dates, lookup
from handlers.kit.callers import Caller
from handlers.kit.lists import fetch_page
from handlers.kit.payload import parsed
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from storage import agencies, contributions
from storage.agencies import Agency
from storage.contributions import Contribution, Gain
from storage.vocabulary import AgencyId, ContributionKind

A_YEAR = timedelta(days=365)
OUTDATED = "This button is out of date. `/workload given` and `/workload gains` list all entries."


# lists -------------------------------------------------------------------------------------------------


def show_given(request: SlackRequest) -> None:
    """Show what agencies gave."""
    request.show_window("given")


def render_given(request: SlackRequest, value: str) -> dict[str, Any]:
    """Render one page of what agencies gave."""
    number = command_text.parse_row_id(value)
    with request.read() as (session, caller):
        consortium = caller.consortium
        names = agencies.all_by_id(session, consortium.id)
        year = contributions.sum_contributions(session, consortium.id, dates.today(request.now, caller.zone) - A_YEAR)
        shown = fetch_page(
            contributions.count_contributions(session, consortium.id),
            number,
            lambda at, most: [
                _line(caller, entry, names, entry.given_on)
                for entry in contributions.list_contributions(session, consortium.id, at, most)
            ],
        )
        blocks = views.given_list(shown, views.sum_texts(year, names, consortium.currency), consortium.currency)
    return block_kit.info_form("What agencies gave", blocks)


def show_gains(request: SlackRequest) -> None:
    """Show what agencies gained."""
    request.show_window("gains")


def render_gains(request: SlackRequest, value: str) -> dict[str, Any]:
    """Render one page of what agencies gained."""
    number = command_text.parse_row_id(value)
    with request.read() as (session, caller):
        consortium = caller.consortium
        names = agencies.all_by_id(session, consortium.id)
        gainers = contributions.agencies_with_gains(session, consortium.id)
        without = [agency.name for agency in agencies.active(session, consortium.id) if agency.id not in gainers]
        shown = fetch_page(
            contributions.count_gains(session, consortium.id),
            number,
            lambda at, most: [
                _line(caller, entry, names, dates.today(entry.created_at, caller.zone))
                for entry in contributions.list_gains(session, consortium.id, at, most)
            ],
        )
        blocks = views.gain_list(shown, without)
    return block_kit.info_form("What agencies gained", blocks)


def _line(caller: Caller, entry: Contribution | Gain, names: Mapping[AgencyId, Agency], on: date) -> Line:
    agency = names[entry.agency_id]
    return Line(entry, agency.name, on, caller.acts_for(agency))


def press_given(request: SlackRequest) -> None:
    """Show the first page of contributions, or turn to another."""
    request.show_window("given", request.value)


def press_gains(request: SlackRequest) -> None:
    """Show the first page of gains, or turn to another."""
    request.show_window("gains", request.value)


# recording ---------------------------------------------------------------------------------------------


def press_give(request: SlackRequest) -> None:
    """Open the form for a contribution."""
    with request.read() as (session, caller):
        choices = records.recordable_agencies(session, caller)
        today = dates.today(request.now, caller.zone)
        view = forms.contribution(request.origin, choices, caller.active_agency, today)
    request.open_form(view)


def submit_give(request: SlackRequest) -> None:
    """Record a contribution from the form."""
    words = command_text.parse_short_text(
        request.text_value("words"), "what was given", "Hosted the training", rules.WORDS, "words"
    )
    kind = parsed(ContributionKind, request.selected_value("kind") or ContributionKind.HOURS, "kind")
    with request.begin() as (session, caller):
        draft = parsing.form_draft(kind, words, request.text_value("amount"), caller.consortium.currency)
        on = parsing.past_day(request.selected_value("on"), request, caller, "today", "on")
        agency = _chosen_agency(session, caller, request)
        contribution = records.record_contribution(session, caller, agency, draft, on, request.now)
        sentence = views.contribution_recorded(contribution, agency.name, caller.consortium.currency)
    request.show_result(sentence, *views.contribution_buttons(contribution))


def press_gain(request: SlackRequest) -> None:
    """Open the form for a gain."""
    with request.read() as (session, caller):
        view = forms.gain(request.origin, records.recordable_agencies(session, caller), caller.active_agency)
    request.open_form(view)


def submit_gain(request: SlackRequest) -> None:
    """Record a gain from the form."""
    words = command_text.parse_short_text(
        request.text_value("words"), "what was gained", "Two teachers trained", rules.WORDS, "words"
    )
    with request.begin() as (session, caller):
        agency = _chosen_agency(session, caller, request)
        gain = records.record_gain(session, caller, agency, words, request.now)
        sentence = views.gain_recorded(gain, agency.name)
    request.show_result(sentence, *views.gain_buttons(gain))


def _chosen_agency(session: Session, caller: Caller, request: SlackRequest) -> Agency:
    """Return the agency chosen in a form; a form without the choice is for the only agency."""
    chosen = request.selected_value("agency")
    if not chosen:
        return records.recordable_agencies(session, caller)[0]
    agency = lookup.selected_agency(session, caller, chosen)
    records.check_may_record(session, caller, agency, "agency")
    return agency


# taking back -------------------------------------------------------------------------------------------


def press_give_back(request: SlackRequest) -> None:
    """Take a contribution back."""
    row_id = _row_id(request)
    with request.begin() as (session, caller):
        contribution = contributions.lock_contribution(session, caller.consortium.id, row_id)
        sentence = records.take_back(session, caller, contribution, request.now)
    request.show_result(sentence)


def press_gain_back(request: SlackRequest) -> None:
    """Take a gain back."""
    row_id = _row_id(request)
    with request.begin() as (session, caller):
        gain = contributions.lock_gain(session, caller.consortium.id, row_id)
        sentence = records.take_back(session, caller, gain, request.now)
    request.show_result(sentence)


def _row_id(request: SlackRequest) -> int:
    """Return the row id that a button carries. Raise `Refusal` without one."""
    row_id = command_text.parse_row_id(request.value)
    if not row_id:
        raise Refusal(OUTDATED)
    return row_id
