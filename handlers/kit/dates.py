"""Parse dates as people type them, in their own time zone."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from dateutil import tz

from handlers.kit import clock_words, day_words
from handlers.kit.day_words import NotInCalendar
from handlers.kit.refusals import Reading, Refusal, ambiguous
from handlers.kit.text import escape, format_clock, format_day

EVENING = time(17, 0)
"""Time of day of a date that was typed without one."""

DAILY_CHECK = time(7)
"""Hour of the daily checks: all together, before anyone's quiet hours end."""

MAX_AHEAD = timedelta(days=3 * 366)
"""The farthest date that can be planned. It catches mistyped years."""

LONGEST = 12
"""The most words of a date: "on Friday, the 4th of December 2026 at 5:00 PM MST"."""

EXAMPLES = "`2026-12-01`, `2026-12-01 17:00`, `tomorrow`, `friday 17:00`, `7d` or `2w`"

_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
_SPAN = re.compile(r"(?i)(?:in\s+)?(\d{1,4}|an?)\s*(h|hrs?|hours?|d|days?|w|wks?|weeks?)")
_HOURS_AND_MINUTES = re.compile(r"(?i)(?:in\s+)?(?:(\d{1,3})\s*(?:h|hrs?|hours?)\s*)?(\d{1,3})\s*(?:m|mins?|minutes?)?")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


class NotADate(Refusal):
    """The text does not look like a date at all."""

    def __init__(self, typed: str) -> None:
        super().__init__(f"I could not read “{escape(typed[:40])}” as a date. A date looks like {EXAMPLES}.")


def parse_time(typed: str, now: datetime, zone: str, hour: time = EVENING) -> datetime:
    """Parse a future time in the person's zone. A date without a time of day means `hour`.

    Raise Refusal if the text is not a date, does not exist in the calendar, or is in the past; Ambiguous if it can be
    read in two ways.
    """
    span = parse_duration(typed)
    at = _after(now, span, zone) if span is not None else _parse_day_and_clock(typed, now, zone, hour)
    _check_range(at, now, typed)
    return at


def parse_future_day(typed: str, now: datetime, zone: str) -> date:
    """Parse a day that is not over. Raise Refusal as `parse_time` does."""
    return parse_time(typed, now, zone, time(23, 59)).astimezone(ZoneInfo(zone)).date()


def parse_day(typed: str, now: datetime, zone: str, since: date | None = None, *, past: bool = False) -> date:
    """Parse a day, past or future. Raise Refusal if the text is not a day, Ambiguous if it can be two days.

    Without a year, it is the first such day from `since` on, today unless it is given; with `past`, the last one.
    """
    return _one_day(typed, today(now, zone), since, past=past, whole=typed)


def is_date(typed: str) -> bool:
    """Return whether a text has the form of a date, whatever day it is and however it can be read."""
    try:
        parse_time(typed, _ANY_TIME, "UTC")
    except NotADate:
        return False
    except Refusal:
        return True
    return True


def is_day(typed: str) -> bool:
    """Return whether a text has the form of a day, without a time of day."""
    try:
        parse_day(typed, _ANY_TIME, "UTC")
    except NotADate:
        return False
    except Refusal:
        return True
    return True


def today(now: datetime, zone: str) -> date:
    """Return the current date in a zone."""
    return now.astimezone(ZoneInfo(zone)).date()


def parse_duration(typed: str) -> timedelta | None:
    """Parse `7d`, `2 weeks`, `in 3 days`, `36h`, `1h30`. Return None for anything else."""
    match = _SPAN.fullmatch(typed.strip())
    if match:
        return (int(match[1]) if match[1].isdecimal() else 1) * _UNITS[match[2][0].lower()]
    both = _HOURS_AND_MINUTES.fullmatch(typed.strip())
    if both and (both[1] or re.search(r"(?i)min", typed)):
        return timedelta(hours=int(both[1] or 0), minutes=int(both[2]))
    return None


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
    clock = _clock(typed, "UTC", _ANY_TIME)
    return (clock.rest, clock.at) if clock else (typed.strip(), None)


def is_time_zone(name: str) -> bool:
    """Return whether a time zone of this name exists."""
    return name in clock_words.zone_names()


