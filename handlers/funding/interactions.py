"""Buttons, lists, and forms of funding and dues."""

from typing import Any

from sqlalchemy.orm import Session

from handlers.contributions import parsing
from handlers.funding import dues, forms, rules, sources, views
from handlers.funding.views import Owed
from handlers.kit import block_kit, command_text, dates, edits, lookup, money
from handlers.kit.callers import Caller
from handlers.kit.lists import paginate
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import quote
from storage import agencies, consortia, funding
from storage.agencies import Agency

# sources of funding ------------------------------------------------------------------------------------


def show_sources(request: SlackRequest) -> None:
    """Show the sources of funding."""
    request.show_window("funding")


def render_sources(request: SlackRequest, value: str) -> dict[str, Any]:
    """Render one page of the sources of funding."""
    number = command_text.parse_row_id(value)
    with request.read() as (session, caller):
        current = funding.list_sources(session, caller.consortium.id)
        whole = sum(source.cents for source in current)
        currency = caller.consortium.currency
        blocks = views.source_list(paginate(current, number), whole, currency, may_change=caller.facilitates)
    return block_kit.info_form("Sources of funding", blocks)


def press_sources(request: SlackRequest) -> None:
    """Show the first page of the list, or turn to another."""
    request.show_window("funding", request.value)


def press_source_form(request: SlackRequest) -> None:
    """Open the form for a new source."""
    with request.read("facilitator") as (_, caller):
        view = forms.source_form(request.origin, None, caller.consortium.currency)
    request.open_form(view)


def press_source_menu(request: SlackRequest) -> None:
    """Open the form that changes a source, or end it, as chosen in its menu."""
    action, _, source_id = request.value.partition("|")
    if action == "end":
        with request.begin("facilitator") as (session, caller):
            source = sources.get_source_by_id(session, caller, source_id)
            sentence = sources.end_source(session, caller, source, request.now)
        request.show_result(sentence)
        return
    with request.read("facilitator") as (session, caller):
        source = sources.get_source_by_id(session, caller, source_id)
        view = forms.source_form(request.origin, source, caller.consortium.currency)
    request.open_form(view)


def submit_source(request: SlackRequest) -> None:
    """Save a source from the form; of one that exists, only what was changed in the form."""
    name = command_text.parse_short_text(
        request.text_value("name"), sources.NAME_SUBJECT, "State grant", rules.NAME, "name"
    )
    with request.begin("facilitator") as (session, caller):
        cents = money.parse_amount(request.text_value("amount"), caller.consortium.currency, "12000", "amount")
        consortia.lock(session, caller.consortium.id)
        source = None
        if "source" in request.metadata:
            source = sources.get_source_by_id(session, caller, str(request.metadata["source"]))
            submitted = {"name": name, "cents": cents}
            changed = edits.apply_changes(request.metadata, submitted, forms.source_values(source))
            name, cents = changed["name"], changed["cents"]
        same_name = sources.find_source(session, caller, name)
        source = source or same_name
        if same_name is not None and same_name is not source:
            raise Refusal(f"There is already a source {quote(name, 60)}. Choose another name.", field="name")
        sentence = sources.save_source(session, caller, source, name, cents, request.now)
    request.show_result(sentence, block_kit.button("Sources of funding", "fund.list"))


# dues --------------------------------------------------------------------------------------------------


def show_dues(request: SlackRequest) -> None:
    """Show the dues and their payments."""
    request.show_window("dues")


def render_dues(request: SlackRequest, value: str) -> dict[str, Any]:
    """Render one page of dues and their payments."""
    number = command_text.parse_row_id(value)
    with request.read() as (session, caller):
        every = funding.list_dues(session, caller.consortium.id)
        paid = funding.paid_cents(session, [dues.id for dues in every])
        owed = views.with_payments(every, paid, agencies.all_by_id(session, caller.consortium.id))
        currency = caller.consortium.currency
        blocks = views.dues_list(paginate(owed, number), currency, may_change=caller.facilitates)
    return block_kit.info_form("Dues and payments", blocks)


def press_dues(request: SlackRequest) -> None:
    """Show the first page of the list, or turn to another."""
    request.show_window("dues", request.value)


def press_dues_form(request: SlackRequest) -> None:
    """Open the form for dues."""
    with request.read("facilitator") as (session, caller):
        living = agencies.active(session, caller.consortium.id)
        if not living:
            raise Refusal('Add an agency first, for example: `/consortium agency add "Elm County Schools"`')
        year = str(caller.today(request.now).year)
        view = forms.dues_form(request.origin, living, year, caller.consortium.currency)
    request.open_form(view)


def submit_dues(request: SlackRequest) -> None:
    """Save dues from the form."""
    term = rules.term(request.text_value("term"), "2026-27", "term")
    with request.begin("facilitator") as (session, caller):
        cents = money.parse_amount(request.text_value("amount"), caller.consortium.currency, "1500", "amount")
        agency = lookup.selected_agency(session, caller, request.selected_value("agency"))
        sentence = dues.save_dues(session, caller, agency, term, cents, request)
    request.show_result(sentence, block_kit.button("Dues", "dues.list"))


# payments ----------------------------------------------------------------------------------------------


def press_payment(request: SlackRequest) -> None:
    """Open the form for a payment."""
    with request.read("facilitator") as (session, caller):
        owed = _owed_by_id(session, caller, request.value)
        today = dates.today(request.now, caller.zone)
        view = forms.payment_form(request.origin, owed, today, caller.consortium.currency)
    request.open_form(view)


def submit_payment(request: SlackRequest) -> None:
    """Record a payment from the form."""
    with request.begin("facilitator") as (session, caller):
        cents = money.parse_amount(request.text_value("amount"), caller.consortium.currency, "500", "amount")
        on = parsing.past_day(request.selected_value("on"), request, caller, "today", "on")
        owed = _owed_by_id(session, caller, str(request.metadata["dues"]))
        agency = session.get_one(Agency, owed.dues.agency_id)
        locked = dues.lock_dues(session, agency, owed.dues.term)
        sentence, payment = dues.record_payment(session, caller, locked, cents, on, request)
    request.show_result(sentence, *views.payment_buttons(payment))


def press_payment_back(request: SlackRequest) -> None:
    """Take a payment back."""
    payment_id = command_text.parse_row_id(request.value)
    with request.begin("facilitator") as (session, caller):
        payment_and_dues = funding.lock_payment(session, caller.consortium.id, payment_id)
        sentence = dues.take_payment_back(session, caller, payment_and_dues, request)
    request.show_result(sentence)


def _owed_by_id(session: Session, caller: Caller, value: str) -> Owed:
    """Return the dues that a button or form carries. Raise `Refusal` if they do not exist."""
    for one_dues in funding.list_dues(session, caller.consortium.id):
        if str(one_dues.id) == value:
            names = agencies.all_by_id(session, caller.consortium.id)
            return views.with_payments([one_dues], funding.paid_cents(session, [one_dues.id]), names)[0]
    raise Refusal("These dues no longer exist. `/workload dues` lists the current dues.")
