"""Parse dates as people type them, in their own time zone."""

import functools
import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from dateutil import tz

from handlers.kit.refusals import Refusal
from handlers.kit.text import escape

EVENING = time(17, 0)
"""Time of day of a date that was typed without one."""

DAILY_CHECK = time(7)
"""Hour of the daily checks: all together, before anyone's quiet hours end."""

MAX_AHEAD = timedelta(days=3 * 366)
"""The farthest date that can be planned. It catches mistyped years."""

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}

EXAMPLES = "`2026-12-01`, `2026-12-01 17:00`, `tomorrow`, `friday 17:00`, `7d` or `2w`"


def parse_time(typed: str, now: datetime, zone: str, hour: time = EVENING) -> datetime:
    """Parse a future time in the person's zone. A date without a time of day means `hour`.

    Raise Refusal if the text is not a date, is ambiguous, does not exist in the calendar, or is in the past.
    """
    span = parse_duration(typed)
    if span is not None:
        at = _after(now, span, zone)
    else:
        day_text, hour_typed = split_time_of_day(typed)
        if not day_text and hour_typed is None:
            raise Refusal(_not_understood(typed))
        today = now.astimezone(ZoneInfo(zone)).date()
        day = _parse_day(day_text, today, typed) if day_text else today
        at = local_to_utc(datetime.combine(day, hour_typed or hour), zone)
        if at <= now and _is_weekday(day_text):
            at = local_to_utc(datetime.combine(day + timedelta(days=7), hour_typed or hour), zone)
    _check_range(at, now, typed)
    return at


def parse_future_day(typed: str, now: datetime, zone: str) -> date:
    """Parse a day that is not over. Raise Refusal as `read` does."""
    return parse_time(typed, now, zone, time(23, 59)).astimezone(ZoneInfo(zone)).date()


def parse_day(typed: str, now: datetime, zone: str) -> date:
    """Parse a day, past or future. Raise Refusal if the text is not a day or is ambiguous."""
    span = parse_duration(typed)
    return today(now, zone) + span if span is not None else _parse_day(typed, today(now, zone), typed)


def today(now: datetime, zone: str) -> date:
    """Return the current date in a zone."""
    return now.astimezone(ZoneInfo(zone)).date()


def parse_duration(typed: str) -> timedelta | None:
    """Parse `7d`, `2w`, `36h`. Return None for anything else."""
    match = re.fullmatch(r"(?i)\s*(\d{1,4})\s*(h|d|w|hours?|days?|weeks?)\s*", typed)
    return int(match[1]) * _UNITS[match[2][0].lower()] if match else None


def local_to_utc(wall: datetime, zone: str) -> datetime:
    """Convert a zone's wall time to UTC.

    A time in the spring gap becomes the next time that exists; a time in the autumn overlap the first of the two.
    """
    local_time = wall.replace(tzinfo=ZoneInfo(zone), fold=0)
    if not tz.datetime_exists(local_time):
        return _after_gap(local_time)
    return local_time.astimezone(UTC)


def next_daily_check(now: datetime, zone: str) -> datetime:
    """Return the time of a zone's next daily checks, in UTC."""
    return next(at for n in (0, 1, 2) if (at := _daily_check(now, zone, n)) > now)


def last_daily_check(now: datetime, zone: str) -> datetime:
    """Return the time of a zone's last daily checks, in UTC; the current time if they are due now."""
    return next(at for n in (0, -1, -2) if (at := _daily_check(now, zone, n)) <= now)


def _daily_check(now: datetime, zone: str, days: int) -> datetime:
    return local_to_utc(datetime.combine(today(now, zone) + timedelta(days=days), DAILY_CHECK), zone)


def _after_gap(local_time: datetime) -> datetime:
    minute = local_time.replace(second=0, microsecond=0)
    while not tz.datetime_exists(minute):
        minute += timedelta(minutes=1)
    return minute.astimezone(UTC)


def _after(now: datetime, span: timedelta, zone: str) -> datetime:
    """Add a span to the current time: days on the wall clock, hours in elapsed time."""
    if span % timedelta(days=1):
        return now + span
    wall = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None) + span
    return local_to_utc(wall, zone)


def split_time_of_day(typed: str) -> tuple[str, time | None]:
    """Split the time of day (`17:00`, `5pm`, `5 pm`, `5:30pm`) from the rest. Raise Refusal if it does not exist."""
    match = re.search(
        r"(?i)(?:^|[\sT])(?:at\s+)?(\d{1,2})(?:[:.](\d\d))?\s*(am|pm)\b|(?:^|[\sT])(?:at\s+)?(\d{1,2}):(\d\d)\b",
        typed,
    )
    if not match:
        return typed.strip(), None
    if match[3]:
        hour, minute = int(match[1]), int(match[2] or 0)
        if not 1 <= hour <= 12:
            raise Refusal(_not_understood(typed))
        hour = hour % 12 + (12 if match[3].lower() == "pm" else 0)
    else:
        hour, minute = int(match[4]), int(match[5])
    if hour > 23 or minute > 59:
        raise Refusal(f"{match[0].strip()} is not a time of day. A time looks like `17:00` or `5pm`.")
    return (typed[: match.start()] + " " + typed[match.end() :]).strip(), time(hour, minute)


