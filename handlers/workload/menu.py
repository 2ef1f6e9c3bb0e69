"""The menu through which everything of this feature that can be typed is found by clicking too."""

from slack_sdk.models.blocks import OverflowMenuElement

from handlers.kit import block_kit

ENTRIES = {
    "roles": "Who holds which role",
    "given": "What agencies gave",
    "gains": "What agencies gained",
    "funding": "Sources of funding",
    "dues": "Dues",
}


def more_menu() -> OverflowMenuElement | None:
    """Make the menu behind three dots."""
    return block_kit.overflow("load.more", [block_kit.choice(label, value) for value, label in ENTRIES.items()])
