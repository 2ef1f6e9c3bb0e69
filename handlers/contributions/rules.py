"""Rules of contributions: the length of a description, and the earliest and latest date."""

from datetime import date

from handlers.kit.dates import MAX_AHEAD
from handlers.kit.refusals import Refusal
from handlers.kit.text import format_day

WORDS = 300
"""The longest description, in characters."""

MOST_GIVEN = 10_000.0
"""The most hours in one contribution."""


def past_day(on: date, today: date, example: str, field: str | None = None) -> date:
    """Return the day when something was given or paid. Raise `Refusal` if it is in the future or too long ago."""
    if on > today:
        raise Refusal(
            f"{format_day(on)} is in the future. Record it once it has happened. For example: {example}", field=field
        )
    if on < today - MAX_AHEAD:
        raise Refusal(f"{format_day(on)} is more than three years ago. For example: {example}", field=field)
    return on
