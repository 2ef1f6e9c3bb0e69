"""Parse and format hours."""

import re

from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, truncate

HOURS_A_DAY = 8
"""Hours of a day of work. A week of work has five days."""

_NUMBER = r"\d{1,9}(?:[.,]\d{1,9})?"
_ONE_PART = re.compile(
    rf"(?P<sign>-?)(?P<count>{_NUMBER}|half\s+an?|an?|one)\s*"
    r"(?P<unit>h|hrs?|hours?|m|mins?|minutes?|d|days?|w|wks?|weeks?)?"
)
_HOURS_AND_MINUTES = re.compile(r"(\d{1,3})\s*(?:h|hrs?|hours?|:)\s*(?:and\s+)?(\d{1,2})\s*(?:m|mins?|minutes?)?")
_GROUPED = re.compile(r"([1-9]\d{0,2}),(\d{3})")
_UNITS = {"h": 1.0, "m": 1 / 60, "d": float(HOURS_A_DAY), "w": 5.0 * HOURS_A_DAY}


def parse_hours(typed: str) -> float | None:
    """Parse an effort such as `6`, `1,5 h`, `90m`, `1h30`, `half a day`, `2 days`. Return None if it is not one.

    `1,500` is none either: it may be 1,500 or 1.5.
    """
    text = " ".join(typed.casefold().split())
    both = _HOURS_AND_MINUTES.fullmatch(text)
    if both:
        return int(both[1]) + int(both[2]) / 60
    match = _ONE_PART.fullmatch(text)
    if not match or not (match["unit"] or match["count"][0].isdecimal()) or _GROUPED.fullmatch(match["count"]):
        return None
    number = _count(match["count"]) * _UNITS[(match["unit"] or "h")[0]]
    return -number if match["sign"] else number


def _count(typed: str) -> float:
    if typed[0].isdecimal():
        return float(typed.replace(",", "."))
    return 0.5 if typed.startswith("half") else 1.0


def format_effort(number: float) -> str:
    """Format an effort: "6 h", "1.5 h"."""
    return f"{number:g} h"


def format_hours(hours: float) -> str:
    """Format hours without a unit: "6", "1.5"."""
    return f"{round(hours, 2):g}"


MOST_HOURS_A_MONTH = 200.0


def parse_quarter_hours(
    typed: str, example: str, field: str | None = None, *, most: float = MOST_HOURS_A_MONTH, least: float = 0.25
) -> float:
    """Parse hours in steps of a quarter, such as `4`, `1.5`, `1,5 h`, `90m`. Raise Refusal if they are invalid."""
    value = parse_hours(typed)
    if value is not None:
        problem = quarter_problem(value, most, least)
        if not problem:
            return value
    else:
        shown = escape(truncate(typed, 40))
        grouped = _GROUPED.match(typed.strip())
        problem = (
            f"“{shown}” could mean `{grouped[1]}{grouped[2]}` or `{grouped[1]}.{grouped[2].rstrip('0') or '0'}`."
            if grouped
            else f"I could not read “{shown}” as hours. They look like `4` or `1.5`."
        )
    raise Refusal(f"{problem} For example: {example}", field=field)


def quarter_problem(hours: float, most: float = MOST_HOURS_A_MONTH, least: float = 0.25) -> str:
    """Return what is wrong with hours that are counted in quarters; empty if nothing is."""
    if hours < 0 or hours < least:
        return "Enter at least a quarter of an hour (0.25)." if least else "Hours cannot be less than 0."
    if hours > most:
        return f"You can enter at most {most:,.0f} hours."
    return "Enter hours in steps of a quarter, such as 0.25, 1.5 or 6." if hours * 4 % 1 else ""
