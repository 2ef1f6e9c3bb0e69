"""Contributions and gains as they are listed, pressed and filled in."""

from collections.abc import Mapping
from datetime import date, timedelta

from slack_sdk.models.blocks.block_elements import ButtonElement
from sqlalchemy.orm import Session

from handlers.contributions import forms, parsing, records, rules, views
from handlers.contributions.records import Gift
from handlers.contributions.views import Line
from handlers.kit import block_kit, command_text, dates, hours, lookup
from handlers.kit import money as kit_money
from handlers.kit.callers import Caller
from handlers.kit.lists import fetched
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from storage import agencies, contributions
from storage.agencies import Agency
from storage.contributions import Gain, Given
from storage.vocabulary import AgencyId, GivenKind

A_YEAR = timedelta(days=365)
GONE = "This button belongs to an earlier time. `/workload given` lists what agencies gave."


# lists -------------------------------------------------------------------------------------------------


def show_given(request: SlackRequest, number: int = 0, *, replace: bool = False) -> None:
    """List what agencies gave, ten on a page."""
    with request.look() as (session, caller):
        own = caller.consortium
        names = agencies.every(session, own.id)
        year = contributions.given_sums(session, own.id, dates.today(request.now, caller.zone) - A_YEAR)
        shown = fetched(
            contributions.given_count(session, own.id),
            number,
            lambda at, most: [
                _line(caller, one, names, one.given_on) for one in contributions.given_some(session, own.id, at, most)
            ],
        )
        blocks = views.given_list(shown, views.sums(year, names, own.currency), own.currency)
    request.answer("What agencies gave.", blocks, replace=replace)


def show_gains(request: SlackRequest, number: int = 0, *, replace: bool = False) -> None:
    """List what agencies gained, ten on a page."""
    with request.look() as (session, caller):
        own = caller.consortium
        names = agencies.every(session, own.id)
        known = contributions.gainers(session, own.id)
        silent = [one.name for one in agencies.living(session, own.id) if one.id not in known]
        shown = fetched(
            contributions.gain_count(session, own.id),
            number,
            lambda at, most: [
                _line(caller, one, names, dates.today(one.created_at, caller.zone))
                for one in contributions.gain_some(session, own.id, at, most)
            ],
        )
        blocks = views.gain_list(shown, silent)
    request.answer("What agencies gained.", blocks, replace=replace)


def _line(caller: Caller, one: Given | Gain, names: Mapping[AgencyId, Agency], on: date) -> Line:
    agency = names[one.agency_id]
    return Line(one, agency.name, on, parsing.may_record(caller, agency))


def press_given(request: SlackRequest) -> None:
    """Show the list of contributions, or another page of it."""
    show_given(request, command_text.row_id(request.value), replace=bool(request.value))


def press_gains(request: SlackRequest) -> None:
    """Show the list of gains, or another page of it."""
    show_gains(request, command_text.row_id(request.value), replace=bool(request.value))


# recording ---------------------------------------------------------------------------------------------


def press_give(request: SlackRequest) -> None:
    """Open the form for a contribution."""
    with request.look() as (session, caller):
        choices = _choices(session, caller)
        view = forms.give(request.origin, choices, caller.agency, dates.today(request.now, caller.zone))
    request.open(view)


def press_gain(request: SlackRequest) -> None:
    """Open the form for a gain."""
    with request.look() as (session, caller):
        view = forms.gain(request.origin, _choices(session, caller), caller.agency)
    request.open(view)


def _choices(session: Session, caller: Caller) -> list[Agency]:
    """List the agencies for which somebody may record. Raises Refusal where there are none."""
    found = [one for one in agencies.living(session, caller.consortium.id) if parsing.may_record(caller, one)]
    if not found:
        raise Refusal(
            "You belong to no agency for which something could be recorded. `/consortium join` asks to join one."
        )
    return found


def submit_give(request: SlackRequest) -> None:
    """Record a contribution from the form."""
    words = command_text.short_text(
        request.written("words"), "what was given", "Hosted the training", rules.WORDS, "words"
    )
    kind = GivenKind(request.chosen("kind") or GivenKind.HOURS)
    with request.begin() as (session, caller):
        gift = _gift(kind, words, request.written("amount"), caller.consortium.currency)
        on = parsing.past_day(request.chosen("on"), request, caller, "today", "on")
        agency = _chosen(session, caller, request)
        made = records.give(session, caller, agency, gift, on, request.now)
        said = views.recorded(made, agency.name, caller.consortium.currency)
    request.done(said, *given_buttons(made))


def _gift(kind: GivenKind, words: str, typed: str, currency: str) -> Gift:
    if kind is GivenKind.HOURS:
        return Gift(kind, words, hours=hours.quarter_hours(typed, "3", "amount", most=rules.MOST_GIVEN))
    return Gift(kind, words, cents=kit_money.read(typed, currency, "1200.50", "amount"))


def submit_gain(request: SlackRequest) -> None:
    """Record a gain from the form."""
    words = command_text.short_text(
        request.written("words"), "what was gained", "Two teachers trained", rules.WORDS, "words"
    )
    with request.begin() as (session, caller):
        agency = _chosen(session, caller, request)
        made = records.gain(session, caller, agency, words, request.now)
        said = views.gained(made, agency.name)
    request.done(said, *gain_buttons(made))


def _chosen(session: Session, caller: Caller, request: SlackRequest) -> Agency:
    """Find the agency chosen in a form, or the only one that can be meant. Raises Refusal."""
    chosen = request.chosen("agency")
    if not chosen:
        return _choices(session, caller)[0]
    found = lookup.chosen_agency(session, caller, chosen)
    parsing.check_may(session, caller, found, "agency")
    return found


def given_buttons(made: Given) -> list[ButtonElement]:
    """Make the buttons that come after a contribution was recorded."""
    return [
        block_kit.button("Take it back", "give.back", str(made.id)),
        block_kit.button("What agencies gave", "give.list"),
    ]


def gain_buttons(made: Gain) -> list[ButtonElement]:
    """Make the buttons that come after a gain was recorded."""
    return [
        block_kit.button("Take it back", "gain.back", str(made.id)),
        block_kit.button("What agencies gained", "gain.list"),
    ]


# taking back -------------------------------------------------------------------------------------------


def press_give_back(request: SlackRequest) -> None:
    """Take a contribution back."""
    with request.begin() as (session, caller):
        found = contributions.lock_given(session, caller.consortium.id, _id(request.value))
        said = records.take_back(session, caller, found, request.now)
    request.done(said)


def press_gain_back(request: SlackRequest) -> None:
    """Take a gain back."""
    with request.begin() as (session, caller):
        found = contributions.lock_gain(session, caller.consortium.id, _id(request.value))
        said = records.take_back(session, caller, found, request.now)
    request.done(said)


def _id(value: str) -> int:
    number = command_text.row_id(value)
    if not number:
        raise Refusal(GONE)
    return number
