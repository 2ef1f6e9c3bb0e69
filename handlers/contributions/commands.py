"""Contributions and gains as they are typed."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from handlers.contributions import interactions, parsing, records, rules, views
from handlers.contributions.records import Gift
from handlers.kit import command_text, hours
from handlers.kit import money as kit_money
from handlers.kit.callers import Caller
from handlers.kit.command_text import Typed, Word
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape, quote
from storage import agencies
from storage.agencies import Agency
from storage.contributions import Gain, Given
from storage.vocabulary import GivenKind

HOURS = '`/workload give hours:3 "Hosted the training"`'
MONEY = '`/workload give money:500 "For the buses"`'
IN_KIND = '`/workload give in-kind:"Room for 40" value:200`'
GAIN = '`/workload gain "Two teachers trained"`'
GIVE_BACK = '`/workload give back "Hosted the training"`'
GAIN_BACK = '`/workload gain back "Two teachers trained"`'
EXAMPLES = {GivenKind.HOURS: HOURS, GivenKind.MONEY: MONEY, GivenKind.IN_KIND: IN_KIND}


def give(request: SlackRequest, typed: Typed) -> None:
    """Record what an agency gave; alone it opens the form."""
    if len(typed.words) == 1 and not typed.options:
        interactions.press_give(request)
        return
    request.require()
    if _is_back(typed):
        _give_back(request, typed)
        return
    kind = _kind(typed)
    example = EXAMPLES[kind]
    only = ("value",) if kind is GivenKind.IN_KIND else ()
    command_text.check_options(typed, (kind.value, "agency", "on", *only), example)
    with request.begin() as (session, caller):
        gift = _gift(kind, typed, caller.consortium.currency, example)
        agency = _agency(session, caller, typed, example)
        on = parsing.past_day(typed.options.get("on"), request, caller, f"{example[:-1]} on:yesterday`")
        made = records.give(session, caller, agency, gift, on, request.now)
        said = views.recorded(made, agency.name, caller.consortium.currency)
    request.done(said, *interactions.given_buttons(made))


def _kind(typed: Typed) -> GivenKind:
    kinds = [kind for kind in GivenKind if kind.value in typed.options]
    if len(kinds) == 1:
        return kinds[0]
    which = f"{' and '.join(f'`{kind.value}:`' for kind in kinds)} at once" if kinds else "none of them"
    raise Refusal(
        f"One entry is `hours:`, `money:` or `in-kind:`; I read {which}. For example: {HOURS}, {MONEY} or {IN_KIND}. "
        f"{views.SEEN}"
    )


def _gift(kind: GivenKind, typed: Typed, currency: str, example: str) -> Gift:
    if kind is GivenKind.IN_KIND:
        command_text.nothing_more(typed.words[1:], example)
        words = command_text.short_text(typed.options[kind.value], "what was given", example, rules.WORDS)
        if "value" not in typed.options:
            raise Refusal(f"Say about what it is worth: `value:200`. For example: {example}")
        return Gift(kind, words, cents=kit_money.read(typed.options["value"], currency, example))
    words = command_text.short_text(
        command_text.quoted_text(typed.words[1:], example), "what was given", example, rules.WORDS
    )
    if kind is GivenKind.MONEY:
        return Gift(kind, words, cents=kit_money.read(typed.options[kind.value], currency, example))
    return Gift(kind, words, hours=hours.quarter_hours(typed.options[kind.value], example, most=rules.MOST_GIVEN))


def _agency(session: Session, caller: Caller, typed: Typed, example: str) -> Agency:
    """Find the agency for which something is recorded. Raises Refusal, with an agency that there is."""
    some = next(iter(agencies.living(session, caller.consortium.id)), None)
    name = escape(some.name) if some is not None else "Elm Schools"
    return parsing.agency(session, caller, typed.options.get("agency"), f'{example[:-1]} agency:"{name}"`')


def gain(request: SlackRequest, typed: Typed) -> None:
    """Record what an agency gained; alone it opens the form."""
    if len(typed.words) == 1 and not typed.options:
        interactions.press_gain(request)
        return
    request.require()
    if _is_back(typed):
        _gain_back(request, typed)
        return
    command_text.check_options(typed, ("agency",), GAIN)
    words = command_text.short_text(
        command_text.quoted_text(typed.words[1:], GAIN), "what was gained", GAIN, rules.WORDS
    )
    with request.begin() as (session, caller):
        agency = _agency(session, caller, typed, GAIN)
        made = records.gain(session, caller, agency, words, request.now)
        said = views.gained(made, agency.name)
    request.done(said, *interactions.gain_buttons(made))


# lists and taking back ---------------------------------------------------------------------------------


def given(request: SlackRequest, typed: Typed) -> None:
    """List what agencies gave."""
    _alone(request, typed, "`/workload given`")
    interactions.show_given(request)


def gains(request: SlackRequest, typed: Typed) -> None:
    """List what agencies gained."""
    _alone(request, typed, "`/workload gains`")
    interactions.show_gains(request)


def _alone(request: SlackRequest, typed: Typed, example: str) -> None:
    request.require()
    command_text.check_options(typed, (), example)
    command_text.nothing_more(typed.words[1:], example)


def _is_back(typed: Typed) -> bool:
    return len(typed.words) > 1 and not typed.words[1].quoted and typed.words[1].folded == "back"


def _called(rest: Sequence[Word], typed: Typed, example: str) -> str:
    command_text.check_options(typed, (), example)
    return command_text.short_text(
        command_text.quoted_text(rest, example), "which entry you mean", example, rules.WORDS
    )


def _give_back(request: SlackRequest, typed: Typed) -> None:
    _back(request, _called(typed.words[2:], typed, GIVE_BACK), records.given_called, "given")


def _gain_back(request: SlackRequest, typed: Typed) -> None:
    _back(request, _called(typed.words[2:], typed, GAIN_BACK), records.gain_called, "gains")


def _back(
    request: SlackRequest, words: str, find: Callable[[Session, Caller, str], Given | Gain | None], which: str
) -> None:
    """Take back the entry that has these words."""
    with request.begin() as (session, caller):
        found = find(session, caller, words)
        if found is None:
            raise _none(words, which)
        said = records.take_back(session, caller, found, request.now)
    request.done(said)


def _none(words: str, which: str) -> Refusal:
    return Refusal(
        f"I found no entry {quote(words, 60)} that you could take back. `/workload {which}` lists them, with buttons."
    )
