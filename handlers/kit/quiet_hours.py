"""Quiet hours: nights and weekends, when people get no messages."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.kit.dates import local_to_utc
from handlers.kit.working_days import is_working_day, working_day_from, working_day_until

REMINDER_HOUR = time(8, 0)
"""Time of day, in the reader's zone, at which a reminder of a closing is due."""


def is_quiet(at: datetime, zone: str, hours: tuple[time, time]) -> bool:
    """Return whether a time is in a person's quiet hours or on a weekend."""
    wall = at.astimezone(ZoneInfo(zone))
    begin, end = hours
    clock = wall.time().replace(second=0, microsecond=0)
    night = (clock >= begin or clock < end) if begin > end else begin <= clock < end
    return night or not is_working_day(wall)


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


def reminder_time(closes_at: datetime, zone: str) -> datetime:
    """Return when a person in `zone` is reminded of a closing: at 8:00 on the last working day before its day."""
    day = working_day_until(closes_at.astimezone(ZoneInfo(zone)).date() - timedelta(days=1))
    return local_to_utc(datetime.combine(day, REMINDER_HOUR), zone)


def next_working_day(at: datetime, zone: str) -> datetime:
    """Return the same time of day on the next working day in a zone."""
    wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return local_to_utc(datetime.combine(working_day_from(wall.date() + timedelta(days=1)), wall.time()), zone)
