"""The demo's story, played through the sandbox's own controls as people would."""

from datetime import UTC, datetime, timedelta

from bot.sandbox import Workspace, empty_workspace

WORKSPACE: Workspace = empty_workspace()


def begins_at() -> datetime:
    """Give the moment at which the story begins."""
    return datetime.now(UTC) - timedelta(days=21)


def tell(url: str) -> None:
    """Play the story."""
    del url
