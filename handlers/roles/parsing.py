"""Parse the typed terms of roles into plain values."""

from datetime import date

from handlers.kit import command_text, dates
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest

NEVER = "no role can be given there"
"""What is impossible for people from outside the consortium, as the refusal says it."""


def term_end(typed: str, request: SlackRequest, caller: Caller, example: str) -> date | None:
    """Parse the last day of a term; None for words such as "none". Raise `Refusal` if it cannot be read."""
    if typed.casefold() in command_text.WORDS_FOR_NONE:
        return None
    try:
        return dates.parse_future_day(typed, request.now, caller.zone)
    except Refusal as refusal:
        raise refusal.with_example(f"For example: {example}") from None
