"""Dues as they are typed, listed, pressed and filled in."""

from typing import Any

from slack_sdk.models.blocks import Block, DatePickerElement
from sqlalchemy.orm import Session

from handlers.contributions import parsing
from handlers.funding import dues, rules, views
from handlers.funding.views import SEEN_DUES, Owed
from handlers.kit import block_kit, command_text, dates, lists, lookup
from handlers.kit.block_kit import section
from handlers.kit.callers import Caller
from handlers.kit.command_text import Typed
from handlers.kit.lists import page
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.kit.text import escape
from storage import agencies, contributions
from storage.agencies import Agency
from storage.contributions import Payment

DUES = '`/workload dues "{}" 2026 1500`'
PAID = '`/workload paid "{}" 2026 500`'
BACK = '`/workload paid back "{}" 2026`'


# typing ------------------------------------------------------------------------------------------------


def typed_dues(ask: Ask, typed: Typed) -> None:
    """List dues, or note what an agency owes for a term."""
    if len(typed.words) == 1 and not typed.options:
        show(ask)
        return
    with ask.begin("facilitator") as (session, caller):
        example = _example(session, caller, DUES)
        command_text.check_options(typed, (), example)
        name, term, amount = _three(typed, example)
        agency = lookup.agency(session, caller, name)
        if amount.casefold() in command_text.NOTHING:
            said = dues.forget(session, caller, agency, term, ask)
        else:
            cents = rules.read(amount, caller.consortium.currency, example)
            said = dues.note(session, caller, agency, term, cents, ask)
    ask.done(said, block_kit.button("Dues", "dues.list"))


def typed_paid(ask: Ask, typed: Typed) -> None:
    """Record what was paid of an agency's dues, or take the last payment back."""
    if len(typed.words) == 1 and not typed.options:
        show(ask)
        return
    if len(typed.words) > 1 and not typed.words[1].quoted and typed.words[1].folded == "back":
        _typed_back(ask, typed)
        return
    with ask.begin("facilitator") as (session, caller):
        example = _example(session, caller, PAID)
        command_text.check_options(typed, ("on",), example)
        name, term, amount = _three(typed, example)
        agency = lookup.agency(session, caller, name)
        cents = rules.read(amount, caller.consortium.currency, example)
        on = parsing.past_day(typed.options.get("on"), ask, caller, f"{example[:-1]} on:yesterday`")
        said, made = dues.pay(session, caller, dues.there(session, agency, term), cents, on, ask)
    ask.done(said, *_after(made))


def _typed_back(ask: Ask, typed: Typed) -> None:
    with ask.begin("facilitator") as (session, caller):
        example = _example(session, caller, BACK)
        command_text.check_options(typed, (), example)
        rest = typed.words[2:]
        if len(rest) < 2:
            raise Refusal(f"Say which agency and term. For example: {example}")
        agency = lookup.agency(session, caller, " ".join(word.text for word in rest[:-1]))
        found = dues.there(session, agency, rules.term(rest[-1].text, example))
        last = contributions.last_payment(session, found)
        if last is None:
            raise Refusal("Nothing has been paid of these dues. `/workload dues` lists what has.")
        said = dues.take_back(session, caller, (last, found), ask)
    ask.done(said)


def _three(typed: Typed, example: str) -> tuple[str, str, str]:
    """Split what was typed into an agency's name, a term and an amount. Raises Refusal."""
    rest = typed.words[1:]
    at = 1 if rest and rest[0].quoted else max(1, len(rest) - 2)
    name = " ".join(word.text for word in rest[:at])
    if len(rest) < at + 2:
        raise Refusal(f"This takes an agency, a term and an amount. For example: {example}")
    return name, rules.term(rest[at].text, example), " ".join(word.text for word in rest[at + 1 :])


def _example(session: Session, caller: Caller, example: str) -> str:
    """Give an example with an agency that there is."""
    some = next(iter(agencies.living(session, caller.consortium.id)), None)
    return example.format(escape(some.name) if some is not None else "Elm Schools")


# lists and presses -------------------------------------------------------------------------------------


def show(ask: Ask, number: int = 0, *, replace: bool = False) -> None:
    """List dues with what has been paid, ten on a page."""
    with ask.look() as (session, caller):
        found = contributions.dues(session, caller.consortium.id)
        paid = contributions.paid(session, [one.id for one in found])
        owed = views.owed(found, paid, agencies.every(session, caller.consortium.id))
        blocks = views.listed_dues(page(owed, number), caller.consortium.currency, may=caller.facilitates)
    ask.answer("Dues, and what has been paid.", blocks, replace=replace)


