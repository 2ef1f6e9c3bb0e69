"""Buttons of the decision log."""

from handlers.decisions import log, views
from handlers.kit import command_text
from handlers.kit.slack_request import SlackRequest


def press_page(request: SlackRequest) -> None:
    """Show the log, or turn to another page of it."""
    number, _, words = request.value.partition("|")
    show_page(
        request,
        words,
        command_text.parse_row_id(number),
        replace=bool(words or request.action["action_id"] != "member.decisions"),
    )


def show_page(request: SlackRequest, words: str, number: int, *, replace: bool) -> None:
    """Show one page of the log; with `words`, only of the entries that contain them."""
    words = words[: log.MOST_WORDS]
    with request.read("member") as (session, caller):
        blocks = views.log_page(log.load_page(session, caller, request.reader(caller.person.id), words, number), words)
    request.answer("The decision log.", blocks, replace=replace)
