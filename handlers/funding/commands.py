"""Funding and dues as people type them."""

from sqlalchemy.orm import Session

from handlers.contributions import parsing
from handlers.funding import dues, rules
from handlers.funding.interactions import _after, show_dues, show_sources
from handlers.funding.sources import (
    END_EXAMPLE,
    SOURCE_EXAMPLE,
    SOURCE_NAME,
    end_source,
    find_source,
    save_source,
    source_called,
)
from handlers.kit import block_kit, command_text, lookup, money
from handlers.kit.callers import Caller
from handlers.kit.command_text import Typed
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape, quote
from storage import agencies, consortia, funding


def funding_command(request: SlackRequest, typed: Typed) -> None:
    """List the sources of funding, note one, or end one."""
    if len(typed.words) == 1 and not typed.options:
        show_sources(request)
        return
    request.require("facilitator")
    command_text.check_options(typed, (), SOURCE_EXAMPLE)
    rest = typed.words[1:]
    if not rest[0].quoted and rest[0].folded == "end":
        name = command_text.short_text(
            command_text.quoted_text(rest[1:], END_EXAMPLE), SOURCE_NAME, END_EXAMPLE, rules.NAME
        )
        with request.begin("facilitator") as (session, caller):
            said = end_source(session, caller, source_called(session, caller, name), request)
        request.done(said)
        return
    names, amount = (rest[:1], rest[1:]) if rest[0].quoted else (rest[:-1], rest[-1:])
    name = command_text.short_text(" ".join(word.text for word in names), SOURCE_NAME, SOURCE_EXAMPLE, rules.NAME)
    with request.begin("facilitator") as (session, caller):
        if not amount:
            raise Refusal(f"Say what {quote(name, 60)} gives a year. For example: {SOURCE_EXAMPLE}")
        cents = money.read(" ".join(word.text for word in amount), caller.consortium.currency, SOURCE_EXAMPLE)
        consortia.lock(session, caller.consortium.id)
        found = find_source(session, caller, name)
        said = save_source(session, caller, found, found.name if found is not None else name, cents, request)
    request.done(said, block_kit.button("Sources of funding", "fund.list"))


DUES = '`/workload dues "{}" 2026 1500`'


PAID = '`/workload paid "{}" 2026 500`'


BACK = '`/workload paid back "{}" 2026`'


def dues_command(request: SlackRequest, typed: Typed) -> None:
    """List dues, or note what an agency owes for a term."""
    if len(typed.words) == 1 and not typed.options:
        show_dues(request)
        return
    with request.begin("facilitator") as (session, caller):
        example = _agency_example(session, caller, DUES)
        command_text.check_options(typed, (), example)
        name, term, amount = _three_words(typed, example)
        agency = lookup.agency(session, caller, name)
        if amount.casefold() in command_text.NOTHING:
            said = dues.forget(session, caller, agency, term, request)
        else:
            cents = money.read(amount, caller.consortium.currency, example)
            said = dues.note(session, caller, agency, term, cents, request)
    request.done(said, block_kit.button("Dues", "dues.list"))


def paid_command(request: SlackRequest, typed: Typed) -> None:
    """Record what was paid of an agency's dues, or take the last payment back."""
    if len(typed.words) == 1 and not typed.options:
        show_dues(request)
        return
    if len(typed.words) > 1 and not typed.words[1].quoted and typed.words[1].folded == "back":
        _take_payment_back(request, typed)
        return
    with request.begin("facilitator") as (session, caller):
        example = _agency_example(session, caller, PAID)
        command_text.check_options(typed, ("on",), example)
        name, term, amount = _three_words(typed, example)
        agency = lookup.agency(session, caller, name)
        cents = money.read(amount, caller.consortium.currency, example)
        on = parsing.past_day(typed.options.get("on"), request, caller, f"{example[:-1]} on:yesterday`")
        said, made = dues.pay(session, caller, dues.there(session, agency, term), cents, on, request)
    request.done(said, *_after(made))


def _take_payment_back(request: SlackRequest, typed: Typed) -> None:
    with request.begin("facilitator") as (session, caller):
        example = _agency_example(session, caller, BACK)
        command_text.check_options(typed, (), example)
        rest = typed.words[2:]
        if len(rest) < 2:
            raise Refusal(f"Say which agency and term. For example: {example}")
        agency = lookup.agency(session, caller, " ".join(word.text for word in rest[:-1]))
        found = dues.there(session, agency, rules.term(rest[-1].text, example))
        last = funding.last_payment(session, found)
        if last is None:
            raise Refusal("Nothing has been paid of these dues. `/workload dues` lists what has.")
        said = dues.take_back(session, caller, (last, found), request)
    request.done(said)


def _three_words(typed: Typed, example: str) -> tuple[str, str, str]:
    """Split what was typed into an agency's name, a term and an amount. Raises Refusal."""
    rest = typed.words[1:]
    at = 1 if rest and rest[0].quoted else max(1, len(rest) - 2)
    name = " ".join(word.text for word in rest[:at])
    if len(rest) < at + 2:
        raise Refusal(f"This takes an agency, a term and an amount. For example: {example}")
    return name, rules.term(rest[at].text, example), " ".join(word.text for word in rest[at + 1 :])


def _agency_example(session: Session, caller: Caller, example: str) -> str:
    """Give an example with an agency that there is."""
    some = next(iter(agencies.living(session, caller.consortium.id)), None)
    return example.format(escape(some.name) if some is not None else "Elm Schools")
