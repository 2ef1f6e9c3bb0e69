"""Typed terms of roles, parsed into plain values."""

from datetime import date

from handlers.kit import command_text, dates
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest

NEVER = "no role can be given there"
"""What somebody from outside hears is not possible."""


def term_end(typed: str, request: SlackRequest, caller: Caller, example: str) -> date | None:
    """Read the last day of a term; words such as "none" mean that it has no end. Raises Refusal."""
    if typed.casefold() in command_text.NOTHING:
        return None
    try:
        return dates.read_day(typed, request.now, caller.zone)
    except Refusal as refusal:
        raise Refusal(f"{refusal.sentence} For example: {example}") from None
