"""`/meeting minutes` and `/meeting read`."""

from handlers.kit.command_text import CommandText
from handlers.kit.slack_request import SlackRequest
from handlers.meetings.minutes import interactions


def minutes_command(request: SlackRequest, _typed: CommandText) -> None:
    """Open the form for the minutes of the latest meeting without any."""
    interactions.open_latest_missing(request)


def read_command(request: SlackRequest, _typed: CommandText) -> None:
    """Show the latest minutes of this channel."""
    interactions.show_latest(request)
