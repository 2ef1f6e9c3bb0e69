"""Finding the task that is meant, and who may change it."""

from typing import NoReturn

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape
from storage import members, polls, proposals, tasks
from storage.tasks import Task
from storage.vocabulary import TaskState

NEVER = "a task cannot be offered there"
"""What somebody from outside hears is not possible."""


def open_task(session: Session, caller: Caller, number: int) -> Task:
    """Lock a task that is still to be done. Raises Refusal."""
    task = any_task(session, caller, number)
    if task.state is not TaskState.OPEN:
        again = f" `/task reopen {number}` opens it again." if may_change(caller, task) else ""
        raise Refusal(f"#{number} is {task.state.value} already, so nothing has changed.{again}")
    return task


def any_task(session: Session, caller: Caller, number: int) -> Task:
    """Lock a task by its number. Raises Refusal where the number is something else's, or nothing's."""
    found = tasks.lock(session, caller.consortium.id, number)
    return found if found is not None else no_such(session, caller, number)


def no_such(session: Session, caller: Caller, number: int) -> NoReturn:
    """Say what a number is that is no task. Raises Refusal."""
    if proposals.get(session, caller.consortium.id, number) is not None:
        raise Refusal(f"#{number} is a proposal, not a task. `/propose show {number}` shows it; `/task` lists tasks.")
    if polls.get(session, caller.consortium.id, number) is not None:
        raise Refusal(f"#{number} is a poll, not a task. `/vote show {number}` shows it; `/task` lists tasks.")
    raise Refusal(f"There is no task {number} here. `/task` lists yours, `/task all` all of them.")


def may_change(caller: Caller, task: Task) -> bool:
    """Tell whether somebody may change a task: who has it, who made it, and facilitators."""
    return caller.facilitates or caller.person.id in {task.owner_id, task.created_by}


def changeable(session: Session, caller: Caller, number: int) -> Task:
    """Lock an open task that the caller may change. Raises Refusal."""
    task = open_task(session, caller, number)
    if not may_change(caller, task):
        refuse_change(session, task)
    return task


def refuse_change(session: Session, task: Task) -> NoReturn:
    """Say who may change a task. Raises Refusal."""
    ids = {task.created_by, task.owner_id} - {None}
    names = [escape(m.name) for m in members.named(session, [i for i in ids if i is not None]).values()]
    take = f" It is nobody's yet: `/task take {task.number}` makes it yours." if task.owner_id is None else ""
    raise Refusal(
        f"Who has a task, who made it and facilitators change it. For #{task.number} you can ask "
        f"{' or '.join(sorted(names))}.{take}"
    )
