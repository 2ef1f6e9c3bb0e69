"""Pure rules of records: days and lengths."""

from datetime import date

from handlers.kit.refusals import Refusal
from handlers.roles.rules import FARTHEST

WORDS = 300


MOST_GIVEN = 10_000.0


def past_day(on: date, today: date, example: str, field: str | None = None) -> date:
    """Check a day on which something was given or paid. Raises Refusal."""
    if on > today:
        raise Refusal(f"{on} is still to come; record it when it has happened. For example: {example}", field=field)
    if on < today - FARTHEST:
        raise Refusal(f"{on} is more than three years ago. For example: {example}", field=field)
    return on
