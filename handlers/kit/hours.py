"""Hours as people read and type them."""

import re

from handlers.kit.refusals import Refusal
from handlers.kit.text import cut, escape


def hours(typed: str) -> float | None:
    """Read an effort such as `6`, `1.5`, `1,5 h`, `90m`; None where it is no number."""
    found = re.fullmatch(r"(?i)\s*(-?\d{1,9}(?:[.,]\d{1,9})?)\s*(h|hours?|m|min|minutes?)?\s*", typed)
    if not found:
        return None
    number = float(found[1].replace(",", "."))
    return number / 60 if (found[2] or "h")[0].lower() == "m" else number


def effort(number: float) -> str:
    """Write an effort out: "6 h", "1.5 h"."""
    return f"{number:g} h"


def number(hours: float) -> str:
    """Write hours as people do: "6", "1.5"."""
    return f"{round(hours, 2):g}"


MOST_HOURS_A_MONTH = 200.0


def quarter_hours(
    typed: str, example: str, field: str | None = None, *, most: float = MOST_HOURS_A_MONTH, least: float = 0.25
) -> float:
    """Read hours in quarters, such as `4`, `1.5`, `1,5 h`, `90m`. Raises Refusal."""
    found = hours(typed)
    if found is None:
        shown = escape(cut(typed, 40))
        sentence = f"I could not read “{shown}” as hours. They look like `4` or `1.5`."
    elif found < 0 or found < least:
        sentence = "Hours are more than nothing: a quarter of an hour or longer." if least else "Hours start at 0."
    elif found > most:
        sentence = f"More than {most:,.0f} hours cannot be meant here."
    elif found * 4 % 1:
        sentence = "Hours are counted in quarters, such as 0.25, 1.5 or 6."
    else:
        return found
    raise Refusal(f"{sentence} For example: {example}", field=field)
