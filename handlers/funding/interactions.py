"""Buttons and forms of funding and dues."""

from typing import Any

from slack_sdk.models.blocks import Block, DatePickerElement
from sqlalchemy.orm import Session

from handlers.contributions import parsing
from handlers.funding import dues, rules, views
from handlers.funding.forms import amount_field, dues_form, source_form
from handlers.funding.sources import SOURCE_NAME, end_source, find_source, save_source
from handlers.funding.views import SEEN_DUES, Owed
from handlers.kit import block_kit, command_text, dates, lookup, money
from handlers.kit.block_kit import section
from handlers.kit.callers import Caller
from handlers.kit.lists import page
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import quote
from storage import agencies, consortia, funding
from storage.agencies import Agency
from storage.funding import Payment, Source
from storage.vocabulary import SourceId


def show_sources(request: SlackRequest, number: int = 0, *, replace: bool = False) -> None:
    """List the sources of funding, ten on a page."""
    with request.look() as (session, caller):
        found = funding.sources(session, caller.consortium.id)
        whole = sum(one.cents for one in found)
        shown = page(found, number)
        blocks = views.listed_sources(shown, whole, caller.consortium.currency, may=caller.facilitates)
    request.answer("Sources of funding.", blocks, replace=replace)


def press_sources(request: SlackRequest) -> None:
    """Show the list, or another page of it."""
    show_sources(request, command_text.row_id(request.value), replace=bool(request.value))


def press_source_form(request: SlackRequest) -> None:
    """Open the form for a source."""
    with request.look("facilitator") as (_, caller):
        view = source_form(request.origin, None, caller.consortium.currency)
    request.open(view)


def press_source_menu(request: SlackRequest) -> None:
    """Change or end a source, as chosen behind the three dots."""
    deed, _, number = request.value.partition("|")
    if deed == "end":
        with request.begin("facilitator") as (session, caller):
            said = end_source(session, caller, _source_by_id(session, caller, number), request)
        request.done(said)
        return
    with request.look("facilitator") as (session, caller):
        view = source_form(request.origin, _source_by_id(session, caller, number), caller.consortium.currency)
    request.open(view)


def submit_source(request: SlackRequest) -> None:
    """Keep a source from the form."""
    name = command_text.short_text(request.written("name"), SOURCE_NAME, "State grant", rules.NAME, "name")
    with request.begin("facilitator") as (session, caller):
        cents = money.read(request.written("amount"), caller.consortium.currency, "12000", "amount")
        consortia.lock(session, caller.consortium.id)
        same = find_source(session, caller, name)
        found = _source_by_id(session, caller, str(request.carry["source"])) if "source" in request.carry else same
        if same is not None and same is not found:
            raise Refusal(f"There is a source {quote(name, 60)} already. Choose another name.", field="name")
        said = save_source(session, caller, found, name, cents, request)
    request.done(said, block_kit.button("Sources of funding", "fund.list"))


def _source_by_id(session: Session, caller: Caller, value: str) -> Source:
    number = SourceId(command_text.row_id(value))
    for one in funding.sources(session, caller.consortium.id):
        if one.id == number:
            return one
    raise Refusal("This source is not there any more. `/workload funding` lists those that are.")


def show_dues(request: SlackRequest, number: int = 0, *, replace: bool = False) -> None:
    """List dues with what has been paid, ten on a page."""
    with request.look() as (session, caller):
        found = funding.dues(session, caller.consortium.id)
        paid = funding.paid(session, [one.id for one in found])
        owed = views.owed(found, paid, agencies.every(session, caller.consortium.id))
        blocks = views.listed_dues(page(owed, number), caller.consortium.currency, may=caller.facilitates)
    request.answer("Dues, and what has been paid.", blocks, replace=replace)


def press_dues(request: SlackRequest) -> None:
    """Show the list, or another page of it."""
    show_dues(request, command_text.row_id(request.value), replace=bool(request.value))


def press_dues_form(request: SlackRequest) -> None:
    """Open the form for dues."""
    with request.look("facilitator") as (session, caller):
        found = agencies.living(session, caller.consortium.id)
        if not found:
            raise Refusal('Add an agency first, for example: `/consortium agency add "Elm County Schools"`')
        view = dues_form(request.origin, list(found), str(caller.today(request.now).year), caller.consortium.currency)
    request.open(view)


def submit_dues(request: SlackRequest) -> None:
    """Note dues from the form."""
    term = rules.term(request.written("term"), "2026-27", "term")
    with request.begin("facilitator") as (session, caller):
        cents = money.read(request.written("amount"), caller.consortium.currency, "1500", "amount")
        agency = lookup.chosen_agency(session, caller, request.chosen("agency"))
        said = dues.note(session, caller, agency, term, cents, request)
    request.done(said, block_kit.button("Dues", "dues.list"))


def press_payment(request: SlackRequest) -> None:
    """Open the form for a payment."""
    with request.look("facilitator") as (session, caller):
        one = _owed_by_id(session, caller, request.value)
        today = dates.today(request.now, caller.zone).isoformat()
        currency = caller.consortium.currency
        fields: list[Block] = [
            section(f"{views.standing(one, currency)}. {SEEN_DUES}"),
            amount_field(f"What was paid, in {currency}", money.plain(one.left) if one.left else ""),
            block_kit.field("on", "When", DatePickerElement(action_id="value", initial_date=today)),
        ]
        carry = {**request.origin, "dues": one.dues.id}
        view = block_kit.form("A payment", "dues.pay", fields, submit="Record", carry=carry)
    request.open(view)


def submit_payment(request: SlackRequest) -> None:
    """Record a payment from the form."""
    with request.begin("facilitator") as (session, caller):
        cents = money.read(request.written("amount"), caller.consortium.currency, "500", "amount")
        on = parsing.past_day(request.chosen("on"), request, caller, "today", "on")
        one = _owed_by_id(session, caller, str(request.carry["dues"]))
        agency = session.get_one(Agency, one.dues.agency_id)
        said, made = dues.pay(session, caller, dues.there(session, agency, one.dues.term), cents, on, request)
    request.done(said, *_after(made))


def _after(made: Payment) -> list[Any]:
    return [block_kit.button("Take it back", "dues.back", str(made.id)), block_kit.button("Dues", "dues.list")]


def press_payment_back(request: SlackRequest) -> None:
    """Take a payment back."""
    value = request.value
    with request.begin("facilitator") as (session, caller):
        number = command_text.row_id(value)
        said = dues.take_back(session, caller, funding.lock_payment(session, caller.consortium.id, number), request)
    request.done(said)


def _owed_by_id(session: Session, caller: Caller, value: str) -> Owed:
    """Find the dues that a button or form stands for. Raises Refusal."""
    for one in funding.dues(session, caller.consortium.id):
        if str(one.id) == value:
            names = agencies.every(session, caller.consortium.id)
            return views.owed([one], funding.paid(session, [one.id]), names)[0]
    raise Refusal("These dues are not there any more. `/workload dues` lists those that are.")