def find_time_zone(typed: str) -> str | None:
    """Return the time zone that was typed, by its name or its city; None if there is none or several."""
    wanted = "_".join(typed.split()).casefold()
    names = [name for name in clock_words.zone_names() if name.casefold() == wanted]
    names = names or [name for name in clock_words.zone_names() if name.casefold().endswith(f"/{wanted}")]
    return names[0] if len(names) == 1 else None


# readings ------------------------------------------------------------------------------------------------


def _parse_day_and_clock(typed: str, now: datetime, zone: str, hour: time) -> datetime:
    clock = _clock(typed, zone, now)
    day_text = clock.rest if clock else typed.strip()
    if not day_text and clock is None:
        raise NotADate(typed)
    own = now.astimezone(ZoneInfo(zone)).date()
    day = _one_day(day_text, own, None, past=False, whole=typed, ahead=True) if day_text else own
    wall = datetime.combine(day, clock.at if clock else hour)
    if clock and clock.zones:
        return _in_named_zone(typed, wall, clock, zone)
    at = local_to_utc(wall, zone)
    if at <= now and day_words.is_weekday(day_text):
        at = local_to_utc(wall + timedelta(days=7), zone)
    return at


def _clock(typed: str, zone: str, now: datetime) -> clock_words.Clock | None:
    """Return the time of day in a text, or None. Raise Refusal if it does not exist, Ambiguous for `at 5`."""
    try:
        clock = clock_words.find_clock(typed, zone, now.year)
    except clock_words.NotATime as unreal:
        if not unreal.typed:
            raise NotADate(typed) from None
        raise Refusal(f"{unreal.typed} is not a time of day. A time looks like `17:00` or `5pm`.") from None
    bare = clock_words.bare_hour(typed) if clock is None else None
    if bare is not None:
        words, hour = bare
        times = [time(hour % 12), time(hour % 12 + 12)]
        raise ambiguous(words, [Reading(format_clock(at), f"{at:%H:%M}") for at in times]).within(typed)
    return clock


def _one_day(day_text: str, today: date, since: date | None, *, past: bool, whole: str, ahead: bool = False) -> date:
    """Parse a day. `whole` is all that was typed, for the refusal.

    Readings on the wrong side of today, which is before it with `ahead`, are left out if there are others.
    """
    try:
        found = day_words.days(day_text, today, since, past=past)
    except NotInCalendar:
        raise Refusal(f"“{escape(whole[:40])}” is not a day in the calendar. A date looks like {EXAMPLES}.") from None
    if not found:
        raise NotADate(whole)
    found = [on for on in found if not (ahead and on < today) and not (past and on > today)] or found
    if len(found) > 1:
        raise ambiguous(day_text, [Reading(format_day(on), on.isoformat()) for on in found]).within(whole)
    return found[0]


def _in_named_zone(typed: str, wall: datetime, clock: clock_words.Clock, zone: str) -> datetime:
    """Return a wall time in the zone that was typed after it. Raise Ambiguous if the name has several meanings."""
    own = ZoneInfo(zone)
    for fold in (0, 1):
        at = wall.replace(tzinfo=own, fold=fold)
        if at.tzname() == clock.zone_text and tz.datetime_exists(at):
            return at.astimezone(UTC)
    times = {_in_zone(wall, other): "" if other == own else _offset(other, wall) for other in clock.zones}
    if len(times) > 1:
        readings = [
            Reading(f"{format_clock(at.astimezone(own))}, your time", offset) for at, offset in sorted(times.items())
        ]
        raise ambiguous(clock.zone_text, readings).within(typed)
    return next(iter(times))


def _in_zone(wall: datetime, zone: tzinfo) -> datetime:
    """Return the moment of a wall time in a zone, in UTC."""
    return local_to_utc(wall, zone.key) if isinstance(zone, ZoneInfo) else wall.replace(tzinfo=zone).astimezone(UTC)


def _offset(zone: tzinfo, wall: datetime) -> str:
    minutes = round((zone.utcoffset(wall) or timedelta()) / timedelta(minutes=1))
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _check_range(at: datetime, now: datetime, typed: str) -> None:
    if at <= now:
        raise Refusal(f"“{escape(typed[:40])}” is in the past. A date looks like {EXAMPLES}.")
    if at > now + MAX_AHEAD:
        raise Refusal(f"“{escape(typed[:40])}” is more than three years away. A date looks like {EXAMPLES}.")
