"""The time of day within a text: `17:00`, `5pm`, `at 5`, and a time zone after it, as in `5:00 PM MST`."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
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
_BARE_HOUR = re.compile(r"(?i)(?:^|\s)(at\s+(\d{1,2}))\s*$")


@dataclass(frozen=True)
class Clock:
    """A time of day in a text. `rest` is the text without it.

    `zones` are the zones that may be meant by `zone_text`, the zone as typed; none if no zone was typed. A name of
    one's own zone may mean its clock or, in the other half of the year, the exact time.
    """

    rest: str
    at: time
    zones: Sequence[tzinfo] = ()
    zone_text: str = ""


class NotATime(Exception):  # noqa: N818 - it becomes an answer
    """The text has the form of a time of day that does not exist. `typed` is that part, empty for `13pm`."""

    def __init__(self, typed: str = "") -> None:
        super().__init__(typed)
        self.typed = typed


def find_clock(typed: str, zone: str, year: int) -> Clock | None:
    """Return the time of day in a text, or None. Raise NotATime if it does not exist."""
    match = _TIME.search(typed)
    if not match:
        return None
    if match["noon"]:
        hour, minute = 12, 0
    elif match["half"]:
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        if not 1 <= hour <= 12:
            raise NotATime
        hour = hour % 12 + (12 if match["half"] in "pP" else 0)
    else:
        hour, minute = int(match["hour24"]), int(match["minute24"])
    if hour > 23 or minute > 59:
        raise NotATime(match[0].strip())
    zones, end = _zones_after(typed, match.end(), zone, year)
    before = typed[: match.start()]
    before = before[:-1] if re.search(r"\d[Tt]$", before) else before
    rest = f"{before} {typed[end:]}".strip(" ,")
    return Clock(rest, time(hour, minute), zones, typed[match.end() : end].strip())


def bare_hour(typed: str) -> tuple[str, int] | None:
    """Return the last words of a text and their hour if they are an hour that can be meant twice, as in `at 5`."""
    match = _BARE_HOUR.search(typed)
    return (match[1], int(match[2])) if match and 1 <= int(match[2]) <= 12 else None


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
