"""Recurrence rules in words."""

import calendar
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.kit.text import format_clock, format_day, format_zone, join_names
from handlers.meetings.rules import ical
from handlers.meetings.rules.weekdays import CODES, DAYS, NTH

_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"}
_UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}


def describe_rule(rule: str | None, begins: datetime, zone: str, usual_zone: str = "") -> str:
    """Return a rule in words: "every third Thursday of the month at 14:00 until Wed 30 Jun 2027".

    The time zone is named unless it is the usual one, which readers expect.
    """
    clock = f"at {format_clock(begins)}" + (f" ({format_zone(zone)})" if zone != usual_zone else "")
    if rule is None:
        return f"once, {clock}"
    days = describe_days(rule, begins)
    # the rule itself says when it ends
    return f"{days} {clock}" if days.endswith(rule) else f"{days} {clock}{_end(rule, begins, zone)}"


def describe_days(rule: str, begins: datetime) -> str:
    """Return how often a rule repeats, without its hour and its end."""
    parts = _parts(rule)
    return (_days(parts, begins) if _KNOWN.issuperset(parts) else None) or f"by the rule {rule}"


def _parts(rule: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in rule.split(";") if "=" in part)


def _end(rule: str, begins: datetime, zone: str) -> str:
    parts = _parts(rule)
    if "COUNT" in parts:
        return ", once" if parts["COUNT"] == "1" else f", {int(parts['COUNT'])} times"
    last = ical.last_moment(rule, zone)
    if last is None:
        return ""
    wall = last.astimezone(ZoneInfo(zone))
    # a meeting at a later hour of that day does not take place
    day = wall.date() - timedelta(days=wall.replace(tzinfo=None).time() < begins.time())
    return f" until {format_day(day)}"


def _days(parts: dict[str, str], begins: datetime) -> str | None:
    """Return the days of a rule in words; None for a rule that is not described."""
    every, interval = parts.get("FREQ", ""), int(parts.get("INTERVAL", 1))
    numbers = [int(month) for month in parts.get("BYMONTH", "").split(",") if month]
    if not set(range(1, 13)).issuperset(numbers):
        return None
    months = [calendar.month_name[number] for number in numbers]
    described = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly}.get(every)
    days = described(parts, begins, interval, months) if described else None
    if days is None or every == "YEARLY" or not months:
        return days
    return f"{days} in {join_names(months)}"


def _often(every: str, interval: int) -> str:
    return f"every {_UNITS[every]}" if interval == 1 else f"every {interval} {_UNITS[every]}s"


def _daily(parts: dict[str, str], begins: datetime, interval: int, months: Sequence[str]) -> str | None:
    if "BYSETPOS" in parts or "BYMONTHDAY" in parts:
        return None
    if "BYDAY" in parts:
        return _weekly(parts, begins, 1, months) if interval == 1 else None
    return _often("DAILY", interval)


def _weekly(parts: dict[str, str], begins: datetime, interval: int, _months: Sequence[str]) -> str | None:
    codes = parts.get("BYDAY", CODES[begins.weekday()]).split(",")
    if "BYSETPOS" in parts or "BYMONTHDAY" in parts or not set(CODES).issuperset(codes):
        return None
    days = [day for code, day in zip(CODES, DAYS, strict=True) if code in codes]
    if days == list(DAYS[:5]):
        return f"{'every day' if interval == 1 else _often('WEEKLY', interval)} from Monday to Friday"
    return f"every {join_names(days)}" if interval == 1 else f"{_often('WEEKLY', interval)} on {join_names(days)}"


def _monthly(parts: dict[str, str], begins: datetime, interval: int, _months: Sequence[str]) -> str | None:
    if "BYDAY" in parts:
        days = None if "BYMONTHDAY" in parts else _days_of_month(parts)
        if days is None:
            return None
        return f"every {days} of the month" if interval == 1 else f"the {days} {_often('MONTHLY', interval)}"
    if "BYSETPOS" in parts:
        return None
    dates = join_names([_date_of_month(int(day)) for day in parts.get("BYMONTHDAY", str(begins.day)).split(",")])
    return f"the {dates} of every month" if interval == 1 else f"the {dates} {_often('MONTHLY', interval)}"


def _yearly(parts: dict[str, str], begins: datetime, interval: int, months: Sequence[str]) -> str | None:
    often = _often("YEARLY", interval)
    if "BYDAY" in parts:
        days = None if "BYMONTHDAY" in parts or not months else _days_of_month(parts)
        return f"{often} on the {days} of {join_names(months)}" if days else None
    if "BYSETPOS" in parts or ("BYMONTHDAY" in parts and not months):
        return None
    dates = parts.get("BYMONTHDAY", str(begins.day)).split(",")
    month = join_names(months or [calendar.month_name[begins.month]])
    return f"{often} on the {join_names([_date_of_month(int(day)) for day in dates])} of {month}"


def _days_of_month(parts: dict[str, str]) -> str | None:
    """Return weekdays by their places in a month: "first and third Thursday"; None where a place is missing."""
    days = [re.fullmatch(r"([+-]?\d+)?([A-Z]{2})", code) for code in parts["BYDAY"].split(",")]
    if "BYSETPOS" in parts:
        place = NTH.get(int(parts["BYSETPOS"])) if parts["BYSETPOS"].lstrip("+-").isdecimal() else None
        codes = [day[2] for day in days if day and not day[1]]
        if place is None or len(codes) != len(days):
            return None
        if set(codes) == set(CODES[:5]):
            return f"{place} weekday"
        return f"{place} {DAYS[CODES.index(codes[0])]}" if len(codes) == 1 else None
    named = [(NTH.get(int(day[1] or 0)), day[2]) for day in days if day]
    if len(named) != len(days) or any(place is None for place, _ in named):
        return None
    if len({code for _, code in named}) == 1:
        return f"{join_names([place or '' for place, _ in named])} {DAYS[CODES.index(named[0][1])]}"
    return join_names([f"{place} {DAYS[CODES.index(code)]}" for place, code in named])


def _date_of_month(day: int) -> str:
    """Return a date of a month: "3rd", "last day"."""
    if day < 0:
        return "last day" if day == -1 else f"{_date_of_month(-day)} day from the end"
    ending = "th" if day % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"
