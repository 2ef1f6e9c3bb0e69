"""When people are reminded of tasks.

One notice waits for each owner, about all tasks of theirs, and sending it schedules the next. For a task that nobody
has, one notice waits for the person who created it.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from handlers.kit.dates import local_to_utc, today
from handlers.load import rooms
from handlers.tasks import rules
from storage import load, members, notices, tasks
from storage.members import Member
from storage.notices import NewNotice
from storage.tasks import Task
from storage.vocabulary import MemberId, NoticeKind, NoticeTiming, TaskState


def reschedule(session: Session, task: Task, now: datetime, agreed: Collection[MemberId] = ()) -> None:
    """Replace the waiting reminders of a task that was created or changed, and have the load checked again.

    `agreed` are the members who took, changed, settled, or handed on the task themselves.
    """
    session.flush()
    load.schedule_check(session, task.consortium_id, now)
    for member_id in sorted(agreed):
        rooms.agree_to_task(session, member_id, task)
    notices.drop_waiting(session, task.consortium_id, NoticeKind.UNOWNED, task.number)
    if task.owner_id is not None:
        schedule_next(session, session.get_one(Member, task.owner_id), task.team_id, now)
    else:
        schedule_unowned(session, task, now)


# owners ------------------------------------------------------------------------------------------------


def schedule_next(session: Session, owner: Member, workspace: str, now: datetime) -> None:
    """Schedule an owner's next reminder for its day, as soon as their quiet hours are over."""
    notices.drop_waiting(session, owner.consortium_id, NoticeKind.TASK, owner.id)
    due = tasks.due_dates(session, owner.id)
    day = rules.next_reminder(due, today(now, owner.zone), owner.tasks_named_on)
    if day is not None:
        _put(session, owner, NoticeKind.TASK, workspace, (f"tasks/{owner.id}/{day}", owner.id), day)


def named_tasks(session: Session, owner: Member, day: date, planned: date) -> Sequence[Task]:
    """List the owner's tasks that the reminder planned for one day names on another, by due date.

    Late tasks are named on Mondays, and where a reminder comes later than planned.
    """
    if owner.tasks_named_on == day:
        return []
    late = day != planned or rules.next_monday(day) == day
    return [
        task
        for task in tasks.owned_and_dated(session, owner.id)
        if task.due_on is not None and rules.is_named(task.due_on, day, late=late)
    ]


# tasks that nobody has ---------------------------------------------------------------------------------


def schedule_unowned(session: Session, task: Task, now: datetime, *, told: bool = False) -> None:
    """Schedule the next notice about a task that nobody has: to its creator or, if they have left, to facilitators."""
    if task.state is not TaskState.OPEN or task.due_on is None or task.owner_id is not None:
        return
    creator = session.get_one(Member, task.created_by)
    recipients = [creator] if creator.left_at is None else members.facilitators(session, task.consortium_id)
    for member in recipients:
        day = rules.next_unowned(task.due_on, today(now, member.zone), told=told)
        if day is not None:
            key = f"{unowned_key(task)}/{member.id}/{day}"
            _put(session, member, NoticeKind.UNOWNED, task.team_id, (key, task.number), day)


def unowned_key(task: Task) -> str:
    """Return how the keys of the notices begin that nobody has a task, as long as its due date stays."""
    return f"task/{task.number}/unowned/{task.due_on}"


# both --------------------------------------------------------------------------------------------------


def _put(session: Session, member: Member, kind: NoticeKind, workspace: str, about: tuple[str, int], day: date) -> None:
    midnight = local_to_utc(datetime.combine(day, time()), member.zone)
    manner = NoticeTiming.DAY if kind is NoticeKind.TASK else NoticeTiming.CALM
    wanted = NewNotice(member.consortium_id, member.id, workspace, kind, *about, due_at=midnight, manner=manner)
    notices.add_or_revive(session, wanted)


def planned_day(key: str) -> date:
    """Return the day that a notice's key names."""
    return date.fromisoformat(key.rpartition("/")[2])
