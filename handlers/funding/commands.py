"""`/workload funding`, `dues`, and `paid` as people type them."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from handlers.contributions import parsing
from handlers.funding import dues, interactions, rules, sources, views
from handlers.kit import block_kit, command_text, lookup, money
from handlers.kit.callers import Caller
from handlers.kit.command_text import CommandText, Word
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape, quote, truncate
from storage import agencies, consortia, funding

END_EXAMPLE = '`/workload funding end "State grant"`'
DUES_EXAMPLE = '`/workload dues "{}" 2026 1500`'
PAID_EXAMPLE = '`/workload paid "{}" 2026 500`'
BACK_EXAMPLE = '`/workload paid back "{}" 2026`'


# sources of funding ------------------------------------------------------------------------------------


def funding_command(request: SlackRequest, typed: CommandText) -> None:
    """Answer `/workload funding`: list the sources of funding, save one, or end one."""
    if len(typed.words) == 1 and not typed.options:
        interactions.show_sources(request)
        return
    request.require("facilitator")
    command_text.refuse_unknown_options(typed, (), sources.EXAMPLE)
    rest = _without_add(typed.words[1:])
    if rest and not rest[0].quoted and rest[0].folded == "end":
        _end_source(request, typed)
        return
    if rest and not rest[0].quoted and any(word.quoted for word in rest):
        unread = " ".join(word.text for word in rest if not word.quoted)
        raise Refusal(f"I did not understand “{escape(truncate(unread, 60))}”. For example: {sources.EXAMPLE}")
    names, amounts = (rest[:1], rest[1:]) if rest and rest[0].quoted else (rest[:-1], rest[-1:])
    name = command_text.parse_short_text(
        " ".join(word.text for word in names), sources.NAME_SUBJECT, sources.EXAMPLE, rules.NAME
    )
    if not amounts:
        raise Refusal(f"Add what {quote(name, 60)} gives a year. For example: {sources.EXAMPLE}")
    amount = " ".join(word.text for word in amounts)
    with request.begin("facilitator") as (session, caller):
        cents = money.parse_amount(amount, caller.consortium.currency, sources.EXAMPLE)
        consortia.lock(session, caller.consortium.id)
        source = sources.find_source(session, caller, name)
        saved_name = source.name if source is not None else name
        sentence = sources.save_source(session, caller, source, saved_name, cents, request.now)
    request.show_result(sentence, block_kit.button("Sources of funding", "fund.list"))


def _without_add(words: Sequence[Word]) -> Sequence[Word]:
    """Return the words after `add`, which people type although it is not needed."""
    return words[1:] if words and not words[0].quoted and words[0].folded in {"add", "new"} else words


def _end_source(request: SlackRequest, typed: CommandText) -> None:
    text = command_text.parse_quoted_text(typed.words[2:], END_EXAMPLE)
    name = command_text.parse_short_text(text, sources.NAME_SUBJECT, END_EXAMPLE, rules.NAME)
    with request.begin("facilitator") as (session, caller):
        source = sources.get_source(session, caller, name)
        sentence = sources.end_source(session, caller, source, request.now)
    request.show_result(sentence)


# dues and payments -------------------------------------------------------------------------------------


def dues_command(request: SlackRequest, typed: CommandText) -> None:
    """Answer `/workload dues`: list dues, or save or remove an agency's dues for a term."""
    if len(typed.words) == 1 and not typed.options:
        interactions.show_dues(request)
        return
    with request.begin("facilitator") as (session, caller):
        example = _with_agency(DUES_EXAMPLE, session, caller)
        command_text.refuse_unknown_options(typed, (), example)
        name, term, amount = _agency_term_and_amount(typed, example)
        agency = lookup.require_agency(session, caller, name)
        if amount.casefold() in command_text.WORDS_FOR_NONE:
            sentence = dues.remove_dues(session, caller, agency, term, request)
        else:
            cents = money.parse_amount(amount, caller.consortium.currency, example)
            sentence = dues.save_dues(session, caller, agency, term, cents, request)
    request.show_result(sentence, block_kit.button("Dues", "dues.list"))


def paid_command(request: SlackRequest, typed: CommandText) -> None:
    """Answer `/workload paid`: record a payment of dues, or take the last one back; alone, list dues."""
    if len(typed.words) == 1 and not typed.options:
        interactions.show_dues(request)
        return
    if len(typed.words) > 1 and not typed.words[1].quoted and typed.words[1].folded == "back":
        _take_payment_back(request, typed)
        return
    with request.begin("facilitator") as (session, caller):
        example = _with_agency(PAID_EXAMPLE, session, caller)
        command_text.refuse_unknown_options(typed, ("on",), example)
        name, term, amount = _agency_term_and_amount(typed, example)
        agency = lookup.require_agency(session, caller, name)
        cents = money.parse_amount(amount, caller.consortium.currency, example)
        on = parsing.past_day(typed.options.get("on"), request, caller, f"{example[:-1]} on:yesterday`")
        owed = dues.lock_dues(session, agency, term)
        sentence, payment = dues.record_payment(session, caller, owed, cents, on, request)
    request.show_result(sentence, *views.payment_buttons(payment))


def _take_payment_back(request: SlackRequest, typed: CommandText) -> None:
    with request.begin("facilitator") as (session, caller):
        example = _with_agency(BACK_EXAMPLE, session, caller)
        command_text.refuse_unknown_options(typed, (), example)
        rest = typed.words[2:]
        if len(rest) < 2:
            raise Refusal(f"Add the agency and the term. For example: {example}")
        agency = lookup.require_agency(session, caller, " ".join(word.text for word in rest[:-1]))
        owed = dues.lock_dues(session, agency, rules.term(rest[-1].text, example))
        last = funding.lock_last_payment(session, owed)
        if last is None:
            raise Refusal("Nothing has been paid for these dues yet. `/workload dues` lists payments.")
        sentence = dues.take_payment_back(session, caller, (last, owed), request)
    request.show_result(sentence)


def _agency_term_and_amount(typed: CommandText, example: str) -> tuple[str, str, str]:
    """Split typed words into an agency's name, a term, and an amount. Raise `Refusal` if one is missing."""
    rest = _without_add(typed.words[1:])
    if rest and not rest[0].quoted and any(word.quoted for word in rest):
        raise Refusal(f"I did not understand “{escape(truncate(rest[0].text, 60))}”. For example: {example}")
    at = 1 if rest and rest[0].quoted else max(1, len(rest) - 2)
    name = " ".join(word.text for word in rest[:at])
    if len(rest) < at + 2:
        raise Refusal(f"This needs an agency, a term, and an amount. For example: {example}")
    return name, rules.term(rest[at].text, example), " ".join(word.text for word in rest[at + 1 :])


def _with_agency(example: str, session: Session, caller: Caller) -> str:
    """Return an example with the name of an existing agency."""
    some = next(iter(agencies.active(session, caller.consortium.id)), None)
    return example.format(escape(some.name) if some is not None else "Elm Schools")
