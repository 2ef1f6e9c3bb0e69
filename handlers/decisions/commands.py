"""`/consortium decisions` as people type it."""

from handlers.decisions.interactions import show_log
from handlers.kit import command_text
from handlers.kit.command_text import CommandText
from handlers.kit.slack_request import SlackRequest


def decisions_command(request: SlackRequest, typed: CommandText) -> None:
    """Answer `/consortium decisions`: show the log, newest first, or only the entries with the typed words."""
    command_text.refuse_unknown_options(typed, (), "`/consortium decisions budget`")
    show_log(request, typed.after(1))
