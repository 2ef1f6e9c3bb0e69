"""Days of recurring events, computed within limits.

Only rules by day, week, month, and year are followed. A rule by hours, minutes, or seconds cannot close a day, and
could run forever.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, Literal

from dateutil import rrule

from handlers.kit.fetch import Unreadable

STEPS = 50_000
"""The number of occurrences that are followed; a daily series since 1970 has half as many."""

UNREADABLE = "The calendar repeats an event by a rule that I cannot follow. Type the days instead."

_EVERY: dict[str, Literal[0, 1, 2, 3]] = {
    "DAILY": rrule.DAILY,
    "WEEKLY": rrule.WEEKLY,
    "MONTHLY": rrule.MONTHLY,
    "YEARLY": rrule.YEARLY,
}
_PARTS = {
    "BYMONTH": ("bymonth", 12),
    "BYMONTHDAY": ("bymonthday", 31),
    "BYYEARDAY": ("byyearday", 366),
    "BYWEEKNO": ("byweekno", 53),
    "BYSETPOS": ("bysetpos", 366),
}
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def days(rule: Any, first: date, since: date, until: date) -> Iterator[date]:
    """Yield the days of a series that begins on `first`, from `since` to `until`.

    `rule` maps the parts of an RRULE to lists, as icalendar parses it. Raise `Unreadable` for a rule that cannot be
    followed.
    """
    if not isinstance(rule, Mapping):
        raise Unreadable(UNREADABLE)
    parts = {str(name).upper(): value if isinstance(value, list) else [value] for name, value in rule.items()}
    ends = min(until, *(_day(end) for end in parts.get("UNTIL", [])[:1]), until)
    if ends < since:
        return
    for number, at in enumerate(_series(parts, first, ends)):
        if number > STEPS or at.date() > ends:
            return
        if at.date() >= since:
            yield at.date()


def _series(parts: Mapping[str, list[Any]], first: date, ends: date) -> rrule.rrule:
    """Return the series. dateutil takes a count or an end, never both."""
    every = str(parts.get("FREQ", [""])[0]).upper()
    if every not in _EVERY or len(parts.get("FREQ", [])) != 1:
        raise Unreadable(UNREADABLE)
    if {"BYHOUR", "BYMINUTE", "BYSECOND", "BYEASTER"} & set(parts) or (every == "DAILY" and "BYSETPOS" in parts):
        raise Unreadable(UNREADABLE)
    more: dict[str, Any] = {
        name: [_whole(number, -most, most) for number in parts[part]]
        for part, (name, most) in _PARTS.items()
        if part in parts
    }
    if "BYDAY" in parts:
        more["byweekday"] = [_weekday(str(day)) for day in parts["BYDAY"]]
    if "WKST" in parts:
        more["wkst"] = _weekday(str(parts["WKST"][0]))
    more["count" if "COUNT" in parts else "until"] = (
        _whole(parts["COUNT"][0], 1, 10**9) if "COUNT" in parts else datetime.combine(ends, time())
    )
    interval = _whole(parts.get("INTERVAL", [1])[0], 1, 10_000)
    return rrule.rrule(_EVERY[every], dtstart=datetime.combine(first, time()), interval=interval, cache=False, **more)


def _whole(number: Any, least: int, most: int) -> int:
    whole = int(number)
    if not least <= whole <= most or (not whole and least < 0):
        raise Unreadable(UNREADABLE)
    return whole


def _weekday(typed: str) -> rrule.weekday:
    """Parse `MO`, `2TU`, or `-1FR`."""
    day, count = typed[-2:].upper(), typed[:-2]
    if day not in _WEEKDAYS:
        raise Unreadable(UNREADABLE)
    return rrule.weekday(_WEEKDAYS.index(day), _whole(count, -53, 53) if count else None)


def _day(end: Any) -> date:
    if isinstance(end, datetime):
        return end.date()
    if isinstance(end, date):
        return end
    raise Unreadable(UNREADABLE)
