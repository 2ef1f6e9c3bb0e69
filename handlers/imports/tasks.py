"""Import tasks: what would change, changing it, and undoing it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from handlers.imports.matching import Match, People
from handlers.imports.plans import Plan, PlannedRow, problem_rows
from handlers.imports.rules.entries import Problem, TaskEntry
from handlers.kit.callers import Caller
from handlers.kit.hours import format_effort
from handlers.kit.refusals import Refusal
from handlers.kit.text import bold, escape, format_day, join_names, quote
from handlers.tasks import changes, lookup, offers, rules
from handlers.tasks.offers import TaskDraft
from storage import members, notices, tasks
from storage.names import normalize_name
from storage.tasks import Task
from storage.vocabulary import ImportRowState, NoticeKind, TaskState


def plan_rows(
    session: Session, caller: Caller, said: Sequence[TaskEntry], problems: list[Problem], people: People, today: date
) -> list[PlannedRow]:
    """Compare the lines with the tasks, and return the rows of the preview."""
    every = tasks.list_all(session, caller.consortium.id)
    by_number = {task.number: task for task in every}
    by_title: dict[str, list[Task]] = defaultdict(list)
    for known in every:
        if known.state is TaskState.OPEN:
            by_title[normalize_name(known.title)].append(known)
    rows, lines = [], _lines_of_titles(said)
    added: Counter[str] = Counter()
    for entry in said:
        try:
            task = _find(entry, by_number, by_title)
            _check_repeated(entry, task, lines)
            owner = _owner(entry, people)
            row = _row(entry, task, owner, today)
            if row.state is ImportRowState.NEW:
                added[normalize_name(entry.title)] += 1
                row.plan["nth"] = added[normalize_name(entry.title)]
            rows.append(row)
        except Refusal as refusal:
            problems = [*problems, Problem(entry.line, refusal.sentence)]
    return sorted([*problem_rows(problems), *rows], key=lambda row: row.line)


def _lines_of_titles(said: Sequence[TaskEntry]) -> dict[object, list[int]]:
    lines: dict[object, list[int]] = defaultdict(list)
    for entry in said:
        lines[_key(entry)].append(entry.line)
    return lines


def _key(entry: TaskEntry) -> object:
    return entry.number if entry.number is not None else (normalize_name(entry.title), entry.settled)


def _check_repeated(entry: TaskEntry, task: Task | None, lines: dict[object, list[int]]) -> None:
    same = lines[_key(entry)]
    if len(same) > 1 and not entry.settled and (task is not None or entry.number is None):
        others = join_names([str(line) for line in same])
        raise Refusal(f"{quote(entry.title, 60)} is in lines {others}. Keep one of them, or give them other titles.")


def _find(entry: TaskEntry, by_number: dict[int, Task], by_title: dict[str, list[Task]]) -> Task | None:
    if entry.number is not None and entry.number in by_number:
        task = by_number[entry.number]
        if normalize_name(task.title) != normalize_name(entry.title):
            raise Refusal(
                f"Task {entry.number} is called {quote(task.title, 60)} here. Leave the number empty to add "
                f"{quote(entry.title, 60)} as a new task."
            )
        return task
    same = by_title.get(normalize_name(entry.title), [])
    if len(same) > 1:
        numbers = join_names([f"#{task.number}" for task in same], "or")
        raise Refusal(f"{quote(entry.title, 60)} could be {numbers}. Add the number.")
    return same[0] if same else None


def _owner(entry: TaskEntry, people: People) -> Match | None:
    if entry.owner is None or entry.settled:
        return None
    found = people.candidates(entry.owner)
    if not found:
        raise Refusal(
            f"{quote(entry.owner.shown, 60)} does not belong to the consortium, so they cannot be offered the task."
        )
    return people.match(entry.owner)


def _row(entry: TaskEntry, task: Task | None, owner: Match | None, today: date) -> PlannedRow:
    name = bold(entry.title, 120)
    if task is None and entry.settled:
        return PlannedRow(entry.line, ImportRowState.UNCHANGED, f"{name}: already done, so it is left out")
    if task is None:
        _check(rules.due_problem(entry.due_on, today))
        details = [f"offered to {escape(owner.name)}"] if owner else []
        details += [f"due {format_day(entry.due_on)}"] if entry.due_on else []
        details += [format_effort(entry.hours)] if entry.hours else []
        text = f"New task {name}" + (f": {', '.join(details)}" if details else "")
        return PlannedRow(entry.line, ImportRowState.NEW, text, {"title": entry.title, **_values(entry, owner)})
    if task.state is not TaskState.OPEN:
        return PlannedRow(entry.line, ImportRowState.UNCHANGED, f"#{task.number} {name}")
    if entry.settled:
        raise Refusal(f"#{task.number} is open here and done in the table. When it is done: `/task done {task.number}`")
    return _changed_row(entry, task, owner, today)


def _changed_row(entry: TaskEntry, task: Task, owner: Match | None, today: date) -> PlannedRow:
    name, changed = f"#{task.number} {bold(entry.title, 120)}", []
    if entry.due_on is not None and entry.due_on != task.due_on:
        _check(rules.due_problem(entry.due_on, today))
        changed.append(f"due {format_day(task.due_on) if task.due_on else 'never'} → {format_day(entry.due_on)}")
    if entry.hours is not None and entry.hours != task.hours:
        changed.append(f"{format_effort(task.hours) if task.hours else 'no effort'} → {format_effort(entry.hours)}")
    offer = owner is not None and owner.member_id not in {task.owner_id, task.offered_to}
    if offer and owner is not None:
        changed.append(f"offered to {escape(owner.name)}")
    if not changed:
        return PlannedRow(entry.line, ImportRowState.UNCHANGED, name)
    plan = {"number": task.number, "before": _state(task), **_values(entry, owner if offer else None)}
    return PlannedRow(entry.line, ImportRowState.CHANGED, f"{name}: {', '.join(changed)}", plan)


def _values(entry: TaskEntry, owner: Match | None) -> Plan:
    return {
        "to": owner.member_id if owner is not None else None,
        "due": entry.due_on.isoformat() if entry.due_on else None,
        "hours": entry.hours,
    }


def _check(problem: str) -> None:
    if problem:
        raise Refusal(problem)


def _state(task: Task) -> Plan:
    """Return what a later change of a task would change."""
    return {
        "title": task.title,
        "state": task.state.value,
        "owner": task.owner_id,
        "offered": task.offered_to,
        "offers": task.offers,
        "due": task.due_on.isoformat() if task.due_on else None,
        "hours": task.hours,
    }


# carrying out and undoing ------------------------------------------------------------------------------


def carry_out(session: Session, caller: Caller, plan: Plan, now: datetime) -> Plan:
    """Add or change the task of a row. Raise `Refusal` if that is no longer possible."""
    due_on = date.fromisoformat(plan["due"]) if plan["due"] else None
    to = members.by_ids(session, [plan["to"]]).get(plan["to"]) if plan["to"] is not None else None
    if "title" in plan:
        _check_not_added(session, caller, plan)
        task = offers.create_task(session, caller, TaskDraft(plan["title"], to, due_on, plan["hours"]), now)
        return {"number": task.number, "before": None, "after": _state(task)}
    task = lookup.lock_changeable_task(session, caller, plan["number"])
    before = _state(task)
    if before != plan["before"]:
        raise Refusal(f"Somebody has changed #{task.number} since the preview.")
    hours = task.hours if plan["hours"] is None else plan["hours"]
    changes.edit_task(session, caller, task.number, (task.title, due_on or task.due_on, hours), now)
    if to is not None:
        offers.offer_to(session, caller, task, to, now)
    return {"number": task.number, "before": before, "after": _state(task)}


def _check_not_added(session: Session, caller: Caller, plan: Plan) -> None:
    """Raise `Refusal` if as many open tasks have this title as the table has up to this line."""
    title = normalize_name(plan["title"])
    same = sum(normalize_name(known) == title for known in tasks.open_titles(session, caller.consortium.id))
    if same >= plan.get("nth", 1):
        raise Refusal(f"{quote(plan['title'], 60)} has been added since the preview.")


def take_back(session: Session, caller: Caller, done: Plan, now: datetime) -> None:
    """Undo a row: drop a new task, restore a changed one. Raise `Refusal` if somebody has changed it since."""
    task = lookup.lock_task(session, caller, done["number"])
    if _state(task) != done["after"]:
        raise Refusal(f"Somebody has changed #{task.number} since.")
    before = done["before"]
    if before is None:
        changes.settle_task(session, caller, task.number, TaskState.DROPPED, now)
        return
    if task.offered_to != before["offered"]:
        notices.drop_waiting(session, task.consortium_id, NoticeKind.OFFER, task.number)
        task.offered_to = before["offered"]
    task.owner_id = before["owner"]
    due_on = date.fromisoformat(before["due"]) if before["due"] else None
    task.due_on, task.hours = due_on, before["hours"]
    changes.record_restored(session, caller, task, now)
