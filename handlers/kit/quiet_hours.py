"""Quiet hours: nights and weekends, when people get no messages."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.kit.dates import local_to_utc

SATURDAY = 5

LEAST = timedelta(hours=4)
"""A reminder is of use until this long before the end. If quiet hours would delay it further, it comes early."""


def is_quiet(at: datetime, zone: str, hours: tuple[time, time]) -> bool:
    """Return whether a time is in a person's quiet hours or on a weekend."""
    wall = at.astimezone(ZoneInfo(zone))
    begin, end = hours
    clock = wall.time().replace(second=0, microsecond=0)
    night = (clock >= begin or clock < end) if begin > end else begin <= clock < end
    return wall.weekday() >= SATURDAY or night


def next_open_time(at: datetime, zone: str, hours: tuple[time, time]) -> datetime:
    """Return `at`, or the end of the quiet hours in which it is."""
    if not is_quiet(at, zone, hours):
        return at
    day = at.astimezone(ZoneInfo(zone)).date()
    for ahead in range(8):
        morning = local_to_utc(datetime.combine(day + timedelta(days=ahead), hours[1]), zone)
        if morning >= at and not is_quiet(morning, zone, hours):
            return morning
    return at


def last_open_hour(at: datetime, zone: str, hours: tuple[time, time]) -> datetime:
    """Return the last full hour up to `at` that is not quiet."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    for back in range(8 * 24):
        earlier = hour - timedelta(hours=back)
        if not is_quiet(earlier, zone, hours):
            return earlier
    return at


def reminder_time(before: datetime, end: datetime, zone: str, hours: tuple[time, time]) -> datetime:
    """Move the time of a reminder out of quiet hours.

    Move it to the end of the quiet hours or, if that leaves too little time before `end`, to the hour before them.
    """
    later = next_open_time(before, zone, hours)
    return later if later <= end - LEAST else last_open_hour(before, zone, hours)
