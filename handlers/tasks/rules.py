"""Limits of a task, and when its owner is reminded."""

from collections.abc import Sequence
from datetime import date, timedelta

from handlers.kit.dates import MAX_AHEAD
from handlers.kit.hours import format_hours, quarter_problem
from handlers.kit.text import format_day, shows_nothing
from handlers.kit.working_days import working_day_from, working_day_until, working_days_after
from handlers.load.rules import counts_as_load

TITLE = 200
SOURCE = 150
LINK = 300
MAX_HOURS = 1000
FIRST_REMINDER = timedelta(days=2)
BREAK = timedelta(days=2)
WEEK = timedelta(days=7)
ANSWER_DAYS = 3
"""Working days after which an offer is repeated, and after which the person who made it is told."""


def title_problem(title: str) -> str:
    """Return what is wrong with a title; empty if nothing is."""
    if shows_nothing(title):
        return "A task needs a title that says what needs to be done."
    if len(title) > TITLE:
        return f"The title has {len(title):,} characters; the limit is {TITLE}. Put the details in a thread."
    return ""


def hours_problem(effort: float | None) -> str:
    """Return what is wrong with an effort in hours; empty if nothing is, or if there is none."""
    return "" if effort is None else quarter_problem(effort, MAX_HOURS)


def due_problem(due_on: date | None, today: date) -> str:
    """Return what is wrong with a due date; empty if nothing is, or if there is none."""
    if due_on is None:
        return ""
    if due_on < today:
        return f"{format_day(due_on)} is in the past."
    if due_on > today + MAX_AHEAD:
        return f"{format_day(due_on)} is more than three years away."
    return ""


def next_reminder(due: Sequence[date], today: date, named_on: date | None) -> date | None:
    """Return the next day after today on which the owner of open tasks with these due dates is reminded, or None.

    A task is named two days before it is due and on the day; where that is a weekend, on the Friday before, because
    Monday would be too late. Late tasks are named every Monday. Nobody is reminded on two days in a row: what would
    come on the day after `named_on`, the last day with a reminder, was named on that day (`is_named`). Source:
    docs/rules.md, "Tasks".
    """
    earliest = today + timedelta(days=1)
    if named_on is not None:
        earliest = max(earliest, _after_break(named_on))
    return min((_next_naming(due_on, earliest) for due_on in due), default=None)


def _next_naming(due_on: date, earliest: date) -> date:
    for day in (working_day_until(due_on - FIRST_REMINDER), working_day_until(due_on)):
        if day >= earliest:
            return day
    return next_monday(max(earliest, due_on + timedelta(days=1)))


def is_named(due_on: date, day: date, *, late: bool) -> bool:
    """Return whether the reminder of a day names a task: if it is due soon or, in a list of `late` tasks, late."""
    return late if due_on < day else working_day_until(due_on - FIRST_REMINDER) < _after_break(day)


def _after_break(day: date) -> date:
    """Return the first day after a reminder on which the next one may come: never the day after."""
    return working_day_from(day + BREAK)


def next_monday(day: date) -> date:
    """Return a day if it is a Monday, otherwise the Monday after it."""
    return day + timedelta(days=-day.weekday() % 7)


def next_unowned(due_on: date, today: date, *, told: bool = False) -> date | None:
    """Return the next day after today on which the creator of a task that nobody has is told, or None.

    That is a week before it is due; if that has passed, two days before; and once when it is late. Who is `told` today
    hears only when it is late.
    """
    early = [] if told else [working_day_until(due_on - WEEK), working_day_until(due_on - FIRST_REMINDER)]
    late = working_day_from(due_on + timedelta(days=1))
    return next((day for day in [*early, late] if day > today), None)


def after_answer_time(day: date) -> date:
    """Return the day three working days later, by which an offer should have been answered."""
    return working_days_after(day, ANSWER_DAYS)


def load_effect(
    load: float, own_hours: float, effort: float | None, *, due_later: bool, other_offers: float = 0.0
) -> str:
    """Return a sentence about the load that a person would have with one more task; all in hours.

    `own_hours` is what the person has a month. `effort` is None if the task has none; `due_later` means that it is
    due after the days that count as load. `other_offers` are the hours of what else is offered to the person.
    """
    now = f"You have {f'about {format_hours(load)} h of' if load else 'no'} work in the next 30 days."
    limit = f"of your {format_hours(own_hours)} h a month"
    everything = format_hours(load + other_offers + (effort or 0.0 if not due_later else 0.0))
    if due_later or effort is None:
        this = "This task is due later." if due_later else "This task has no effort yet."
        return f"{now} {this}" + (f" With your other open offers: {everything} {limit}." if other_offers else "")
    others = f" With your other open offers too: {everything} h." if other_offers else ""
    return f"{now} With this task: {format_hours(load + effort)} {limit}.{others}"


def offer_effect(
    load: float, own_hours: float, offered: float, effort: float | None, due_on: date | None, today: date
) -> str:
    """Return a sentence about the load with an offered task; `offered` are the hours of all open offers, this one too.

    `today` is the consortium's date, from which the days that count as load are counted for everybody.
    """
    is_counted = counts_as_load(due_on, today)
    others = max(0.0, offered - (effort or 0.0 if is_counted else 0.0))
    return load_effect(load, own_hours, effort, due_later=not is_counted, other_offers=others)
