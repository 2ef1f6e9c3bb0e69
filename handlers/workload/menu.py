"""The menu through which everything of this feature that can be typed is found by clicking too."""

from collections.abc import Callable

from slack_sdk.models.blocks import OverflowMenuElement

from handlers.kit import blocks as kit
from handlers.kit.asking import Ask
from handlers.kit.refusals import Refusal
from handlers.workload import dues_pressing, funding, giving_pressing, role_pressing

ENTRIES = {
    "roles": "Who holds which role",
    "given": "What agencies gave",
    "gains": "What agencies gained",
    "funding": "Sources of funding",
    "dues": "Dues",
}


def more() -> OverflowMenuElement | None:
    """Make the menu behind three dots."""
    return kit.overflow("load.more", [kit.choice(label, value) for value, label in ENTRIES.items()])


def press(ask: Ask) -> None:
    """Show what was chosen behind the three dots."""
    shows: dict[str, Callable[[Ask], None]] = {
        "roles": role_pressing.show,
        "given": giving_pressing.show_given,
        "gains": giving_pressing.show_gains,
        "funding": funding.show,
        "dues": dues_pressing.show,
    }
    if ask.value not in shows:
        raise Refusal("This entry belongs to an earlier time. `/workload help` explains what there is.")
    shows[ask.value](ask)
