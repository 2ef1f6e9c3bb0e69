"""Changes to an existing task; each function is one intention within the caller's transaction."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers.kit import edits
from handlers.kit import hours as kit_hours
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, format_day
from handlers.load import rooms
from handlers.tasks import forms, lookup, offers, reminders, rules, views
from storage import audit, members, notices
from storage.tasks import Task
from storage.vocabulary import NoticeKind, TaskState

EFFORT_ACTION = "gave the effort of"


def settle_task(session: Session, caller: Caller, number: int, state: TaskState, now: datetime) -> str:
    """Mark a task as done or dropped. Raise Refusal if the caller may not."""
    task = lookup.lock_changeable_task(session, caller, number)
    task.state, task.settled_at, task.offered_to = state, now, None
    notices.drop_waiting(session, task.consortium_id, NoticeKind.OFFER, number)
    change = "is done" if state is TaskState.DONE else "is dropped: it is no longer needed"
    _record(session, caller, task, state.value, change, now)
    return f"{views.task_name(task)} {change}."


def reopen_task(session: Session, caller: Caller, number: int, now: datetime) -> str:
    """Reopen a task that is done or dropped. Raise Refusal if the caller may not, or if it is open."""
    task = lookup.lock_task(session, caller, number)
    if not lookup.may_change(caller, task):
        lookup.refuse_change(session, task)
    if task.state is TaskState.OPEN:
        raise Refusal(f"#{number} is already open. `/task {number}` shows it.")
    task.state, task.settled_at = TaskState.OPEN, None
    if task.owner_id is not None and members.by_ids(session, [task.owner_id])[task.owner_id].left_at is not None:
        task.owner_id = None
    _record(session, caller, task, "reopened", "is open again", now)
    return f"{views.task_name(task)} is open again."


def set_hours(session: Session, caller: Caller, number: int, hours: float | None, now: datetime) -> str:
    """Set or remove the effort of a task. Raise Refusal if the caller may not, or if the effort is not valid."""
    task = lookup.lock_changeable_task(session, caller, number)
    _check(rules.hours_problem(hours), "hours", f"`/task hours {number} 1.5`")
    task.hours = hours
    change = f"is about {kit_hours.format_effort(hours)} of work" if hours is not None else "has no effort anymore"
    _record(session, caller, task, EFFORT_ACTION, change, now)
    return f"{views.task_name(task)} {change}."


def set_due(session: Session, caller: Caller, number: int, due_on: date | None, now: datetime) -> str:
    """Set or remove the due date of a task. Raise Refusal if the caller may not, or if the date is not valid."""
    task = lookup.lock_changeable_task(session, caller, number)
    _check(rules.due_problem(due_on, caller.today(now)), "due", f"`/task due {number} friday`")
    task.due_on = due_on
    change = f"is due {format_day(due_on)}" if due_on is not None else "has no due date anymore"
    _record(session, caller, task, "moved", change, now)
    return f"{views.task_name(task)} {change}."


def edit_task(
    session: Session,
    caller: Caller,
    number: int,
    values: tuple[str, date | None, float | None],
    now: datetime,
    metadata: Mapping[str, Any] | None = None,
) -> str:
    """Set title, due date and effort of a task; of a form, which has `metadata`, what was changed in it.

    Raise Refusal if the caller may not, or at the invalid field.
    """
    task = lookup.lock_changeable_task(session, caller, number)
    current = forms.form_values(task.title, task.due_on, task.hours)
    changed = edits.apply_changes(metadata or {}, forms.form_values(*values), current)
    title, hours = changed["title"], changed["hours"]
    due_on = date.fromisoformat(changed["due"]) if changed["due"] else None
    _check(rules.title_problem(title), "title")
    _check(rules.due_problem(due_on, caller.today(now)) if due_on != task.due_on else "", "due")
    _check(rules.hours_problem(hours), "hours")
    if (title, due_on, hours) == (task.title, task.due_on, task.hours):
        return f"{views.task_name(task)} is unchanged."
    task.title, task.due_on, task.hours = title, due_on, hours
    _record(session, caller, task, "changed", "was changed", now)
    return f"{views.task_name(task)} was changed.{views.details_line(task)}"


def record_restored(session: Session, caller: Caller, task: Task, now: datetime) -> None:
    """Record that a locked task is as it was before, and notify its owner and creator."""
    _record(session, caller, task, "restored", "is as it was before", now)


def _check(problem: str, field: str, example: str = "") -> None:
    if problem:
        raise Refusal(f"{problem} For example: {example}" if example else problem, field=field)


def _record(session: Session, caller: Caller, task: Task, action: str, change: str, now: datetime) -> None:
    """Record a change, and notify the owner and, unless only the effort changed, the creator."""
    audit.record(session, task.consortium_id, caller.person.id, action, f"task {task.number}", now)
    reminders.reschedule(session, task, now)
    rooms.agree_to_task(session, caller.person.id, task)
    name = escape(caller.person.name)
    body = views.change_notice(
        f"{name}: {views.task_name(task)} {change}.{views.details_line(task)}",
        f"{name}: #{task.number} {escape(task.title)} {change}.",
    )
    recipients = {task.owner_id} if action == EFFORT_ACTION else {task.owner_id, task.created_by}
    offers.notify_members(session, caller, task, recipients, body, now)
