"""`/consortium import`, as people type it."""

from handlers.imports.interactions import press_form
from handlers.kit.command_text import CommandText
from handlers.kit.slack_request import SlackRequest
from handlers.kit.subcommands import takes_nothing


@takes_nothing
def import_command(request: SlackRequest, _typed: CommandText) -> None:
    """Answer `/consortium import`: open the form that takes a table."""
    press_form(request)
