"""Long lists come in pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

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
