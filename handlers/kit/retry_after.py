"""How long Slack asks the bot to wait."""

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

SHORTEST, LONGEST = timedelta(seconds=1), timedelta(hours=1)
"""A wait of zero would call Slack in a loop, and one of years would stop delivery for good."""


def read_retry_after(headers: Mapping[str, object]) -> timedelta | None:
    """Return what `Retry-After` asks for, between a second and an hour; None where it is missing or unreadable.

    Its forms are those of RFC 9110, 10.2.3: seconds, or a date, which is counted from the `Date` of the same answer. A
    header may come as a list, and its name in any case. Fractions of a second occur in practice.
    """
    named = {str(name).casefold(): value for name, value in headers.items()}
    for value in _values(named.get("retry-after")):
        wait = _seconds(value) or _until(value, named.get("date"))
        if wait is not None:
            return min(max(wait, SHORTEST), LONGEST)
    return None


def _values(header: object) -> list[str]:
    if header is None:
        return []
    values = header if isinstance(header, Iterable) and not isinstance(header, str) else [header]
    return [str(value).strip() for value in values]


def _seconds(value: str) -> timedelta | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    if not math.isfinite(seconds):
        return None
    # a number too large for a timedelta is as good as an hour
    return timedelta(seconds=min(max(seconds, 1), LONGEST.total_seconds()))


def _until(value: str, date: object) -> timedelta | None:
    until = _parse_date(value)
    if until is None:
        return None
    sent = next((at for text in _values(date) if (at := _parse_date(text)) is not None), datetime.now(UTC))
    return until - sent


def _parse_date(value: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
