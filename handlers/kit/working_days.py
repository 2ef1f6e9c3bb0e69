"""Working days: Monday to Friday, whatever an agency's calendar says. Source: docs/rules.md, "Time"."""

from datetime import date, timedelta

SATURDAY = 5

_DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    """Return whether a day, or the day of a local time, is a working day."""
    return day.weekday() < SATURDAY


def working_day_from(day: date) -> date:
    """Return a day, or the Monday after it if it is on a weekend."""
    while not is_working_day(day):
        day += _DAY
    return day


def working_day_until(day: date) -> date:
    """Return a day, or the Friday before it if it is on a weekend."""
    while not is_working_day(day):
        day -= _DAY
    return day


def working_days_after(day: date, count: int) -> date:
    """Return the day that is a number of working days later."""
    for _ in range(count):
        day = working_day_from(day + _DAY)
    return day
