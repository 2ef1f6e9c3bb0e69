"""Story time: real time plus all advances, never backward."""

import re
import time
from datetime import UTC, datetime, timedelta

from ..errors import ControlError
from .store import Store

DURATION = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.IGNORECASE,
)


def read_duration(text: object) -> timedelta:
    """Read an ISO 8601 duration of weeks, days, hours, minutes and seconds."""
    match = DURATION.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None or not any(match.groupdict().values()):
        raise ControlError(f"{text!r} is not a duration such as P7D, PT1H or P1DT30M")
    try:
        return timedelta(**{unit: float(amount) for unit, amount in match.groupdict().items() if amount})
    except OverflowError as error:
        raise ControlError(f"{text!r} is too long") from error


def read_time(text: object) -> datetime:
    """Read an ISO 8601 time, which must have a zone."""
    try:
        time_read = datetime.fromisoformat(text) if isinstance(text, str) else None
        if time_read is not None and time_read.tzinfo is not None:
            return time_read.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ControlError(f"{text!r} is not a time such as 2026-12-01T09:00:00Z")


class StoryClock:
    """Story time, which can be advanced."""

    def __init__(self, store: Store, starts_at: datetime | None) -> None:
        self._store = store
        self._story = datetime.now(UTC)
        self._anchor = time.monotonic_ns()
        ahead = store.load("clock").get("ahead")
        if ahead is not None:
            self._story += timedelta(microseconds=ahead)
        elif starts_at is not None:
            self.advance_to(starts_at.astimezone(UTC))

    def now(self) -> datetime:
        """Return the current story time, in UTC."""
        # Whole microseconds since the anchor: after advance_to(t), now() is never before t.
        return self._story + timedelta(microseconds=(time.monotonic_ns() - self._anchor) // 1000)

    def seconds(self) -> float:
        """Return the current story time as Unix seconds."""
        return self.now().timestamp()

    def advance_to(self, time_wanted: datetime) -> None:
        """Set the clock; it continues from there."""
        self._anchor = time.monotonic_ns()
        self._story = time_wanted
        ahead = (time_wanted - datetime.now(UTC)) // timedelta(microseconds=1)
        self._store.put("clock", "ahead", ahead)
