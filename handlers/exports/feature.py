"""What Slack sends about exports."""

from handlers.exports import interactions
from handlers.kit.surface import Surface

WORDS = {"export": interactions.typed}
"""What this adds to `/consortium`, which belongs to a feature below."""


def register(surface: Surface) -> None:
    """Say what this feature answers."""
    surface.actions({"export.make": interactions.press})
