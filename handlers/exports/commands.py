"""`/consortium export`, as people type it."""

from handlers.exports import views
from handlers.exports.interactions import request_export
from handlers.kit.command_text import CommandText
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest


def export_command(request: SlackRequest, typed: CommandText) -> None:
    """Answer `/consortium export`. Raise Refusal if anything follows."""
    request.require()
    if len(typed.words) > 1 or typed.options or typed.gaps:
        raise Refusal(views.unexpected_words(typed.text.partition(" ")[2]))
    request_export(request)
