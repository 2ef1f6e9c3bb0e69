"""Parse the fields of the settings forms into plain values."""

import re

from handlers.kit.refusals import Refusal
from handlers.members import rules


def whole_number(typed: str, field: str, least: int, most: int) -> int:
    """Parse a whole number. Raise `Refusal` if it is none, or out of bounds."""
    if not typed.isdecimal() or not least <= int(typed[:6]) <= most:
        raise Refusal(f"Enter a whole number from {least} to {most}.", field=field)
    return int(typed)


def time_of_day(typed: str, field: str) -> str:
    """Parse a time and return it as `HH:MM`. Raise `Refusal` if it is none."""
    match = re.fullmatch(r"(\d{1,2}):(\d\d)", typed)
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise Refusal("Enter a time of day, such as 18:00.", field=field)
    return f"{int(match[1]):02}:{match[2]}"


def hours_a_month(typed: str, field: str) -> float:
    """Parse the default hours a month. Raise `Refusal` if they are not quarters, or out of bounds."""
    number = typed.replace(",", ".")
    hours = float(number) if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,6})?", number) else 0.0
    if not 0.25 <= hours <= rules.MOST_HOURS or hours * 4 % 1:
        raise Refusal(f"Enter a number from 0.25 to {rules.MOST_HOURS:g}, in quarters, such as 10 or 7.5.", field=field)
    return hours
