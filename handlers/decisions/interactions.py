"""Buttons of the decision log."""

from handlers.decisions.commands import show_page
from handlers.kit.slack_request import Ask


def press_page(ask: Ask) -> None:
    """Turn a page."""
    number, _, words = ask.value.partition("|")
    show_page(
        ask,
        words,
        int(number) if number.isdecimal() else 0,
        replace=bool(words or ask.action["action_id"] != "member.decisions"),
    )
