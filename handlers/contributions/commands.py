"""`/workload give`, `given`, `gain`, and `gains` as people type them."""

from sqlalchemy.orm import Session

from handlers.contributions import interactions, parsing, records, rules, views
from handlers.kit import command_text
from handlers.kit.callers import Caller
from handlers.kit.command_text import CommandText
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape, quote
from storage import agencies
from storage.agencies import Agency
from storage.vocabulary import ContributionKind

GAIN_EXAMPLE = '`/workload gain "Two teachers trained"`'
GIVE_BACK_EXAMPLE = '`/workload give back "Hosted the training"`'
GAIN_BACK_EXAMPLE = '`/workload gain back "Two teachers trained"`'


def give_command(request: SlackRequest, typed: CommandText) -> None:
    """Answer `/workload give`: record a contribution, take one back, or open the form."""
    if len(typed.words) == 1 and not typed.options:
        interactions.press_give(request)
        return
    request.require()
    if _is_take_back(typed):
        _take_contribution_back(request, typed)
        return
    kind = parsing.typed_kind(typed)
    example = parsing.EXAMPLES[kind]
    more_options = ("value",) if kind is ContributionKind.IN_KIND else ()
    command_text.refuse_unknown_options(typed, (kind.value, "agency", "on", *more_options), example)
    with request.begin() as (session, caller):
        draft = parsing.typed_draft(kind, typed, caller.consortium.currency)
        agency = _agency(session, caller, typed, example)
        on = parsing.past_day(typed.options.get("on"), request, caller, f"{example[:-1]} on:yesterday`")
        contribution = records.record_contribution(session, caller, agency, draft, on, request.now)
        sentence = views.contribution_recorded(contribution, agency.name, caller.consortium.currency)
    request.show_result(sentence, *views.contribution_buttons(contribution))


def _take_contribution_back(request: SlackRequest, typed: CommandText) -> None:
    words = _words_of_entry(typed, GIVE_BACK_EXAMPLE)
    with request.begin() as (session, caller):
        contribution = records.lock_own_contribution(session, caller, words)
        if contribution is None:
            raise _no_such_entry(words, "given")
        sentence = records.take_back(session, caller, contribution, request.now)
    request.show_result(sentence)


def gain_command(request: SlackRequest, typed: CommandText) -> None:
    """Answer `/workload gain`: record a gain, take one back, or open the form."""
    if len(typed.words) == 1 and not typed.options:
        interactions.press_gain(request)
        return
    request.require()
    if _is_take_back(typed):
        _take_gain_back(request, typed)
        return
    command_text.refuse_unknown_options(typed, ("agency",), GAIN_EXAMPLE)
    text = command_text.parse_quoted_text(typed.words[1:], GAIN_EXAMPLE)
    words = command_text.parse_short_text(text, "what was gained", GAIN_EXAMPLE, rules.WORDS)
    with request.begin() as (session, caller):
        agency = _agency(session, caller, typed, GAIN_EXAMPLE)
        gain = records.record_gain(session, caller, agency, words, request.now)
        sentence = views.gain_recorded(gain, agency.name)
    request.show_result(sentence, *views.gain_buttons(gain))


def _take_gain_back(request: SlackRequest, typed: CommandText) -> None:
    words = _words_of_entry(typed, GAIN_BACK_EXAMPLE)
    with request.begin() as (session, caller):
        gain = records.lock_own_gain(session, caller, words)
        if gain is None:
            raise _no_such_entry(words, "gains")
        sentence = records.take_back(session, caller, gain, request.now)
    request.show_result(sentence)


def _agency(session: Session, caller: Caller, typed: CommandText, example: str) -> Agency:
    """Return the agency to record for. Raise `Refusal`, with an existing agency in the example, when it is unclear."""
    some = next(iter(agencies.active(session, caller.consortium.id)), None)
    name = escape(some.name) if some is not None else "Elm Schools"
    return records.agency_by_name(session, caller, typed.options.get("agency"), f'{example[:-1]} agency:"{name}"`')


def _is_take_back(typed: CommandText) -> bool:
    return len(typed.words) > 1 and not typed.words[1].quoted and typed.words[1].folded == "back"


def _words_of_entry(typed: CommandText, example: str) -> str:
    """Return the description of the entry to take back. Raise `Refusal` if it is missing."""
    command_text.refuse_unknown_options(typed, (), example)
    text = command_text.parse_quoted_text(typed.words[2:], example)
    return command_text.parse_short_text(text, "which entry you mean", example, rules.WORDS)


def _no_such_entry(words: str, list_command: str) -> Refusal:
    return Refusal(
        f"I found no entry {quote(words, 60)} that you can take back. `/workload {list_command}` lists the entries, "
        "with buttons."
    )


def given_command(request: SlackRequest, typed: CommandText) -> None:
    """Answer `/workload given`: list what agencies gave."""
    _check_alone(request, typed, "`/workload given`")
    interactions.show_given(request)


def gains_command(request: SlackRequest, typed: CommandText) -> None:
    """Answer `/workload gains`: list what agencies gained."""
    _check_alone(request, typed, "`/workload gains`")
    interactions.show_gains(request)


def _check_alone(request: SlackRequest, typed: CommandText, example: str) -> None:
    """Raise `Refusal` if anything follows the command."""
    request.require()
    command_text.refuse_unknown_options(typed, (), example)
    command_text.refuse_extra_words(typed.words[1:], example)
