"""When owners are reminded of a task: one notice waits at a time, and sending it schedules the next."""

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from handlers.kit.dates import local_to_utc, today
from handlers.tasks import rules
from storage import load, notices
from storage.members import Member
from storage.notices import NewNotice
from storage.tasks import Task
from storage.vocabulary import NoticeKind, TaskState


def reschedule(session: Session, task: Task, now: datetime) -> None:
    """Replace the waiting reminder of a task that was created or changed, and have the load checked again."""
    session.flush()
    load.schedule_check(session, task.consortium_id, now)
    notices.drop_waiting(session, task.consortium_id, NoticeKind.TASK, task.number)
    if task.owner_id is not None:
        schedule_next(session, task, session.get_one(Member, task.owner_id), now)


def schedule_next(session: Session, task: Task, owner: Member, now: datetime) -> None:
    """Schedule the next reminder for its day, as soon as the owner's quiet hours are over."""
    if task.state is not TaskState.OPEN or task.due_on is None:
        return
    day = rules.next_reminder(task.due_on, today(now, owner.zone))
    subject = (NoticeKind.TASK, _key(task, owner, day), task.number)
    midnight = local_to_utc(datetime.combine(day, time()), owner.zone)
    notices.add_or_revive(session, NewNotice(task.consortium_id, owner.id, task.team_id, *subject, due_at=midnight))


def _key(task: Task, owner: Member, day: date) -> str:
    return f"{_key_stem(task)}/{owner.id}/{day}"


def _key_stem(task: Task) -> str:
    return f"task/{task.number}/due/{task.due_on}"


def reminder_day(key: str) -> date:
    """Return the day that a reminder's key names."""
    return date.fromisoformat(key.rpartition("/")[2])


def is_current(task: Task, member_id: int, key: str) -> bool:
    """Return whether a reminder still applies: the task is open, with the same owner and due date."""
    return task.state is TaskState.OPEN and task.owner_id == member_id and key.startswith(f"{_key_stem(task)}/")
