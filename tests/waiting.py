"""How long tests wait for threads and processes: far longer than needed, because the machine may be slow and busy."""

import threading
from collections.abc import Callable

PATIENCE = 120
"""Seconds before a test gives up."""


def wait_until(condition: Callable[[], object]) -> bool:
    """Check a condition until it holds. Return False if the test gives up."""
    pause = threading.Event()
    for _ in range(PATIENCE * 50):
        if condition():
            return True
        pause.wait(0.02)
    return False
