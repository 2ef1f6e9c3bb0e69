"""What if an agency left, in Block Kit."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from handlers.kit import lists
from handlers.kit.block_kit import context, section
from handlers.kit.hours import format_hours
from handlers.kit.text import bold, escape, join_lines, join_names, pluralize, quote, truncate
from handlers.workload.what_if.snapshot import DepartureSnapshot, total_hours
from storage.tasks import Task

MAX_LINES = 8
MAX_TASKS = 5

SUMMARY = "What if an agency left."


def departure_blocks(departure: DepartureSnapshot) -> list[Block]:
    """Return what would change if an agency left."""
    return lists.fit_to_message(lambda width: _blocks(departure, width))


def _blocks(departure: DepartureSnapshot, width: int) -> list[Block]:
    name = escape(truncate(departure.name, width))
    share = departure.share
    taken = [task for _, tasks in departure.takers for task in tasks]
    count = len(taken) + len(departure.stuck) + len(departure.unsized) + len(departure.later)
    if share is None or not (count or departure.held):
        return [section(f"*If {name} left*, no open task and no role would lose its owner."), _private()]
    holdings = [
        pluralize(count, "open task") if count else "",
        pluralize(len(departure.held), "role") if departure.held else "",
    ]
    head = (
        f"*If {name} left*\nIts {pluralize(share.people, 'person', 'people')} "
        f"{'carries' if share.people == 1 else 'carry'} {format_hours(share.load)} of "
        f"{format_hours(departure.total)} h in the next 30 days: {join_names([part for part in holdings if part])}."
    )
    parts = [
        head,
        _larger_shares(departure, width),
        _takers(departure, width),
        _remaining(departure, width),
        _roles(departure, width),
    ]
    return [*(section(part) for part in parts if part), _private()]


def _larger_shares(departure: DepartureSnapshot, width: int) -> str:
    growth = [(name, hours) for name, hours in departure.more if hours > 0.01]
    shown = [f"{escape(truncate(name, width))} {format_hours(round(hours, 1))} h" for name, hours in growth[:MAX_LINES]]
    more = [f"{len(growth) - MAX_LINES} other agencies share the rest"] if len(growth) > MAX_LINES else []
    return f"*Fair shares would grow by:* {join_names([*shown, *more])}." if shown else ""


def _takers(departure: DepartureSnapshot, width: int) -> str:
    shown = [
        f"{escape(truncate(person.name, width))}: {_tasks(tasks, width)}"
        for person, tasks in departure.takers[:MAX_LINES]
    ]
    rest = len(departure.takers) - MAX_LINES
    more = f"And {pluralize(rest, 'more person', 'more people')}." if rest > 0 else ""
    return join_lines(["*These people offered to take on more and have room:*", *shown, more]) if shown else ""


def _remaining(departure: DepartureSnapshot, width: int) -> str:
    stuck = f"{_tasks(departure.stuck, width)}, {format_hours(total_hours(departure.stuck))} h"
    later = f"{_tasks(departure.later, width)}, {format_hours(total_hours(departure.later))} h"
    remaining = [
        f"Nobody who offered has room for {stuck}." if departure.stuck else "",
        f"No effort is known for {_tasks(departure.unsized, width)}." if departure.unsized else "",
        f"Due later: {later}." if departure.later else "",
    ]
    return join_lines(["*What would be left:*", *remaining]) if any(remaining) else ""


def _roles(departure: DepartureSnapshot, width: int) -> str:
    if not departure.held:
        return ""
    names = [
        f"{quote(role.title, width)} ({escape(truncate(name, width))})" for role, name in departure.held[:MAX_LINES]
    ]
    more = [f"{len(departure.held) - MAX_LINES} more"] if len(departure.held) > MAX_LINES else []
    vacant = f"*Roles that would be vacant:* {join_names([*names, *more])}."
    unique = join_names([quote(title, width) for title in sorted(departure.unique)[:MAX_LINES]], "or")
    return f"{vacant}\nNo other agency has held {unique}." if unique else vacant


def _tasks(tasks: Sequence[Task], width: int) -> str:
    shown = [bold(f"#{task.number} {task.title}", min(width, 80)) for task in tasks[:MAX_TASKS]]
    return join_names([*shown, f"{len(tasks) - MAX_TASKS} more"] if len(tasks) > MAX_TASKS else shown)


def _private() -> Block:
    return context("Only you see this, and nothing has changed.")
