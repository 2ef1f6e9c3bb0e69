"""Dates as people type them, read in the speaker's own zone."""

import functools
import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from dateutil import tz

from handlers.kit.refusals import Refusal
from handlers.kit.text import escape

EVENING = time(17, 0)
"""The hour that a day without an hour means."""

MORNING = time(7)
"""When it is looked at what is looked at once a day, all together: before anybody's quiet hours end."""

FARTHEST = timedelta(days=3 * 366)
"""Nothing is planned farther ahead than this; a year typed wrong is found out."""

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}

EXAMPLES = "`2026-12-01`, `2026-12-01 17:00`, `tomorrow`, `friday 17:00`, `7d` or `2w`"


def read(typed: str, now: datetime, zone: str, hour: time = EVENING) -> datetime:
    """Read a moment in the speaker's zone; a day without an hour means `hour`.

    Raises Refusal where it cannot be read, can be read in two ways, does not exist or lies past.
    """
    span = duration(typed)
    if span is not None:
        at = _after(now, span, zone)
    else:
        rest, hour_typed = clock(typed)
        if not rest and hour_typed is None:
            raise Refusal(_unread(typed))
        today = now.astimezone(ZoneInfo(zone)).date()
        day = _day(rest, today, typed) if rest else today
        at = local(datetime.combine(day, hour_typed or hour), zone)
        if at <= now and _is_weekday(rest):
            at = local(datetime.combine(day + timedelta(days=7), hour_typed or hour), zone)
    _sane(at, now, typed)
    return at


def read_day(typed: str, now: datetime, zone: str) -> date:
    """Read a day; raises Refusal as `read` does."""
    return read(typed, now, zone, time(23, 59)).astimezone(ZoneInfo(zone)).date()


def read_any_day(typed: str, now: datetime, zone: str) -> date:
    """Read a day that may be over; raises Refusal as `read` does for what is no day, or could be two."""
    span = duration(typed)
    return today(now, zone) + span if span is not None else _day(typed, today(now, zone), typed)


def today(now: datetime, zone: str) -> date:
    """Give the day that a zone's calendars show."""
    return now.astimezone(ZoneInfo(zone)).date()


def duration(typed: str) -> timedelta | None:
    """Read `7d`, `2w`, `36h`; None where it is no such thing."""
    found = re.fullmatch(r"(?i)\s*(\d{1,4})\s*(h|d|w|hours?|days?|weeks?)\s*", typed)
    return int(found[1]) * _UNITS[found[2][0].lower()] if found else None


def local(wall: datetime, zone: str) -> datetime:
    """Give the moment at which a zone's clocks show `wall`, in UTC.

    In the spring gap it is the next moment that exists; in the autumn overlap the first of the two.
    """
    placed = wall.replace(tzinfo=ZoneInfo(zone), fold=0)
    if not tz.datetime_exists(placed):
        return _after_gap(placed)
    return placed.astimezone(UTC)


def next_morning(now: datetime, zone: str) -> datetime:
    """Give the next moment at which a zone's clocks show the hour of the daily looks."""
    mornings = (local(datetime.combine(today(now, zone) + timedelta(days=n), MORNING), zone) for n in (0, 1, 2))
    return next(at for at in mornings if at > now)


def _after_gap(placed: datetime) -> datetime:
    minute = placed.replace(second=0, microsecond=0)
    while not tz.datetime_exists(minute):
        minute += timedelta(minutes=1)
    return minute.astimezone(UTC)


def _after(now: datetime, span: timedelta, zone: str) -> datetime:
    """Count days on the wall clock and hours on a stop watch."""
    if span % timedelta(days=1):
        return now + span
    wall = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None) + span
    return local(wall, zone)


def clock(typed: str) -> tuple[str, time | None]:
    """Split off the time of day: `17:00`, `5pm`, `5 pm`, `5:30pm`. Raises Refusal for one that no clock shows."""
    found = re.search(
        r"(?i)(?:^|[\sT])(?:at\s+)?(\d{1,2})(?:[:.](\d\d))?\s*(am|pm)\b|(?:^|[\sT])(?:at\s+)?(\d{1,2}):(\d\d)\b",
        typed,
    )
    if not found:
        return typed.strip(), None
    if found[3]:
        hour, minute = int(found[1]), int(found[2] or 0)
        if not 1 <= hour <= 12:
            raise Refusal(_unread(typed))
        hour = hour % 12 + (12 if found[3].lower() == "pm" else 0)
    else:
        hour, minute = int(found[4]), int(found[5])
    if hour > 23 or minute > 59:
        raise Refusal(f"There is no {found[0].strip()} on the clock. A time looks like `17:00` or `5pm`.")
    return (typed[: found.start()] + " " + typed[found.end() :]).strip(), time(hour, minute)


