"""Split long lists into pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import ButtonElement

from handlers.kit import block_kit
from handlers.kit.block_kit import context

T = TypeVar("T")

PAGE_SIZE = 10


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list. `number` starts at 0; `last` is the number of the last page."""

    items: Sequence[T]
    number: int
    last: int
    total: int


def paginate(items: Sequence[T], number: int, size: int = PAGE_SIZE) -> Page[T]:
    """Return one page of a list. A number beyond the end returns the last page."""
    last = max(0, (len(items) - 1) // size)
    number = max(0, min(number, last))
    return Page(items[number * size : (number + 1) * size], number, last, len(items))


def fetch_page(total: int, number: int, fetch: Callable[[int, int], Sequence[T]], size: int = PAGE_SIZE) -> Page[T]:
    """Fetch one page of a stored list. `fetch` takes an offset and a limit."""
    last = max(0, (total - 1) // size)
    number = max(0, min(number, last))
    return Page(fetch(number * size, size), number, last, total)


WIDTHS = (300, 80, 30, 12)
"""Lengths to which texts are cut until a page fits into a message. The last one always fits."""


def fit_to_message(render: Callable[[int], list[Block]]) -> list[Block]:
    """Render with the largest of the widths that fits into one message."""
    blocks: list[Block] = []
    for width in WIDTHS:
        blocks = render(width)
        if block_kit.json_size(blocks) < block_kit.MESSAGE_CHARACTERS - 500:
            break
    return blocks


def page_buttons(page: Page[Any], action: str, *more: ButtonElement | None) -> list[Block]:
    """Render the footer of a page: its number, the buttons that turn pages, and other buttons."""
    back = block_kit.button("Back", f"{action}.back", str(page.number - 1)) if page.number else None
    forward = block_kit.button("More", f"{action}.more", str(page.number + 1)) if page.number < page.last else None
    footer: list[Block] = [context(f"Page {page.number + 1} of {page.last + 1}")] if page.last else []
    buttons = [back, forward, *more]
    return [*footer, block_kit.actions(*buttons)] if any(buttons) else footer
