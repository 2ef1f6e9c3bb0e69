"""`/meeting minutes` and `/meeting read`."""

from handlers.kit.command_text import CommandText
from handlers.kit.slack_request import SlackRequest
from handlers.kit.subcommands import takes_nothing
from handlers.meetings.minutes import interactions


@takes_nothing
def minutes_command(request: SlackRequest, _typed: CommandText) -> None:
    """Open the form for the minutes of the latest meeting without any."""
    interactions.open_latest_missing(request)


@takes_nothing
def read_command(request: SlackRequest, _typed: CommandText) -> None:
    """Show the latest minutes of this channel."""
    interactions.show_latest(request)
