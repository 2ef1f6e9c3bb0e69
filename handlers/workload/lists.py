"""What the lists of this feature share: they are paged, and cut until a page has room in one message."""

import json
from collections.abc import Callable
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import ButtonElement

from handlers.kit import blocks as kit
from handlers.kit.lists import Page
from handlers.kit.text import context

WIDTHS = (300, 80, 30, 12)
"""Words and names are cut until all of a page has room; the last has room whatever was typed."""


def fitting(draw: Callable[[int], list[Block]]) -> list[Block]:
    """Draw with as much width as one message has room for."""
    blocks: list[Block] = []
    for width in WIDTHS:
        blocks = draw(width)
        if sum(len(json.dumps(block.to_dict(), ensure_ascii=False)) for block in blocks) < kit.MESSAGE_CHARACTERS - 500:
            break
    return blocks


def turning(page: Page[Any], action: str, *more: ButtonElement | None) -> list[Block]:
    """Draw what stands beneath a page: its number, the buttons that turn it, and others."""
    back = kit.button("Back", f"{action}.back", str(page.number - 1)) if page.number else None
    on = kit.button("More", f"{action}.more", str(page.number + 1)) if page.number < page.last else None
    made: list[Block] = [context(f"Page {page.number + 1} of {page.last + 1}")] if page.last else []
    return [*made, kit.row(back, on, *more)] if back or on or any(more) else made


def number(value: str) -> int:
    """Read which page is meant; the first where it cannot be read."""
    return int(value) if value.isdecimal() and len(value) < 6 else 0
