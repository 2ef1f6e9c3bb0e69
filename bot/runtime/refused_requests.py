"""Requests over HTTP that were refused before anything was read in them: counted, and logged at most once a minute.

Anybody can send such requests to a public address, and must not be able to fill the log.
"""

import threading
import time
from collections import Counter

import structlog

log = structlog.get_logger()

LOG_SECONDS = 60

_lock = threading.Lock()
_counts: Counter[str] = Counter()
_logged_at: dict[str, float] = {}


def note(reason: str) -> None:
    """Count a refused request. Log the first of its kind at once, and later ones together, once a minute."""
    with _lock:
        _counts[reason] += 1
        now = time.monotonic()
        if now - _logged_at.get(reason, -LOG_SECONDS) < LOG_SECONDS:
            return
        _logged_at[reason] = now
        requests = _counts.pop(reason)
    log.warning("request refused", reason=reason, requests=requests)
