"""Long lists come in pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import ButtonElement

from handlers.kit import block_kit
from handlers.kit.block_kit import context

T = TypeVar("T")

SIZE = 10


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list. `number` counts from 0; `last` is the number of the last page."""

    items: Sequence[T]
    number: int
    last: int
    total: int


def page(items: Sequence[T], number: int, size: int = SIZE) -> Page[T]:
    """Cut one page out of a list; a number beyond the end gives the last page."""
    last = max(0, (len(items) - 1) // size)
    number = max(0, min(number, last))
    return Page(items[number * size : (number + 1) * size], number, last, len(items))


def fetched(total: int, number: int, fetch: Callable[[int, int], Sequence[T]], size: int = SIZE) -> Page[T]:
    """Fetch one page of a list that is kept elsewhere; `fetch` takes the place of the first item and how many."""
    last = max(0, (total - 1) // size)
    number = max(0, min(number, last))
    return Page(fetch(number * size, size), number, last, total)


WIDTHS = (300, 80, 30, 12)
"""Words and names are cut until all of a page has room; the last has room whatever was typed."""


def fitting(draw: Callable[[int], list[Block]]) -> list[Block]:
    """Draw with as much width as one message has room for."""
    blocks: list[Block] = []
    for width in WIDTHS:
        blocks = draw(width)
        if block_kit.size(blocks) < block_kit.MESSAGE_CHARACTERS - 500:
            break
    return blocks


def turning(page: Page[Any], action: str, *more: ButtonElement | None) -> list[Block]:
    """Draw what stands beneath a page: its number, the buttons that turn it, and others."""
    back = block_kit.button("Back", f"{action}.back", str(page.number - 1)) if page.number else None
    on = block_kit.button("More", f"{action}.more", str(page.number + 1)) if page.number < page.last else None
    made: list[Block] = [context(f"Page {page.number + 1} of {page.last + 1}")] if page.last else []
    return [*made, block_kit.row(back, on, *more)] if back or on or any(more) else made
