"""Changing a task that is there; each is one intention within the caller's transaction."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit import hours as kit_hours
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import day, escape
from handlers.tasks import lookup, offers, reminders, rules, views
from storage import audit, members, notices
from storage.tasks import Task
from storage.vocabulary import NoticeKind, TaskState

EFFORT = "gave the effort of"


def settle(session: Session, caller: Caller, number: int, state: TaskState, now: datetime) -> str:
    """Say that a task is done, or need not be done. Raises Refusal."""
    task = lookup.changeable(session, caller, number)
    task.state, task.settled_at, task.offered_to = state, now, None
    notices.withdraw(session, task.consortium_id, NoticeKind.OFFER, number)
    said = "is done" if state is TaskState.DONE else "is dropped: it need not be done"
    _note(session, caller, task, state.value, said, now)
    return f"{views.named(task)} {said}."


def reopen(session: Session, caller: Caller, number: int, now: datetime) -> str:
    """Take back that a task is done or dropped. Raises Refusal."""
    task = lookup.any_task(session, caller, number)
    if not lookup.may_change(caller, task):
        lookup.refuse_change(session, task)
    if task.state is TaskState.OPEN:
        raise Refusal(f"#{number} is open. `/task {number}` shows it.")
    task.state, task.settled_at = TaskState.OPEN, None
    if task.owner_id is not None and members.named(session, [task.owner_id])[task.owner_id].left_at is not None:
        task.owner_id = None
    _note(session, caller, task, "reopened", "is open again", now)
    return f"{views.named(task)} is open again."


def set_hours(session: Session, caller: Caller, number: int, hours: float | None, now: datetime) -> str:
    """Say how much work a task is. Raises Refusal."""
    task = lookup.changeable(session, caller, number)
    _check(rules.hours_problem(hours), "hours", f"`/task hours {number} 1.5`")
    task.hours = hours
    said = f"is about {kit_hours.effort(hours)} of work" if hours is not None else "has no effort noted any more"
    _note(session, caller, task, EFFORT, said, now)
    return f"{views.named(task)} {said}."


def set_due(session: Session, caller: Caller, number: int, due_on: date | None, now: datetime) -> str:
    """Say until when a task is wanted. Raises Refusal."""
    task = lookup.changeable(session, caller, number)
    today = now.astimezone(ZoneInfo(caller.zone)).date()
    _check(rules.due_problem(due_on, today), "due", f"`/task due {number} friday`")
    task.due_on = due_on
    said = f"is due {day(due_on)}" if due_on is not None else "has no due date any more"
    _note(session, caller, task, "moved", said, now)
    return f"{views.named(task)} {said}."


def edit(
    session: Session, caller: Caller, number: int, wanted: tuple[str, date | None, float | None], now: datetime
) -> str:
    """Change what a task is called, when it is due and how much work it is. Raises Refusal."""
    task = lookup.changeable(session, caller, number)
    title, due_on, hours = wanted
    today = now.astimezone(ZoneInfo(caller.zone)).date()
    _check(rules.title_problem(title), "title")
    _check(rules.due_problem(due_on, today) if due_on != task.due_on else "", "due")
    _check(rules.hours_problem(hours), "hours")
    if (title, due_on, hours) == (task.title, task.due_on, task.hours):
        return f"{views.named(task)} stays as it was."
    task.title, task.due_on, task.hours = title, due_on, hours
    _note(session, caller, task, "changed", "was changed", now)
    return f"{views.named(task)} was changed.{views.told(task)}"


def _check(problem: str, field: str, example: str = "") -> None:
    if problem:
        raise Refusal(f"{problem} For example: {example}" if example else problem, field=field)


def _note(session: Session, caller: Caller, task: Task, deed: str, said: str, now: datetime) -> None:
    """Note a change, and tell who has the task and, unless it is the effort, who made it."""
    audit.note(session, task.consortium_id, caller.person.id, deed, f"task {task.number}", now)
    reminders.keep_up(session, task, now)
    who = escape(caller.person.name)
    body = views.news(
        f"{views.named(task)} {said}, says {who}.{views.told(task)}",
        f"#{task.number} {escape(task.title)} {said}, says {who}.",
    )
    concerned = {task.owner_id} if deed == EFFORT else {task.owner_id, task.created_by}
    offers.announce(session, caller, task, concerned, body, now)
