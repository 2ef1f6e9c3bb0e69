"""When an owner is reminded of a task: one notice waits at a time, and saying it leaves the next one waiting."""

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from handlers.kit.dates import local, today
from handlers.tasks import rules
from storage import load, notices
from storage.members import Member
from storage.notices import Wanted
from storage.tasks import Task
from storage.vocabulary import NoticeKind, TaskState


def keep_up(session: Session, task: Task, now: datetime) -> None:
    """Keep up with a task that was made, changed hands, was moved, settled or opened again.

    What was to be said of how it was before is not said any more; who carries what is looked at anew.
    """
    session.flush()
    load.touch(session, task.consortium_id, now)
    notices.withdraw(session, task.consortium_id, NoticeKind.TASK, task.number)
    if task.owner_id is not None:
        leave_next(session, task, session.get_one(Member, task.owner_id), now)


def leave_next(session: Session, task: Task, owner: Member, now: datetime) -> None:
    """Leave the next reminder waiting: on its day, as soon as the owner's quiet hours are over."""
    if task.state is not TaskState.OPEN or task.due_on is None:
        return
    day = rules.next_reminder(task.due_on, today(now, owner.zone))
    about = (NoticeKind.TASK, _key(task, owner, day), task.number)
    midnight = local(datetime.combine(day, time()), owner.zone)
    notices.put_again(session, Wanted(task.consortium_id, owner.id, task.team_id, *about, due_at=midnight))


def _key(task: Task, owner: Member, day: date) -> str:
    return f"{_stem(task)}/{owner.id}/{day}"


def _stem(task: Task) -> str:
    return f"task/{task.number}/due/{task.due_on}"


def day_of(key: str) -> date:
    """Read for which day a reminder was meant."""
    return date.fromisoformat(key.rpartition("/")[2])


def is_meant(task: Task, member_id: int, key: str) -> bool:
    """Tell whether a reminder is still right: the task is open, and who has it and until when is as it was."""
    return task.state is TaskState.OPEN and task.owner_id == member_id and key.startswith(f"{_stem(task)}/")
