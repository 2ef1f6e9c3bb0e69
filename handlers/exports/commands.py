"""`/consortium export`, as people type it."""

from handlers.exports import views
from handlers.exports.interactions import request_export
from handlers.kit.command_text import Typed
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest


def export_command(request: SlackRequest, said: Typed) -> None:
    """Answer `/consortium export`. Raises Refusal where more was said."""
    request.require()
    if len(said.words) > 1 or said.options or said.gaps:
        raise Refusal(views.unexpected_words(said.text.partition(" ")[2]))
    request_export(request)