def _parse_day(typed: str, today: date, whole: str) -> date:
    """Parse a day. `whole` is all that was typed, for the refusal."""
    word = _bare(typed)
    if word == "today":
        return today
    if word == "yesterday":
        return today - timedelta(days=1)
    if word == "tomorrow":
        return today + timedelta(days=1)
    weekday = _weekday(word)
    if weekday is not None:
        ahead = (weekday - today.weekday()) % 7
        return today + timedelta(days=ahead or (7 if word.startswith("next ") else 0))
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", word)
    if iso:
        return _calendar_date(int(iso[1]), int(iso[2]), int(iso[3]), whole)
    numbers = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d\d))?\.?", word)
    if numbers:
        first, second, year = int(numbers[1]), int(numbers[2]), numbers[3]
        raise Refusal(_ambiguous(word, (first, second), int(year) % 100 + 2000 if year else None, today))
    named = _parse_month_name(word)
    if named:
        day, month, year = named
        return _next_occurrence(month, day, today, whole) if year is None else _calendar_date(year, month, day, whole)
    raise Refusal(_not_understood(whole))


def _bare(typed: str) -> str:
    """Remove the words around a day, as in "on friday at"."""
    return typed.casefold().strip(" ,").removesuffix(" at").removeprefix("on ").strip(" ,")


def _weekday(word: str) -> int | None:
    word = word.removeprefix("next ")
    if len(word) < 3:
        return None
    return next((n for n, day in enumerate(_DAYS) if day.startswith(word) or word == day[:4]), None)


def _is_weekday(word: str) -> bool:
    return _weekday(_bare(word)) is not None


def _parse_month_name(word: str) -> tuple[int, int, int | None] | None:
    """Parse `4 dec`, `dec 4`, `4 december 2026` into day, month and year. Return None for anything else."""
    match = re.fullmatch(r"(\d{1,2})\.?\s+([a-z]{3,9})\.?(?:,?\s+(\d{4}))?", word)
    if match:
        day, month, year = match[1], match[2], match[3]
    else:
        match = re.fullmatch(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:,?\s+(\d{4}))?", word)
        if not match:
            return None
        month, day, year = match[1], match[2], match[3]
    if month[:3] not in _MONTHS:
        return None
    return int(day), _MONTHS.index(month[:3]) + 1, int(year) if year else None


def _next_occurrence(month: int, day: int, today: date, typed: str) -> date:
    """Return the day in this year, or in the next if it is over or does not exist this year (February 29)."""
    try:
        this_year = date(today.year, month, day)
    except ValueError:
        return _calendar_date(today.year + 1, month, day, typed)
    return this_year if this_year >= today else _calendar_date(today.year + 1, month, day, typed)


def _calendar_date(year: int, month: int, day: int, typed: str) -> date:
    try:
        return date(
            year if 1 < year < 9999 else 0, month, day
        )  # the first and last day of the calendar do not exist in every zone
    except ValueError:
        raise Refusal(_not_in_calendar(typed)) from None


def _check_range(at: datetime, now: datetime, typed: str) -> None:
    if at <= now:
        raise Refusal(f"“{escape(typed[:40])}” is in the past. A date looks like {EXAMPLES}.")
    if at > now + MAX_AHEAD:
        raise Refusal(f"“{escape(typed[:40])}” is more than three years away. A date looks like {EXAMPLES}.")


def _ambiguous(word: str, pair: tuple[int, int], year: int | None, today: date) -> str:
    """Ask which date two numbers mean. Offer only dates that exist and, without a year, only coming ones."""
    readings = []
    for month, day in dict.fromkeys((pair, pair[::-1])):
        try:
            on = _calendar_date(year, month, day, word) if year else _next_occurrence(month, day, today, word)
        except Refusal:
            continue
        readings.append(f"`{on}`")
    if not readings:
        return _not_in_calendar(word)
    doubt = "could mean two dates" if len(readings) > 1 else "is not clear, because some places write the day first"
    return f"“{word}” {doubt}. Did you mean {' or '.join(readings)}?"


def _not_in_calendar(typed: str) -> str:
    return f"“{escape(typed[:40])}” is not a day in the calendar. A date looks like {EXAMPLES}."


def _not_understood(typed: str) -> str:
    return f"I could not read “{escape(typed[:40])}” as a date. A date looks like {EXAMPLES}."


def is_time_zone(name: str) -> bool:
    """Return whether a time zone of this name exists."""
    return name in _zones()


def find_time_zone(typed: str) -> str | None:
    """Return the time zone that was typed, by its name or its city; None if there is none or several."""
    wanted = "_".join(typed.split()).casefold()
    names = [name for name in _zones() if name.casefold() == wanted]
    names = names or [name for name in _zones() if name.casefold().endswith(f"/{wanted}")]
    return names[0] if len(names) == 1 else None


@functools.cache
def _zones() -> frozenset[str]:
    """Return the names of all time zones. Cached because listing them reads hundreds of files."""
    return frozenset(available_timezones())
