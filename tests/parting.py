"""Stop servers in the background while the next test begins: stopping one takes a quarter of a second of waiting."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TypeVar

Thing = TypeVar("Thing")

_pool = ThreadPoolExecutor(1, thread_name_prefix="parting")
_leaving: list[Future[None]] = []


@contextmanager
def close_in_background(thing: AbstractContextManager[Thing]) -> Iterator[Thing]:
    """Enter a context and leave it in the background."""
    with ExitStack() as stack:
        yield stack.enter_context(thing)
        _leaving.append(_pool.submit(stack.pop_all().close))


def wait_until_closed() -> None:
    """Wait until everything has stopped. Raise what went wrong."""
    while _leaving:
        _leaving.pop().result(timeout=600)
