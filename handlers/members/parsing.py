"""Parse the fields of the settings forms into plain values."""

import re

from handlers.kit.refusals import Refusal


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
