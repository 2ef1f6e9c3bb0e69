"""What if an agency left, in words."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from handlers.kit import lists
from handlers.kit.block_kit import context, section
from handlers.kit.hours import number
from handlers.kit.text import bold, counted, cut, escape, lines, listed, quote
from handlers.workload.what_if import DepartureSnapshot, total_hours
from storage.tasks import Task

MOST = 8
TASKS = 5


def departure_blocks(leaving: DepartureSnapshot) -> list[Block]:
    """Say what would fall to whom, and what nobody else could do."""
    return lists.fitting(lambda width: _drawn(leaving, width))


def _drawn(leaving: DepartureSnapshot, width: int) -> list[Block]:
    name = escape(cut(leaving.name, width))
    share = leaving.share
    tasks = [task for _, some in leaving.takers for task in some]
    count = len(tasks) + len(leaving.stuck) + len(leaving.unsized) + len(leaving.later)
    if share is None or not (count or leaving.held):
        return [section(f"*If {name} left*, no open task and no role would be without somebody."), _private()]
    has = [
        counted(count, "open task") if count else "",
        counted(len(leaving.held), "role") if leaving.held else "",
    ]
    head = (
        f"*If {name} left*\nIts {counted(share.people, 'person', 'people')} "
        f"{'carries' if share.people == 1 else 'carry'} {number(share.load)} of {number(leaving.total)} h for the next "
        f"30 days: {listed([part for part in has if part])}."
    )
    parts = [head, _more(leaving, width), _takers(leaving, width), _nobody(leaving, width), _roles(leaving, width)]
    return [*(section(part) for part in parts if part), _private()]


def _more(leaving: DepartureSnapshot, width: int) -> str:
    grown = [(name, hours_) for name, hours_ in leaving.more if hours_ > 0.01]
    said = [f"{escape(cut(name, width))} {number(round(hours_, 1))} h more" for name, hours_ in grown[:MOST]]
    rest = [f"{len(grown) - MOST} others the rest"] if len(grown) > MOST else []
    return f"*What would fall to whom, by fair shares:* {listed([*said, *rest])}." if said else ""


def _takers(leaving: DepartureSnapshot, width: int) -> str:
    said = [f"{escape(cut(one.name, width))}: {_tasks(some, width)}" for one, some in leaving.takers[:MOST]]
    rest = len(leaving.takers) - MOST
    more = f"And {counted(rest, 'more person', 'more people')}." if rest > 0 else ""
    return lines(["*Who may be asked and has room for something:*", *said, more]) if said else ""


def _nobody(leaving: DepartureSnapshot, width: int) -> str:
    """Say what would stay lying, with the reason."""
    said = [
        (
            f"Nobody who may be asked has room for {_tasks(leaving.stuck, width)}, {number(total_hours(leaving.stuck))} h."
            if leaving.stuck
            else ""
        ),
        f"Without an effort, so nobody can say: {_tasks(leaving.unsized, width)}." if leaving.unsized else "",
        f"Due later: {_tasks(leaving.later, width)}, {number(total_hours(leaving.later))} h." if leaving.later else "",
    ]
    return lines(["*What would stay lying:*", *said]) if any(said) else ""


def _roles(leaving: DepartureSnapshot, width: int) -> str:
    if not leaving.held:
        return ""
    names = [f"{quote(role.title, width)} ({escape(cut(name, width))})" for role, name in leaving.held[:MOST]]
    more = [f"{len(leaving.held) - MOST} more"] if len(leaving.held) > MOST else []
    alone = sorted(leaving.unique)
    said = f"*Roles that would be free:* {listed([*names, *more])}."
    if not alone:
        return said
    titles = listed([quote(title, width) for title in alone[:MOST]])
    return f"{said}\n*What nobody else has done yet:* no other agency has held {titles}."


def _tasks(tasks: Sequence[Task], width: int) -> str:
    said = [bold(f"#{task.number} {task.title}", min(width, 80)) for task in tasks[:TASKS]]
    return listed([*said, f"{len(tasks) - TASKS} more"] if len(tasks) > TASKS else said)


def _private() -> Block:
    return context("Only you see this, and nothing has changed.")
