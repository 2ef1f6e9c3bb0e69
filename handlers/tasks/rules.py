"""What a task may be: pure functions on plain values."""

from datetime import date, timedelta

from handlers.kit.hours import number

TITLE = 200
SOURCE = 150
LINK = 300
MOST_HOURS = 1000
FARTHEST = timedelta(days=3 * 366)
AHEAD = timedelta(days=2)
WEEK = timedelta(days=7)
SATURDAY = 5


def title_problem(title: str) -> str:
    """Say what is wrong with a title; empty where nothing is."""
    if not title:
        return "A task needs a few words that say what is to be done."
    if len(title) > TITLE:
        return f"The title has {len(title):,} characters; there is room for {TITLE}. Details fit well into a thread."
    return ""


def hours_problem(effort: float | None) -> str:
    """Say what is wrong with an effort in hours; empty where nothing is, or none is given."""
    if effort is None:
        return ""
    if effort <= 0:
        return "The effort is more than nothing: a quarter of an hour or longer."
    if effort > MOST_HOURS:
        return f"More than {MOST_HOURS:,} hours is too much for one task; several smaller ones are easier to take."
    if effort * 4 % 1:
        return "The effort is counted in quarters of an hour, such as 0.25, 1.5 or 6."
    return ""


def due_problem(due_on: date | None, today: date) -> str:
    """Say what is wrong with a day; empty where nothing is, or none is given."""
    if due_on is None:
        return ""
    if due_on < today:
        return f"{due_on} has passed already."
    if due_on > today + FARTHEST:
        return f"{due_on} is more than three years away."
    return ""


def next_reminder(due_on: date, today: date) -> date:
    """Give the next day after today on which the owner of an open task is reminded.

    That is two days before, on the day, and every week after it. One that falls on a weekend comes on the Friday
    before, since on Monday it would be late. (The domain's "Tasks and the balance of work".)
    """
    for day in (_working(due_on - AHEAD), _working(due_on)):
        if day > today:
            return day
    weeks = max(1, (today - due_on) // WEEK)
    while _working(due_on + weeks * WEEK) <= today:
        weeks += 1
    return _working(due_on + weeks * WEEK)


def _working(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))


def effect(load: float, own: float, adds: float | None, *, later: bool) -> str:
    """Say what a task would do to somebody's load; all in hours, `own` is what the person has for it.

    `adds` is empty where nobody has said how much work it is; `later` where it is due after the days that count.
    """
    held = f"about {number(load)} h" if load else "no hours"
    stands = f"You hold {held} for the next 30 days of your {number(own)}"
    if later:
        return f"{stands}; this is due later than that."
    if adds is None:
        return f"{stands}; how much work this is, nobody has said yet."
    return f"{stands}; with this it would be {number(load + adds)}."
