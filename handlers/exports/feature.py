"""What Slack sends about exports."""

from handlers.exports import commands, interactions
from handlers.kit.surface import Surface

WORDS = {"export": commands.export_command}
"""What this adds to `/consortium`, which belongs to a feature below."""


def register(surface: Surface) -> None:
    """Say what this feature answers."""
    surface.actions({"export.make": interactions.press_export})
