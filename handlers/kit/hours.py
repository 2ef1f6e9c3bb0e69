"""Parse and format hours."""

import re

from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, truncate


def parse_hours(typed: str) -> float | None:
    """Parse an effort such as `6`, `1.5`, `1,5 h`, `90m`. Return None if it is not a number."""
    match = re.fullmatch(r"(?i)\s*(-?\d{1,9}(?:[.,]\d{1,9})?)\s*(h|hours?|m|min|minutes?)?\s*", typed)
    if not match:
        return None
    number = float(match[1].replace(",", "."))
    return number / 60 if (match[2] or "h")[0].lower() == "m" else number


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
    if value is None:
        shown = escape(truncate(typed, 40))
        sentence = f"I could not read “{shown}” as hours. They look like `4` or `1.5`."
    elif value < 0 or value < least:
        sentence = "Enter at least a quarter of an hour (0.25)." if least else "Hours cannot be less than 0."
    elif value > most:
        sentence = f"You can enter at most {most:,.0f} hours."
    elif value * 4 % 1:
        sentence = "Enter hours in steps of a quarter, such as 0.25, 1.5 or 6."
    else:
        return value
    raise Refusal(f"{sentence} For example: {example}", field=field)
