"""Parse typed and submitted contributions into plain values."""

from dataclasses import dataclass
from datetime import date

from handlers.contributions import rules, views
from handlers.kit import command_text, dates, hours, money
from handlers.kit.callers import Caller
from handlers.kit.command_text import CommandText
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from storage.vocabulary import ContributionKind

EXAMPLES = {
    ContributionKind.HOURS: '`/workload give hours:3 "Hosted the training"`',
    ContributionKind.MONEY: '`/workload give money:500 "For the buses"`',
    ContributionKind.IN_KIND: '`/workload give in-kind:"Room for 40" value:200`',
}


@dataclass(frozen=True)
class ContributionDraft:
    """A contribution before it is recorded: hours or cents, and a short description."""

    kind: ContributionKind
    words: str
    hours: float | None = None
    cents: int | None = None


def typed_kind(typed: CommandText) -> ContributionKind:
    """Return the kind of a typed contribution. Raise `Refusal` unless exactly one was typed."""
    kinds = [kind for kind in ContributionKind if kind.value in typed.options]
    if len(kinds) == 1:
        return kinds[0]
    which = f"{' and '.join(f'`{kind.value}:`' for kind in kinds)} together" if kinds else "none of them"
    raise Refusal(
        f"An entry has one of `hours:`, `money:`, or `in-kind:`. I found {which}. For example: "
        f"{EXAMPLES[ContributionKind.HOURS]}, {EXAMPLES[ContributionKind.MONEY]}, or "
        f"{EXAMPLES[ContributionKind.IN_KIND]}. {views.GIVEN_READERS}"
    )


def typed_draft(kind: ContributionKind, typed: CommandText, currency: str) -> ContributionDraft:
    """Parse a typed contribution. Raise `Refusal` if its amount or description is missing or cannot be read."""
    example = EXAMPLES[kind]
    if kind is ContributionKind.IN_KIND:
        command_text.refuse_extra_words(typed.words[1:], example)
        words = command_text.parse_short_text(typed.options[kind.value], "what was given", example, rules.WORDS)
        if "value" not in typed.options:
            raise Refusal(f"Add its approximate value, such as `value:200`. For example: {example}")
        return ContributionDraft(kind, words, cents=money.parse_amount(typed.options["value"], currency, example))
    text = command_text.parse_quoted_text(typed.words[1:], example)
    words = command_text.parse_short_text(text, "what was given", example, rules.WORDS)
    amount = typed.options[kind.value]
    if kind is ContributionKind.MONEY:
        return ContributionDraft(kind, words, cents=money.parse_amount(amount, currency, example))
    return ContributionDraft(kind, words, hours=hours.parse_quarter_hours(amount, example, most=rules.MOST_GIVEN))


def form_draft(kind: ContributionKind, words: str, amount: str, currency: str) -> ContributionDraft:
    """Parse the contribution of a form. Raise `Refusal` at the field when the amount cannot be read."""
    if kind is ContributionKind.HOURS:
        return ContributionDraft(
            kind, words, hours=hours.parse_quarter_hours(amount, "3", "amount", most=rules.MOST_GIVEN)
        )
    return ContributionDraft(kind, words, cents=money.parse_amount(amount, currency, "1200.50", "amount"))


def past_day(typed: str | None, request: SlackRequest, caller: Caller, example: str, field: str | None = None) -> date:
    """Parse the day when something was given or paid; today without a text. Raise `Refusal` if it cannot be."""
    today = dates.today(request.now, caller.zone)
    if not typed:
        return today
    try:
        on = dates.parse_day(typed, request.now, caller.zone, past=True)
    except Refusal as refusal:
        raise refusal.with_example(f"For example: {example}", field) from None
    return rules.past_day(on, today, example, field)
