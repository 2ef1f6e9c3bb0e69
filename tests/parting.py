"""Ending what a test used while the next test begins: servers take a quarter of a second to stop, mostly waiting."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TypeVar

Thing = TypeVar("Thing")

_pool = ThreadPoolExecutor(1, thread_name_prefix="parting")
_leaving: list[Future[None]] = []


@contextmanager
def parting(thing: AbstractContextManager[Thing]) -> Iterator[Thing]:
    """Use a thing, and end it behind the test's back."""
    with ExitStack() as stack:
        yield stack.enter_context(thing)
        _leaving.append(_pool.submit(stack.pop_all().close))


def wait() -> None:
    """Wait until all that was left has ended; what went wrong is raised here."""
    while _leaving:
        _leaving.pop().result(timeout=600)
