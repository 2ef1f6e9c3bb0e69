"""News of what somebody did with a task, to others: it waits for their open hours and comes together.

What was done is in the key of the notice, so that the news is worded when it is sent.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from storage import notices
from storage.notices import NewNotice
from storage.tasks import Task
from storage.vocabulary import MemberId, NoticeKind, NoticeTiming, TaskState


class Deed(StrEnum):
    """What somebody did with a task."""

    TAKEN = "taken"
    DECLINED = "declined"
    DONE = "done"
    DROPPED = "dropped"
    REOPENED = "reopened"
    HOURS = "hours"
    DUE = "due"
    CHANGED = "changed"
    RESTORED = "restored"
    UNANSWERED = "unanswered"
    """They left without answering an offer."""


def tell(
    session: Session, task: Task, deed: Deed, actor: MemberId, people: Collection[MemberId | None], now: datetime
) -> None:
    """Tell these people, except who did it, what was done with a task."""
    key = f"task/{task.number}/news/{int(now.timestamp())}/{deed.value}/{actor}"
    for member_id in {id_ for id_ in people if id_ is not None and id_ != actor}:
        subject = (NoticeKind.TASK_NEWS, f"{key}/{member_id}", task.number)
        notices.add(
            session,
            NewNotice(task.consortium_id, member_id, task.team_id, *subject, due_at=now, manner=NoticeTiming.CALM),
        )


def parse_key(key: str) -> tuple[Deed, MemberId]:
    """Return what was done, and by whom, from the key of a notice."""
    deed, actor, _ = key.split("/")[-3:]
    return Deed(deed), MemberId(int(actor))


_LEFT_IN = {Deed.DONE: TaskState.DONE, Deed.DROPPED: TaskState.DROPPED, Deed.REOPENED: TaskState.OPEN}


def still_holds(deed: Deed, task: Task) -> bool:
    """Return whether what was done with a task still holds; what was undone since is no news."""
    return _LEFT_IN.get(deed, task.state) is task.state
