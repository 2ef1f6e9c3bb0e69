"""The time of day within a text: `17:00`, `5pm`, `at 5`, `9:00-10:30`, and a time zone after it: `5:00 PM MST`."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from enum import Enum
from zoneinfo import ZoneInfo, available_timezones

_TIME = re.compile(
    r"""(?ix) (?:^|(?<=[\s,])|(?<=\dT)) (?:at\s+)?
    (?: (?P<hour>\d{1,2}) (?:[:.](?P<minute>\d\d))? \s* (?P<half>[ap])\.?m\b\.?
      | (?P<hour24>\d{1,2}) : (?P<minute24>\d\d) (?![\d:]) | (?P<noon>noon)\b )
    """
)
_ZONE = re.compile(
    r"""(?x) \s* (?: \( (?P<name>[A-Za-z][A-Za-z_/+\- \d]*) \) | (?P<utc>UTC|GMT|Z)? (?P<offset>[+-]\d{1,2}(?::?\d\d)?)
    | (?P<short>[A-Z]{1,5}) ) (?=[\s,]|$) """
)
_BARE_HOUR = re.compile(
    r"(?ix) (?: (?:^|(?<=\s))at\s+ | (?P<day>(?<![^\s,])(?:today|tomorrow|(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|"
    r"sat(?:ur)?|sun)(?:day)?)\.?,?\s+) ) (?P<hour>\d{1,2}) \s*$"
)

_ONE = r"(?:\d{1,2}(?::\d\d)?(?:\s*[ap]\.?m\b\.?)?|noon\b)"
_RANGE = re.compile(
    rf"(?i)(?:^|(?<=[\s,]))(?:(?:at|from)\s+)?(?P<begin>{_ONE})(?:\s*[-–—]\s*|\s+(?:to|till|until)\s+)"
    rf"(?P<end>{_ONE})(?![\w:/]|[-.]\d)"
)
_CLOCK = re.compile(r"(?i)(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?(?:\s*(?P<half>[ap])\.?m)?")
_MONTH_ALONE = re.compile(
    r"(?i)(?<![a-z])(?<!\d )(?<!\dth )(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s+$"
)

OPENING = 8
"""From this hour to noon, `9:00` is taken as it is; before it, as in `2:00`, either half of the day may be meant."""

LONGEST_PAST_NOON = 10
"""Hours of `8:00-6:00`, the longest range past noon without a half; a longer one is more likely in the wrong order."""


@dataclass(frozen=True)
class Clock:
    """A time of day in a text. `typed` is that part of the text, without a zone, and `rest` the text without both.

    `times` are the times that may be meant, each with the end of a range of hours or None: two where it may be in the
    morning or in the afternoon. `zones` are the zones that may be meant by `zone_text`, the zone as typed; none if no
    zone was typed. A name of one's own zone may mean its clock or, in the other half of the year, the exact time.
    """

    rest: str
    typed: str
    times: Sequence[tuple[time, time | None]]
    zones: Sequence[tzinfo] = ()
    zone_text: str = ""


class NotATime(Exception):  # noqa: N818 - it becomes an answer
    """The text has the form of a time of day that does not exist. `typed` is that part, empty for `13pm`."""

    def __init__(self, typed: str = "") -> None:
        super().__init__(typed)
        self.typed = typed


class EndsFirst(Exception):  # noqa: N818 - as above
    """A range of hours does not end after it begins, unless it is meant to be a time zone. `typed` is the range."""

    def __init__(self, typed: str) -> None:
        super().__init__(typed)
        self.typed = typed


def find_clock(typed: str, zone: str, year: int) -> Clock | None:
    """Return the time of day in a text, or None. Raise NotATime if it does not exist, EndsFirst for `15:00-14:00`."""
    match = _find_range(typed)
    if match:
        times = _range_times(match)
    else:
        match = _TIME.search(typed)
        if match is None:
            return _bare_hour(typed)
        at, half = _read(match[0])
        # computers write a T before the time
        likely = [at] if typed[: match.start()][-1:] in {"T", "t"} else _likely(at, half)
        times = [(either, None) for either in likely]
    zones, end = _zones_after(typed, match.end(), zone, year)
    before = typed[: match.start()]
    before = before[:-1] if re.search(r"\d[Tt]$", before) else before
    rest = f"{before} {typed[end:]}".strip(" ,")
    return Clock(rest, match[0].strip(), times, zones, typed[match.end() : end].strip())


def _find_range(typed: str) -> re.Match[str] | None:
    """Return a range of hours in a text, as in `9:00-10:30`, `2 to 3pm`. `dec 4 - 5pm` is a day and a time."""
    for match in _RANGE.finditer(typed):
        is_clock = any(not part.isdecimal() for part in match.group("begin", "end"))
        if is_clock and not (match["begin"].isdecimal() and _MONTH_ALONE.search(typed, 0, match.start("begin"))):
            return match
    return None


def _bare_hour(typed: str) -> Clock | None:
    """Return the hour with which a text ends, as in `at 5` and `saturday 10`.

    After `at`, it means what it means in `5:00`; right behind a day, it may be no hour at all, so it is asked about.
    """
    match = _BARE_HOUR.search(typed)
    if not match or not 1 <= int(match["hour"]) <= 23:
        return None
    at, half = _read(match["hour"])
    times = _both(at) if match["day"] and half is _Half.OPEN else _likely(at, half)
    begin = match.start("hour" if match["day"] else 0)
    return Clock(typed[:begin].strip(" ,"), typed[begin:].strip(), [(either, None) for either in times])


def _range_times(match: re.Match[str]) -> list[tuple[time, time | None]]:
    """Return the times that a range of hours may mean. One half of the day that is typed counts for both ends.

    Raise EndsFirst for hours in the wrong order: `11:00-1:00` goes past noon, and nobody means `10:30-9:00` that way.
    """
    begin, begin_half = _read(match["begin"])
    end, end_half = _read(match["end"])
    if begin_half is _Half.OPEN and end_half is _Half.TYPED:
        begins = [at for at in _both(begin) if at < end][-1:]
    else:
        begins = _likely(begin, begin_half)
    if begin_half is _Half.OPEN and end_half is _Half.NONE:
        begins = [begin]
    times: list[tuple[time, time | None]] = []
    for at in begins:
        ends = [end]
        in_afternoon = at >= time(12) and (at != begin or begin_half is _Half.TYPED)
        if end_half is _Half.OPEN and (in_afternoon or (end.hour < OPENING and _is_past_noon(at, end))):
            ends = _both(end)
        later = [until for until in ends if until > at]
        times += [(at, min(later))] if later else []
    if not times:
        raise EndsFirst(match[0].strip())
    return times


def _is_past_noon(at: time, end: time) -> bool:
    """Return whether a range that begins `at` is likely to end in the afternoon, at the open clock time `end`."""
    hours = end.hour + 12 - at.hour + (end.minute - at.minute) / 60
    return hours <= LONGEST_PAST_NOON


class _Half(Enum):
    """Whether a clock time says in which half of the day it is."""

    OPEN = "2:00"
    TYPED = "2:00 PM"
    NONE = "14:00"


def _read(typed: str) -> tuple[time, _Half]:
    """Parse one clock time; an open one in the morning, 12 at noon. Raise NotATime if it does not exist."""
    if typed.casefold().endswith("noon"):
        return time(12), _Half.TYPED
    match = _CLOCK.search(typed)
    hour, minute = (int(match["hour"]), int(match["minute"] or 0)) if match else (24, 0)
    if match and match["half"]:
        if not 1 <= hour <= 12:
            raise NotATime
        hour = hour % 12 + (12 if match["half"] in "pP" else 0)
    if hour > 23 or minute > 59:
        raise NotATime(typed.strip())
    if match and match["half"]:
        return time(hour, minute), _Half.TYPED
    return time(hour, minute), _Half.OPEN if match and match["hour"][0] != "0" and 1 <= hour <= 12 else _Half.NONE


def _both(at: time) -> list[time]:
    """Return an open clock time in the morning and in the afternoon."""
    return [at.replace(hour=at.hour % 12), at.replace(hour=at.hour % 12 + 12)]


def _likely(at: time, half: _Half) -> list[time]:
    """Return the times that a clock time may mean on its own."""
    return _both(at) if half is _Half.OPEN and at.hour < OPENING else [at]


def _zones_after(typed: str, end: int, zone: str, year: int) -> tuple[Sequence[tzinfo], int]:
    """Return the zones that may be meant by the text after a time, and where that text ends."""
    match = _ZONE.match(typed, end)
    if not match:
        return (), end
    if match["name"]:
        name = match["name"].strip().replace(" ", "_")
        return ((ZoneInfo(name),), match.end()) if name in zone_names() else ((), end)
    if match["offset"]:
        return (_offset_zone(match["offset"]),), match.end()
    short = match["short"]
    if short in {"UTC", "GMT", "Z"}:
        return (UTC,), match.end()
    own = _offsets_of(ZoneInfo(zone), year)
    if short in own:
        return (ZoneInfo(zone), timezone(own[short])), match.end()
    offsets = _offsets_by_short_name(year).get(short, frozenset())
    return tuple(timezone(offset) for offset in sorted(offsets)), match.end() if offsets else end


def _offset_zone(typed: str) -> tzinfo:
    digits = typed[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    if hours > 14 or minutes > 59:
        raise NotATime(typed)
    span = timedelta(hours=hours, minutes=minutes)
    return timezone(-span if typed[0] == "-" else span)


def _offsets_of(zone: ZoneInfo, year: int) -> dict[str, timedelta]:
    """Map the short names of a zone, in winter and summer, to what they mean."""
    times = [datetime(year, month, 1, tzinfo=zone) for month in (1, 7)]
    return {at.tzname() or "": at.utcoffset() or timedelta() for at in times}


@functools.cache
def _offsets_by_short_name(year: int) -> dict[str, frozenset[timedelta]]:
    """Map the short names of all time zones, such as MST, to what they mean. Cached: it reads hundreds of files."""
    offsets: dict[str, set[timedelta]] = {}
    for name in zone_names():
        for short, offset in _offsets_of(ZoneInfo(name), year).items():
            offsets.setdefault(short, set()).add(offset)
    return {short: frozenset(found) for short, found in offsets.items()}


@functools.cache
def zone_names() -> frozenset[str]:
    """Return the names of all time zones. Cached because listing them reads hundreds of files."""
    return frozenset(available_timezones())
