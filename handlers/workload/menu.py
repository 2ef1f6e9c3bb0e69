"""The menu through which everything of this feature that can be typed is found by clicking too."""

from collections.abc import Callable

from slack_sdk.models.blocks import OverflowMenuElement

from handlers.contributions import interactions
from handlers.funding import dues_interactions, sources
from handlers.kit import block_kit
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.roles import interactions as role_pressing

ENTRIES = {
    "roles": "Who holds which role",
    "given": "What agencies gave",
    "gains": "What agencies gained",
    "funding": "Sources of funding",
    "dues": "Dues",
}


def more() -> OverflowMenuElement | None:
    """Make the menu behind three dots."""
    return block_kit.overflow("load.more", [block_kit.choice(label, value) for value, label in ENTRIES.items()])


def press(ask: Ask) -> None:
    """Show what was chosen behind the three dots."""
    shows: dict[str, Callable[[Ask], None]] = {
        "roles": role_pressing.show,
        "given": interactions.show_given,
        "gains": interactions.show_gains,
        "funding": sources.show,
        "dues": dues_interactions.show,
    }
    if ask.value not in shows:
        raise Refusal("This entry belongs to an earlier time. `/workload help` explains what there is.")
    shows[ask.value](ask)
