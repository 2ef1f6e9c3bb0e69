"""Changes to an existing task; each function is one intention within the caller's transaction."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers.kit import edits
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.tasks import forms, lookup, news, reminders, rules, views
from handlers.tasks.news import Deed
from storage import audit, members, notices
from storage.tasks import Task
from storage.vocabulary import MemberId, NoticeKind, TaskState

_AUDITED = {Deed.HOURS: "gave the effort of", Deed.DUE: "moved"}
"""What the audit log calls a change, where it is not the deed's own word."""


def settle_task(session: Session, caller: Caller, number: int, state: TaskState, now: datetime) -> str:
    """Mark a task as done or dropped. Raise Refusal if the caller may not."""
    task = lookup.lock_changeable_task(session, caller, number)
    settle_locked(session, caller, task, state, now)
    return views.change_answer(task, Deed.DONE if state is TaskState.DONE else Deed.DROPPED)


def settle_locked(session: Session, caller: Caller, task: Task, state: TaskState, now: datetime) -> None:
    """Mark a locked, open task that the caller may change as done or dropped."""
    waiting = news.waiting_for_answer(session, task)
    task.state, task.settled_at, task.offered_to = state, now, None
    notices.drop_waiting(session, task.consortium_id, NoticeKind.OFFER, task.number)
    _record(session, caller, task, Deed.DONE if state is TaskState.DONE else Deed.DROPPED, now, waiting)


def reopen_task(session: Session, caller: Caller, number: int, now: datetime) -> str:
    """Reopen a task that is done or dropped. Raise Refusal if the caller may not, or if it is open."""
    task = lookup.lock_task(session, caller, number)
    if not lookup.may_change(session, caller, task):
        lookup.refuse_change(session, caller, task)
    if task.state is TaskState.OPEN:
        raise Refusal(f"#{number} is already open. `/task {number}` shows it.")
    task.state, task.settled_at = TaskState.OPEN, None
    if task.owner_id is not None and members.by_ids(session, [task.owner_id])[task.owner_id].left_at is not None:
        task.owner_id, task.former_owner_id = None, task.owner_id
    _record(session, caller, task, Deed.REOPENED, now)
    return views.change_answer(task, Deed.REOPENED)


def set_hours(session: Session, caller: Caller, number: int, hours: float | None, now: datetime) -> str:
    """Set or remove the effort of a task. Raise Refusal if the caller may not, or if the effort is not valid."""
    task = lookup.lock_changeable_task(session, caller, number)
    if hours == task.hours:
        return views.unchanged_answer(task)
    _check(rules.hours_problem(hours), "hours", f"`/task hours {number} 1.5`")
    task.hours = hours
    _record(session, caller, task, Deed.HOURS, now)
    return views.change_answer(task, Deed.HOURS)


def set_due(session: Session, caller: Caller, number: int, due_on: date | None, now: datetime) -> str:
    """Set or remove the due date of a task. Raise Refusal if the caller may not, or if the date is not valid."""
    task = lookup.lock_changeable_task(session, caller, number)
    if due_on == task.due_on:
        return views.unchanged_answer(task)
    _check(rules.due_problem(due_on, caller.today(now)), "due", f"`/task due {number} friday`")
    task.due_on = due_on
    _record(session, caller, task, Deed.DUE, now)
    return views.change_answer(task, Deed.DUE)


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
        return views.unchanged_answer(task)
    task.title, task.due_on, task.hours = title, due_on, hours
    _record(session, caller, task, Deed.CHANGED, now)
    return f"{views.change_answer(task, Deed.CHANGED)}{views.details_line(task)}"


def record_restored(session: Session, caller: Caller, task: Task, now: datetime) -> None:
    """Record that a locked task is as it was before, and notify its owner and creator."""
    _record(session, caller, task, Deed.RESTORED, now)


def _check(problem: str, field: str, example: str = "") -> None:
    if problem:
        raise Refusal(f"{problem} For example: {example}" if example else problem, field=field)


def _record(
    session: Session, caller: Caller, task: Task, deed: Deed, now: datetime, others: Collection[MemberId] = ()
) -> None:
    """Record a change, and tell the owner and, unless only the effort changed, the creator, and `others`."""
    own = caller.person.id
    audit.record(session, task.consortium_id, own, _AUDITED.get(deed, deed.value), f"task {task.number}", now)
    reminders.reschedule(session, task, now, {own})
    people = {task.owner_id} if deed is Deed.HOURS else {task.owner_id, task.created_by}
    news.tell(session, task, deed, own, {*people, *others}, now)
