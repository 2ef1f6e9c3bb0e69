"""What if an agency left, in Block Kit."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from handlers.kit import lists
from handlers.kit.block_kit import context, section
from handlers.kit.hours import number
from handlers.kit.text import bold, counted, cut, escape, lines, listed, quote
from handlers.workload.what_if.snapshot import DepartureSnapshot, total_hours
from storage.tasks import Task

MAX_LINES = 8
MAX_TASKS = 5

SUMMARY = "What if an agency left."


def departure_blocks(departure: DepartureSnapshot) -> list[Block]:
    """Return what would change if an agency left."""
    return lists.fitting(lambda width: _blocks(departure, width))


def _blocks(departure: DepartureSnapshot, width: int) -> list[Block]:
    name = escape(cut(departure.name, width))
    share = departure.share
    taken = [task for _, tasks in departure.takers for task in tasks]
    count = len(taken) + len(departure.stuck) + len(departure.unsized) + len(departure.later)
    if share is None or not (count or departure.held):
        return [section(f"*If {name} left*, no open task and no role would lose its owner."), _private()]
    holdings = [
        counted(count, "open task") if count else "",
        counted(len(departure.held), "role") if departure.held else "",
    ]
    head = (
        f"*If {name} left*\nIts {counted(share.people, 'person', 'people')} "
        f"{'carries' if share.people == 1 else 'carry'} {number(share.load)} of {number(departure.total)} h in the "
        f"next 30 days: {listed([part for part in holdings if part])}."
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
    shown = [f"{escape(cut(name, width))} {number(round(hours, 1))} h" for name, hours in growth[:MAX_LINES]]
    more = [f"{len(growth) - MAX_LINES} others the rest"] if len(growth) > MAX_LINES else []
    return f"*Fair shares would grow by:* {listed([*shown, *more])}." if shown else ""


def _takers(departure: DepartureSnapshot, width: int) -> str:
    shown = [
        f"{escape(cut(person.name, width))}: {_tasks(tasks, width)}" for person, tasks in departure.takers[:MAX_LINES]
    ]
    rest = len(departure.takers) - MAX_LINES
    more = f"And {counted(rest, 'more person', 'more people')}." if rest > 0 else ""
    return lines(["*Offered to take on more, and have room:*", *shown, more]) if shown else ""


def _remaining(departure: DepartureSnapshot, width: int) -> str:
    stuck = f"{_tasks(departure.stuck, width)}, {number(total_hours(departure.stuck))} h"
    later = f"{_tasks(departure.later, width)}, {number(total_hours(departure.later))} h"
    remaining = [
        f"Nobody who offered has room for {stuck}." if departure.stuck else "",
        f"No effort is known for {_tasks(departure.unsized, width)}." if departure.unsized else "",
        f"Due later: {later}." if departure.later else "",
    ]
    return lines(["*What would be left:*", *remaining]) if any(remaining) else ""


def _roles(departure: DepartureSnapshot, width: int) -> str:
    if not departure.held:
        return ""
    names = [f"{quote(role.title, width)} ({escape(cut(name, width))})" for role, name in departure.held[:MAX_LINES]]
    more = [f"{len(departure.held) - MAX_LINES} more"] if len(departure.held) > MAX_LINES else []
    vacant = f"*Roles that would be vacant:* {listed([*names, *more])}."
    unique = listed([quote(title, width) for title in sorted(departure.unique)[:MAX_LINES]])
    return f"{vacant}\nNo other agency has held {unique}." if unique else vacant


def _tasks(tasks: Sequence[Task], width: int) -> str:
    shown = [bold(f"#{task.number} {task.title}", min(width, 80)) for task in tasks[:MAX_TASKS]]
    return listed([*shown, f"{len(tasks) - MAX_TASKS} more"] if len(tasks) > MAX_TASKS else shown)


def _private() -> Block:
    return context("Only you see this, and nothing has changed.")
