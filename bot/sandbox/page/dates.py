"""Slack's date tokens (`{date_short_pretty}`, `{time}`, ...), as one reader sees them.

Source: Slack's "Formatting text for app surfaces" and "Date element". Slack leaves the year out of
`{date}`, `{date_short}` and `{date_long}` when the day is less than six months away.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

_NEAR = timedelta(days=182)
_TOKEN = re.compile(r"\{(\w+)\}")
_DAYS = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def slack_date(stamp: float, form: str, now: datetime) -> str:
    """Fill a format's tokens with a Unix time, in the zone of `now`.

    Raise ValueError, OverflowError or OSError for a time outside the calendar.
    """
    time = datetime.fromtimestamp(stamp, now.tzinfo)

    def token(match: re.Match[str]) -> str:
        make = _TOKENS.get(match[1])
        if make is None:
            return match[0]
        words = make(time, now)
        # "Today at 9:00" starts a sentence, "closes today" does not.
        return words[:1].upper() + words[1:] if match.start() == 0 else words

    return _TOKEN.sub(token, form)


def clock_time(time: datetime) -> str:
    """Format a time of day as Slack does: 5:07 PM."""
    return f"{time:%I:%M %p}".lstrip("0")


def day(time: datetime, now: datetime) -> str:
    """Name a day as on the divider between two days' messages."""
    known = _near(time, now)
    if known:
        return known.capitalize()
    words = f"{time:%A}, {time:%B} {_ordinal(time.day)}"
    return words if time.year == now.year else f"{words}, {time.year}"


def _near(time: datetime, now: datetime) -> str:
    return _DAYS.get((time.date() - now.date()).days, "")


def _ordinal(number: int) -> str:
    if number in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def _year(time: datetime, now: datetime) -> str:
    return "" if abs(time - now) < _NEAR else f", {time.year}"


def _date(time: datetime, now: datetime) -> str:
    return f"{time:%B} {_ordinal(time.day)}{_year(time, now)}"


def _short(time: datetime, now: datetime) -> str:
    return f"{time:%b} {time.day}{_year(time, now)}"


def _long(time: datetime, now: datetime) -> str:
    return f"{time:%A}, {_date(time, now)}"


def _ago(time: datetime, now: datetime) -> str:
    seconds = (now - time).total_seconds()
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        count = int(abs(seconds) // size)
        if count:
            words = f"{count} {word}{'s' if count > 1 else ''}"
            return f"{words} ago" if seconds > 0 else f"in {words}"
    return "now"


_TOKENS: dict[str, Callable[[datetime, datetime], str]] = {
    "date_num": lambda time, _: f"{time:%Y-%m-%d}",
    "date_slash": lambda time, _: f"{time:%m/%d/%Y}",
    "date": _date,
    "date_short": _short,
    "date_long": _long,
    "date_long_full": lambda time, _: f"{time:%B} {time.day}, {time.year}",
    "date_pretty": lambda time, now: _near(time, now) or _date(time, now),
    "date_short_pretty": lambda time, now: _near(time, now) or _short(time, now),
    "date_long_pretty": lambda time, now: _near(time, now) or _long(time, now),
    "day_divider_pretty": day,
    "time": lambda time, _: clock_time(time),
    "time_secs": lambda time, _: f"{time:%I:%M:%S %p}".lstrip("0"),
    "ago": _ago,
}
