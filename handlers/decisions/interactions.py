"""Buttons of the decision log."""

from typing import Any

from handlers.decisions import log, views
from handlers.kit import block_kit, command_text
from handlers.kit.slack_request import SlackRequest


def press_page(request: SlackRequest) -> None:
    """Show the log, or turn to another page of it."""
    request.show_window("decisions", request.value)


def show_log(request: SlackRequest, words: str) -> None:
    """Show the log, newest first; with `words`, only the entries that contain them."""
    request.show_window("decisions", f"0|{words[: log.MOST_WORDS]}")


def render_page(request: SlackRequest, value: str) -> dict[str, Any]:
    """Render one page of the log. The value is the number of the page, and the words that were searched for."""
    number, _, words = value.partition("|")
    with request.read("member") as (session, caller):
        reader = request.reader(caller.person.id)
        page = log.load_page(session, caller, reader, words, command_text.parse_row_id(number))
    return block_kit.info_form("Decisions", views.log_page(page, words))
