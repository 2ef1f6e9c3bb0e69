"""Buttons and forms of the workload."""

from collections.abc import Callable

from handlers.contributions import interactions
from handlers.funding import interactions as funding_interactions
from handlers.kit import command_text, lookup
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.load import snapshot
from handlers.roles import interactions as role_pressing
from handlers.workload import forms, share_views, what_if, what_if_views
from handlers.workload.forms import hours_form
from handlers.workload.overview import _shares, show_people
from handlers.workload.own_hours import _read_hours, _summary
from storage import agencies, outbox


def press_hours(request: SlackRequest) -> None:
    """Open the form with both."""
    with request.look() as (_, caller):
        view = hours_form(request.origin, caller.person, caller.consortium.hours_a_month)
    request.open(view)


def submit_hours(request: SlackRequest) -> None:
    """Keep both as the form says."""
    typed = request.written("hours")
    found = _read_hours(typed, "8", "hours") if typed else None
    with request.begin() as (session, caller):
        caller.person.hours_a_month = found
        caller.person.may_be_asked = request.chosen("room") == "yes"
        said = _summary(session, caller, request)
    request.done(said)


def press_what_if(request: SlackRequest) -> None:
    """Ask which agency is meant."""
    with request.look("facilitator") as (session, caller):
        living = agencies.living(session, caller.consortium.id)
        if not living:
            raise Refusal('There is no agency yet. For example: `/consortium agency add "Elm Schools"`')
        view = forms.what_if_form(request.origin, living)
    request.open(view)


def submit_what_if(request: SlackRequest) -> None:
    """Say what would be if the chosen agency left."""
    with request.look("facilitator") as (session, caller):
        agency = lookup.chosen_agency(session, caller, request.chosen("agency"))
        found = what_if.departure_snapshot(session, caller.consortium.id, agency, request.now)
    request.done("What if an agency left.", instead=what_if_views.departure_blocks(found))


def post_shares(request: SlackRequest) -> None:
    """Post the agencies' shares where it was asked for; no person is named in it."""
    with request.begin() as (session, caller):
        seen = snapshot.load_snapshot(session, caller.consortium.id, request.now)
        shares = _shares(session, caller.consortium.id, seen)
        outbox.put(
            session,
            team_id=request.workspace,
            channel=request.channel,
            body=share_views.shares_message(shares),
            fallback=share_views.shares_message(shares, charts=False),
            about="how the work is divided",
            now=request.now,
            consortium_id=caller.consortium.id,
            answers_to=caller.user_id,
        )
    request.done("It is on its way to this channel. Nobody is named in it.")


def press_people(request: SlackRequest) -> None:
    """Show who carries what from a button, or turn a page of it."""
    show_people(request, command_text.row_id(request.value), replace=bool(request.value))


def press_menu(request: SlackRequest) -> None:
    """Show what was chosen behind the three dots."""
    shows: dict[str, Callable[[SlackRequest], None]] = {
        "roles": role_pressing.show,
        "given": interactions.show_given,
        "gains": interactions.show_gains,
        "funding": funding_interactions.show_sources,
        "dues": funding_interactions.show_dues,
    }
    if request.value not in shows:
        raise Refusal("This entry belongs to an earlier time. `/workload help` explains what there is.")
    shows[request.value](request)