def _day(typed: str, today: date, whole: str) -> date:
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
        return _date(int(iso[1]), int(iso[2]), int(iso[3]), whole)
    numbers = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d\d))?\.?", word)
    if numbers:
        first, second, year = int(numbers[1]), int(numbers[2]), numbers[3]
        raise Refusal(_two_ways(word, (first, second), int(year) % 100 + 2000 if year else None, today))
    named = _named(word)
    if named:
        day, month, year = named
        return _coming(month, day, today, whole) if year is None else _date(year, month, day, whole)
    raise Refusal(_unread(whole))


def _bare(typed: str) -> str:
    """Take off what stands around a day: "on friday at"."""
    return typed.casefold().strip(" ,").removesuffix(" at").removeprefix("on ").strip(" ,")


def _weekday(word: str) -> int | None:
    word = word.removeprefix("next ")
    if len(word) < 3:
        return None
    return next((n for n, day in enumerate(_DAYS) if day.startswith(word) or word == day[:4]), None)


def _is_weekday(word: str) -> bool:
    return _weekday(_bare(word)) is not None


def _named(word: str) -> tuple[int, int, int | None] | None:
    """Read `4 dec`, `dec 4`, `4 december 2026`."""
    found = re.fullmatch(r"(\d{1,2})\.?\s+([a-z]{3,9})\.?(?:,?\s+(\d{4}))?", word)
    if found:
        day, month, year = found[1], found[2], found[3]
    else:
        found = re.fullmatch(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:,?\s+(\d{4}))?", word)
        if not found:
            return None
        month, day, year = found[1], found[2], found[3]
    if month[:3] not in _MONTHS:
        return None
    return int(day), _MONTHS.index(month[:3]) + 1, int(year) if year else None


def _coming(month: int, day: int, today: date, typed: str) -> date:
    """Give the day of this year, or of the next where it is over or this year has none: 29 February."""
    try:
        found = date(today.year, month, day)
    except ValueError:
        return _date(today.year + 1, month, day, typed)
    return found if found >= today else _date(today.year + 1, month, day, typed)


def _date(year: int, month: int, day: int, typed: str) -> date:
    try:
        return date(year if 1 < year < 9999 else 0, month, day)  # other zones lack the calendar's edges
    except ValueError:
        raise Refusal(f"There is no day like “{escape(typed[:40])}”. A date looks like {EXAMPLES}.") from None


def _sane(at: datetime, now: datetime, typed: str) -> None:
    if at <= now:
        raise Refusal(f"“{escape(typed[:40])}” has passed already. A date looks like {EXAMPLES}.")
    if at > now + FARTHEST:
        raise Refusal(f"“{escape(typed[:40])}” is more than three years away. A date looks like {EXAMPLES}.")


def _two_ways(word: str, pair: tuple[int, int], year: int | None, today: date) -> str:
    """Ask what was meant by two numbers; days that do not exist, and without a year past ones, are not meant."""
    ways = []
    for month, day in dict.fromkeys((pair, pair[::-1])):
        try:
            found = _date(year, month, day, word) if year else _coming(month, day, today, word)
        except Refusal:
            continue
        ways.append(f"`{found}`")
    if not ways:
        return f"There is no day like “{word}”. A date looks like {EXAMPLES}."
    doubt = "can be read in two ways" if len(ways) > 1 else "is written with the day first in some places"
    return f"“{word}” {doubt}. Did you mean {' or '.join(ways)}?"


def _unread(typed: str) -> str:
    return f"I could not read “{escape(typed[:40])}” as a date. A date looks like {EXAMPLES}."


def is_zone(name: str) -> bool:
    """Tell whether there is a zone of this name."""
    return name in _zones()


@functools.cache
def _zones() -> frozenset[str]:
    """List all zones; looking them up walks through hundreds of files."""
    return frozenset(available_timezones())
