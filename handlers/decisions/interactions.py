"""Buttons of the decision log."""

from handlers.decisions.commands import show_page
from handlers.kit import command_text
from handlers.kit.slack_request import SlackRequest


def press_page(request: SlackRequest) -> None:
    """Turn a page."""
    number, _, words = request.value.partition("|")
    show_page(
        request,
        words,
        command_text.row_id(number),
        replace=bool(words or request.action["action_id"] != "member.decisions"),
    )
