"""The tasks that a reader sees in a list, and what the reader can do with each."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.lists import Page, fetch_page
from handlers.kit.refusals import Refusal
from handlers.tasks.load_effect import LoadEffects
from handlers.tasks.lookup import may_change, names_of
from handlers.tasks.views import TaskLine
from storage import tasks
from storage.tasks import Task, TaskList


def task_page(session: Session, caller: Caller, which: str, number: int, now: datetime) -> Page[TaskLine]:
    """Return a page of open tasks: `which` is "mine", "agency" or "all".

    The cost depends on the page and on the open tasks, not on settled ones. Raise Refusal for "agency" if the caller
    has none.
    """
    query = _query(caller, which)
    total = tasks.count_tasks(session, query)
    return fetch_page(
        total, number, lambda at, most: task_lines(session, caller, tasks.list_tasks(session, query, at, most), now)
    )


def _query(caller: Caller, which: str) -> TaskList:
    consortium = caller.consortium.id
    if which == "all":
        return tasks.all_open(consortium)
    if which == "mine":
        return tasks.for_person(consortium, caller.person.id)
    if caller.agency is None:
        raise Refusal("You belong to no agency. `/task` lists your own tasks, `/task all` everybody's.")
    return tasks.of_agency(consortium, caller.agency.id)


def task_lines(session: Session, caller: Caller, rows: Sequence[Task], now: datetime) -> list[TaskLine]:
    """Return each task with its people and what the reader may do; one query reads all names."""
    names = names_of(session, rows)
    own = caller.person.id
    effects = LoadEffects(session, caller.consortium.id, now)
    return [
        TaskLine(
            task,
            owner=names[task.owner_id] if task.owner_id is not None else "",
            offered_to=names[task.offered_to] if task.offered_to is not None else "",
            former=names[task.former_owner_id] if task.former_owner_id is not None else "",
            mine=task.owner_id == own,
            asked=task.offered_to == own,
            may_change=may_change(session, caller, task),
            effect=effects.describe(task, own) if task.offered_to == own else "",
        )
        for task in rows
    ]
