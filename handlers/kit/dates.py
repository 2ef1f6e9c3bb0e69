"""Parse dates as people type them, in their own time zone."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from dateutil import tz

from handlers.kit import clock_words, day_words
from handlers.kit.day_words import NotInCalendar
from handlers.kit.refusals import Ambiguous, Reading, Refusal, ambiguous
from handlers.kit.text import escape, format_clock, format_day, truncate

EVENING = time(17, 0)
"""Time of day of a date that was typed without one."""

OFFERED_HOURS = (time(9), time(10), time(13), time(14), time(15))
"""Times of day that are offered where one is missing."""

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
_OFFSET = re.compile(r"(?i)(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d\d))?")
_STANDARD_TIMES = {"EST": ("America/New_York", "America/Panama"), "MST": ("America/Denver", "America/Phoenix")}
"""Short names of standard times: the zone whose clocks change, and one where they do not."""

_HALF_HOURS = {
    "+03:30": "Asia/Tehran",
    "+04:30": "Asia/Kabul",
    "+05:30": "Asia/Kolkata",
    "+05:45": "Asia/Kathmandu",
    "+06:30": "Asia/Yangon",
    "+08:45": "Australia/Eucla",
    "+09:30": "Australia/Darwin",
    "-09:30": "Pacific/Marquesas",
}
"""The zones of the offsets that are no whole hours and do not change during the year."""

_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


class NotADate(Refusal):
    """The text does not look like a date at all."""

    def __init__(self, typed: str) -> None:
        super().__init__(f"I could not read “{escape(typed[:40])}” as a date. A date looks like {EXAMPLES}.")


class MisspelledDate(Ambiguous):
    """The text is a date once the spelling of its words is corrected, as in `frday`. Its only reading is that date."""

    def __init__(self, typed: str, corrected: str) -> None:
        sentence = f"I could not read “{escape(typed[:40])}” as a date. Did you mean `{escape(corrected)}`?"
        super().__init__(sentence, typed, [Reading(corrected, corrected)])


def _no_date(typed: str) -> Refusal:
    corrected = day_words.correct_spelling(typed)
    return MisspelledDate(typed, corrected) if corrected != typed and is_date(corrected) else NotADate(typed)


def parse_time(typed: str, now: datetime, zone: str, hour: time = EVENING, *, begin: bool = False) -> datetime:
    """Parse a future time in the person's zone. A date without a time of day means `hour`.

    With `begin`, a range of hours means its beginning; otherwise the person is asked which of its ends is meant.
    Raise Refusal if the text is not a date, does not exist in the calendar, or is in the past; Ambiguous if it can be
    read in several ways.
    """
    span = parse_duration(typed)
    at = _after(now, span, zone) if span is not None else _parse_day_and_clock(typed, now, zone, hour, begin=begin)
    _check_range(at, now, typed)
    return at


def parse_moment(typed: str, now: datetime, zone: str) -> datetime:
    """Parse a future time for which the hour counts; a range of hours means its beginning.

    Raise Ambiguous, with some hours to choose from, if no time of day was typed; otherwise as `parse_time` does.
    """
    at = parse_time(typed, now, zone, begin=True)
    span = parse_duration(typed)
    if times_of_day(typed) or (span is not None and span % timedelta(days=1)):
        return at
    day = at.astimezone(ZoneInfo(zone)).date()
    walls = [datetime.combine(day, hour) for hour in OFFERED_HOURS]
    hours = [Reading(format_clock(wall), f"{wall:%Y-%m-%d %H:%M}") for wall in walls if local_to_utc(wall, zone) > now]
    shown = escape(truncate(typed, 60))
    raise Ambiguous(f"I understood “{shown}”, but at what time? Add it, as in `{shown} 14:00`.", typed, hours)


def parse_future_day(typed: str, now: datetime, zone: str) -> date:
    """Parse a day that is not over; of hours that may be meant, any will do. Raise Refusal as `parse_time` does."""
    span = parse_duration(typed)
    if span is not None:
        at = _after(now, span, zone)
    else:
        at = _parse_day_and_clock(typed, now, zone, time(23, 59), latest=True)
    _check_range(at, now, typed)
    return at.astimezone(ZoneInfo(zone)).date()


def times_of_day(typed: str) -> Sequence[time]:
    """Return the times of day that a date may mean, with a range of hours its beginning; none if none was typed.

    Raise Refusal if the time does not exist.
    """
    clock = _clock(typed, "UTC", _ANY_TIME)
    return [begin for begin, _ in clock.times] if clock else []


def length_of_hours(typed: str) -> timedelta | None:
    """Return the length of the range of hours in a date: `friday 9:00-10:30` is 90 minutes. None without a range.

    Raise Refusal if it does not end after it begins.
    """
    clock = _clock(typed, "UTC", _ANY_TIME)
    if clock is None or clock.times[0][1] is None:
        return None
    begin, end = (datetime.combine(date.min, at) for at in clock.times[0] if at is not None)
    return end - begin


def parse_day(typed: str, now: datetime, zone: str, since: date | None = None, *, past: bool = False) -> date:
    """Parse a day, past or future. Raise Refusal if the text is not a day, Ambiguous if it can be two days.

    Without a year, it is the first such day from `since` on, today unless it is given; with `past`, the last one.
    """
    return _one_day(typed, today(now, zone), since, past=past, whole=typed)


def is_date(typed: str) -> bool:
    """Return whether a text has the form of a date, whatever day it is and however it can be read."""
    try:
        parse_time(typed, _ANY_TIME, "UTC")
    except (NotADate, MisspelledDate):
        return False
    except Refusal:
        return True
    return True


def is_nearly_date(typed: str) -> bool:
    """Return whether a text is a date, or is one once its spelling is corrected."""
    return is_date(day_words.correct_spelling(typed))


def is_day(typed: str) -> bool:
    """Return whether a text has the form of a day, without a time of day."""
    try:
        parse_day(typed, _ANY_TIME, "UTC")
    except (NotADate, MisspelledDate):
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
    """Split the time of day (`17:00`, `5pm`, `5 pm`, `5:30pm`) from the rest.

    Raise Refusal if it does not exist, Ambiguous if it can be read in two ways.
    """
    clock = _clock(typed, "UTC", _ANY_TIME)
    return (clock.rest, _one_time(clock, typed)) if clock else (typed.strip(), None)


def is_time_zone(name: str) -> bool:
    """Return whether a time zone of this name exists."""
    return name in clock_words.zone_names()


def find_time_zone(typed: str) -> str | None:
    """Return the time zone that was typed, by its name, its city, or its hours from UTC; None if none or several fit.

    `GMT+2` means two hours ahead, although the zone that is called Etc/GMT+2 is two hours behind.
    """
    offset = _OFFSET.fullmatch("".join(typed.split()))
    if offset:
        hours = int(offset[1] + offset[2])
        if int(offset[3] or 0):
            return _HALF_HOURS.get(f"{offset[1]}{int(offset[2]):02}:{offset[3]}")
        name = f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"
        return name if is_time_zone(name) else None
    wanted = "_".join(typed.split()).casefold()
    names = [name for name in clock_words.zone_names() if name.casefold() == wanted]
    names = names or [name for name in clock_words.zone_names() if name.casefold().endswith(f"/{wanted}")]
    return names[0] if len(names) == 1 else None


def parse_time_zone(typed: str, field: str | None = None) -> str:
    """Parse a time zone. Raise Refusal if none or several fit, Ambiguous for `EST` and `MST`.

    Zones of these names exist: they stay on standard time when the clocks change, which few people mean.
    """
    city, fixed = _STANDARD_TIMES.get(typed.strip().upper(), ("", ""))
    if city:
        readings = [
            Reading(f"the clock of {_city(city)}", city),
            Reading(f"no summer time, as in {_city(fixed)}", fixed),
        ]
        raise ambiguous(typed, readings, field=field)
    zone = find_time_zone(typed)
    if zone is None:
        raise Refusal(
            f"I do not know the time zone “{escape(truncate(typed, 60))}”. A time zone looks like `America/Denver`, "
            "`Denver` or `UTC+2`.",
            field=field,
        )
    return zone


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


# readings ------------------------------------------------------------------------------------------------


def _parse_day_and_clock(
    typed: str, now: datetime, zone: str, hour: time, *, latest: bool = False, begin: bool = False
) -> datetime:
    """Parse a day and its time of day. `latest` takes the latest of several times that may be meant."""
    clock = _clock(typed, zone, now)
    day_text = clock.rest if clock else typed.strip()
    if not day_text and clock is None:
        raise _no_date(typed)
    own = now.astimezone(ZoneInfo(zone)).date()
    day = _one_day(day_text, own, None, past=False, whole=typed, ahead=True) if day_text else own
    if clock:
        # of a time today, only what is still to come can be meant
        coming = [at for at, _ in clock.times if clock.zones or local_to_utc(datetime.combine(day, at), zone) > now]
        is_clear = len(coming) == 1 and not day_words.is_weekday(day_text) and clock.times[0][1] is None
        hour = (
            max(at for at, _ in clock.times)
            if latest
            else coming[0]
            if is_clear
            else _one_time(clock, typed, begin=begin)
        )
    wall = datetime.combine(day, hour)
    if clock and clock.zones:
        return _in_named_zone(typed, wall, clock, zone)
    at = local_to_utc(wall, zone)
    if at <= now and day_words.is_weekday(day_text):
        at = local_to_utc(wall + timedelta(days=7), zone)
    return at


def _one_time(clock: clock_words.Clock, typed: str, *, begin: bool = False) -> time:
    """Return the only time that is meant. Raise Ambiguous for `2:00` and `at 5`, and unless `begin` for a range."""
    at, end = clock.times[0]
    if len(clock.times) > 1:
        raise _which_half(clock, typed)
    if end is not None and not begin:
        readings = [Reading(format_clock(either), f"{either:%H:%M}") for either in (at, end)]
        sentence = (
            f"“{escape(clock.typed)}” is a range of hours, and here I need one time. Do you mean "
            f"{readings[0].label} or {readings[1].label}?"
        )
        raise Ambiguous(sentence, clock.typed, readings).within(typed)
    return at


def _which_half(clock: clock_words.Clock, typed: str) -> Ambiguous:
    """Return the question whether a time is in the morning or in the afternoon."""
    readings = [
        Reading(f"{format_clock(begin)} to {format_clock(end)}", f"{begin:%H:%M}-{end:%H:%M}")
        if end
        else Reading(format_clock(begin), f"{begin:%H:%M}")
        for begin, end in clock.times
    ]
    return ambiguous(clock.typed, readings).within(typed)


def _clock(typed: str, zone: str, now: datetime) -> clock_words.Clock | None:
    """Return the time of day in a text, or None. Raise Refusal if it does not exist."""
    try:
        return clock_words.find_clock(typed, zone, now.year)
    except clock_words.NotATime as unreal:
        if not unreal.typed:
            raise _no_date(typed) from None
        raise Refusal(f"{unreal.typed} is not a time of day. A time looks like `17:00` or `5pm`.") from None
    except clock_words.EndsFirst as backward:
        raise Refusal(
            f"“{escape(backward.typed)}” does not end after it begins. Hours look like `14:00-15:30`, and a time in "
            "another time zone looks like `14:00 UTC-5`."
        ) from None


def _one_day(day_text: str, today: date, since: date | None, *, past: bool, whole: str, ahead: bool = False) -> date:
    """Parse a day. `whole` is all that was typed, for the refusal.

    Readings on the wrong side of today, which is before it with `ahead`, are left out if there are others.
    """
    try:
        found = day_words.days(day_text, today, since, past=past)
    except NotInCalendar:
        raise Refusal(f"“{escape(whole[:40])}” is not a day in the calendar. A date looks like {EXAMPLES}.") from None
    if not found:
        raise _no_date(whole)
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
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _check_range(at: datetime, now: datetime, typed: str) -> None:
    shown = escape(typed[:40])
    if at <= now:
        raise Refusal(f"“{shown}” is in the past. Type a date to come, such as `tomorrow` or `friday 17:00`.")
    if at > now + MAX_AHEAD:
        raise Refusal(f"“{shown}” is more than three years away. Type an earlier date, such as `tomorrow` or `7d`.")
