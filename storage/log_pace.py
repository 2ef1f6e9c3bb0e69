"""How often the same trouble is logged: what is tried every few seconds may fail for hours."""

import threading
import time

SECONDS = 60.0

_lock = threading.Lock()
_logged_at: dict[str, float] = {}


def may_log(trouble: str) -> bool:
    """Return whether to log this trouble now: the first time, and again after a minute."""
    with _lock:
        now = time.monotonic()
        if now - _logged_at.get(trouble, -SECONDS) < SECONDS:
            return False
        _logged_at[trouble] = now
        return True


def forget() -> None:
    """Log every trouble anew."""
    with _lock:
        _logged_at.clear()