def press_list(ask: Ask) -> None:
    """Show the list, or another page of it."""
    show(ask, lists.number(ask.value), replace=bool(ask.value))


def press_form(ask: Ask) -> None:
    """Open the form for dues."""
    with ask.look("facilitator") as (session, caller):
        found = agencies.living(session, caller.consortium.id)
        if not found:
            raise Refusal('Add an agency first, for example: `/consortium agency add "Elm County Schools"`')
        view = _form(ask.origin, list(found), str(caller.today(ask.now).year), caller.consortium.currency)
    ask.open(view)


def submit(ask: Ask) -> None:
    """Note dues from the form."""
    term = rules.term(ask.written("term"), "2026-27", "term")
    with ask.begin("facilitator") as (session, caller):
        cents = rules.read(ask.written("amount"), caller.consortium.currency, "1500", "amount")
        agency = lookup.chosen_agency(session, caller, ask.chosen("agency"))
        said = dues.note(session, caller, agency, term, cents, ask)
    ask.done(said, block_kit.button("Dues", "dues.list"))


def press_pay(ask: Ask) -> None:
    """Open the form for a payment."""
    with ask.look("facilitator") as (session, caller):
        one = _owed(session, caller, ask.value)
        today = dates.today(ask.now, caller.zone).isoformat()
        currency = caller.consortium.currency
        fields: list[Block] = [
            section(f"{views.standing(one, currency)}. {SEEN_DUES}"),
            _amount(f"What was paid, in {currency}", rules.plain(one.left) if one.left else ""),
            block_kit.field("on", "When", DatePickerElement(action_id="value", initial_date=today)),
        ]
        carry = {**ask.origin, "dues": one.dues.id}
        view = block_kit.form("A payment", "dues.pay", fields, submit="Record", carry=carry)
    ask.open(view)


def submit_pay(ask: Ask) -> None:
    """Record a payment from the form."""
    with ask.begin("facilitator") as (session, caller):
        cents = rules.read(ask.written("amount"), caller.consortium.currency, "500", "amount")
        on = parsing.past_day(ask.chosen("on"), ask, caller, "today", "on")
        one = _owed(session, caller, str(ask.carry["dues"]))
        agency = session.get_one(Agency, one.dues.agency_id)
        said, made = dues.pay(session, caller, dues.there(session, agency, one.dues.term), cents, on, ask)
    ask.done(said, *_after(made))


def _after(made: Payment) -> list[Any]:
    return [block_kit.button("Take it back", "dues.back", str(made.id)), block_kit.button("Dues", "dues.list")]


def press_back(ask: Ask) -> None:
    """Take a payment back."""
    value = ask.value
    with ask.begin("facilitator") as (session, caller):
        number = int(value) if value.isdecimal() and len(value) < 10 else 0
        said = dues.take_back(session, caller, contributions.lock_payment(session, caller.consortium.id, number), ask)
    ask.done(said)


def _owed(session: Session, caller: Caller, value: str) -> Owed:
    """Find the dues that a button or form stands for. Raises Refusal."""
    for one in contributions.dues(session, caller.consortium.id):
        if str(one.id) == value:
            names = agencies.every(session, caller.consortium.id)
            return views.owed([one], contributions.paid(session, [one.id]), names)[0]
    raise Refusal("These dues are not there any more. `/workload dues` lists those that are.")


def _form(carry: dict[str, Any], choices: list[Agency], term: str, currency: str) -> dict[str, Any]:
    options = [block_kit.choice(agency.name, str(agency.id)) for agency in choices[:100]]
    fields: list[Block] = [
        section(SEEN_DUES),
        block_kit.field("agency", "Which agency", block_kit.menu("value", options)),
        block_kit.field(
            "term",
            "For which year",
            block_kit.words(initial=term, most=20),
            hint="A year, or 2026-27 for a school year.",
        ),
        _amount(f"How much, in {currency}", ""),
    ]
    return block_kit.form("Dues", "dues.new", fields, carry=carry)


def _amount(label: str, initial: str) -> Block:
    field = block_kit.words(initial=initial, most=20, placeholder="1500")
    return block_kit.field("amount", label, field, hint="Such as 1500, 1,200 or 1200.50.")
