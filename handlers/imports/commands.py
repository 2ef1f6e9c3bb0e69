"""`/consortium import`, as people type it."""

from handlers.imports import interactions
from handlers.kit.command_text import CommandText
from handlers.kit.slack_request import SlackRequest
from handlers.kit.subcommands import refuse_the_rest


def import_command(request: SlackRequest, typed: CommandText) -> None:
    """Answer `/consortium import`: open the form that takes a table, or with `again` send what was lost."""
    if typed.after(1).casefold() == "again":
        interactions.send_again(request)
        return
    refuse_the_rest(request, typed)
    interactions.press_form(request)
