"""Recurrence rules (RFC 5545) expanded on the wall clock, within limits.

Only rules by day, week, month, and year are followed. A rule by hours, minutes, or seconds cannot close a day, and
could run forever.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Literal

from dateutil import rrule

from handlers.holidays.rules.left_out import REPEATS, EventLeftOut
from handlers.kit.calendar_years import shift_to_the_end

STEPS = 50_000
"""The number of occurrences that are followed; a daily series since 1970 has half as many."""

Rule = Mapping[str, list[Any]]
"""The parts of an RRULE as icalendar parses them: `{"FREQ": ["WEEKLY"], "UNTIL": [datetime]}`."""

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
_CLOCK = {"BYHOUR": "hour", "BYMINUTE": "minute", "BYSECOND": "second"}
_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_PARTS, *_CLOCK}
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def walls(rule: Rule, begins: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the wall-clock times of a series from `begins` to `until`, both included.

    The caller applies UNTIL, which depends on a time zone. Raise `EventLeftOut` for a rule that cannot be followed.
    """
    if until < begins:
        return
    shift = shift_to_the_end(begins.year, until.year)
    ends = until.replace(year=until.year + shift)
    for number, shifted in enumerate(_series(rule, begins.replace(year=begins.year + shift))):
        if number > STEPS or shifted > ends:
            return
        yield shifted.replace(year=shifted.year - shift)


def last(rule: Rule) -> date | None:
    """Return UNTIL, which is a date or a time; None for a series without it. Raise `EventLeftOut`."""
    ends = rule.get("UNTIL", [])
    if ends and not isinstance(ends[0], date):
        raise EventLeftOut(REPEATS)
    return ends[0] if ends else None


def _series(rule: Rule, begins: datetime) -> rrule.rrule:
    every = str(rule.get("FREQ", [""])[0]).upper()
    if every not in _EVERY or len(rule["FREQ"]) != 1 or not _KNOWN.issuperset(rule):
        raise EventLeftOut(REPEATS)
    if any(rule[part] != [getattr(begins, unit)] for part, unit in _CLOCK.items() if part in rule):
        raise EventLeftOut(REPEATS)
    if every == "DAILY" and "BYSETPOS" in rule:
        raise EventLeftOut(REPEATS)
    more: dict[str, Any] = {
        name: [_whole(number, -most, most) for number in rule[part]]
        for part, (name, most) in _PARTS.items()
        if part in rule
    }
    if "BYDAY" in rule:
        more["byweekday"] = [_weekday(str(day)) for day in rule["BYDAY"]]
    elif "BYWEEKNO" in rule and not {"BYMONTHDAY", "BYYEARDAY"} & set(rule):
        # dateutil takes all seven days of the week; the standard takes the weekday of the beginning
        more["byweekday"] = [begins.weekday()]
    if "WKST" in rule:
        more["wkst"] = _weekday(str(rule["WKST"][0]))
    if "COUNT" in rule:
        more["count"] = _whole(rule["COUNT"][0], 1, 10**9)
    interval = _whole(rule.get("INTERVAL", [1])[0], 1, 10_000)
    return rrule.rrule(_EVERY[every], dtstart=begins, interval=interval, cache=False, **more)


def _whole(number: Any, least: int, most: int) -> int:
    whole = int(number)
    if not least <= whole <= most or (not whole and least < 0):
        raise EventLeftOut(REPEATS)
    return whole


def _weekday(typed: str) -> rrule.weekday:
    """Parse `MO`, `2TU`, or `-1FR`."""
    day, count = typed[-2:].upper(), typed[:-2]
    if day not in _WEEKDAYS:
        raise EventLeftOut(REPEATS)
    return rrule.weekday(_WEEKDAYS.index(day), _whole(count, -53, 53) if count else None)
