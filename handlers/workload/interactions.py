"""Buttons and forms of `/workload`."""

from collections.abc import Callable

from handlers.contributions import interactions as contribution_interactions
from handlers.funding import interactions as funding_interactions
from handlers.kit import lookup
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.load import snapshot as load_snapshots
from handlers.roles import interactions as role_interactions
from handlers.workload import forms, own_hours, snapshot, views
from handlers.workload.what_if import snapshot as departures
from handlers.workload.what_if import views as what_if_views
from storage import agencies, outbox


def press_hours(request: SlackRequest) -> None:
    """Open the form with the caller's hours and offer."""
    with request.read() as (_, caller):
        view = forms.hours_form(request.origin, caller.person, caller.consortium.hours_a_month)
    request.open_form(view)


def submit_hours(request: SlackRequest) -> None:
    """Store the submitted hours and offer."""
    hours = own_hours.submitted_hours(request.text_value("hours"))
    with request.begin() as (session, caller):
        caller.person.hours_a_month = hours
        caller.person.may_be_asked = request.selected_value("room") == "yes"
        answer = own_hours.saved_answer(session, caller, request.now)
    request.show_result(answer)


def press_what_if(request: SlackRequest) -> None:
    """Open the form that asks which agency might leave."""
    with request.read("facilitator") as (session, caller):
        living = agencies.active(session, caller.consortium.id)
        if not living:
            raise Refusal('There is no agency yet. For example: `/consortium agency add "Elm Schools"`')
        view = forms.what_if_form(request.origin, living)
    request.open_form(view)


def submit_what_if(request: SlackRequest) -> None:
    """Show what would change if the chosen agency left."""
    with request.read("facilitator") as (session, caller):
        agency = lookup.selected_agency(session, caller, request.selected_value("agency"))
        departure = departures.departure_snapshot(session, caller.consortium.id, agency, request.now)
    request.show_result(what_if_views.SUMMARY, instead=what_if_views.departure_blocks(departure))


def post_shares(request: SlackRequest) -> None:
    """Post the agencies' shares in the channel, without any person's name."""
    with request.begin() as (session, caller):
        seen = load_snapshots.load_snapshot(session, caller.consortium.id, request.now)
        shares = snapshot.shares_snapshot(session, caller.consortium.id, seen)
        outbox.queue(
            session,
            team_id=request.workspace,
            channel=request.channel,
            body=views.shares_message(shares),
            fallback=views.shares_message(shares, charts=False),
            about="how the work is divided",
            now=request.now,
            consortium_id=caller.consortium.id,
            answers_to=caller.user_id,
        )
    request.show_result("The shares will appear in this channel in a moment. They name no person.")


def press_people(request: SlackRequest) -> None:
    """Show everybody's load, or turn a page of it."""
    request.show_window("people", request.value)


def press_menu(request: SlackRequest) -> None:
    """Show the list chosen in the menu."""
    lists: dict[str, Callable[[SlackRequest], None]] = {
        "roles": role_interactions.show,
        "given": contribution_interactions.show_given,
        "gains": contribution_interactions.show_gains,
        "funding": funding_interactions.show_sources,
        "dues": funding_interactions.show_dues,
    }
    if request.value not in lists:
        raise Refusal("This menu is out of date. `/workload help` explains what you can do.")
    lists[request.value](request)
