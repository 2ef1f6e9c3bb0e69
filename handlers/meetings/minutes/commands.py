"""`/meeting minutes` and `/meeting read`, as people type them."""

from handlers.kit.command_text import Typed
from handlers.kit.slack_request import SlackRequest
from handlers.meetings.minutes import interactions


def minutes_command(request: SlackRequest, _typed: Typed) -> None:
    """Open the form for the minutes."""
    interactions.write(request)


def read_command(request: SlackRequest, _typed: Typed) -> None:
    """Show the latest minutes."""
    interactions.show(request)
