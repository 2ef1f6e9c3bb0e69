"""News of what somebody did with a task, to others: it waits for their open hours and comes together.

What was done is in the key of the notice, so that the news is worded when it is sent.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from storage import load, members, notices
from storage.members import Member
from storage.notices import NewNotice
from storage.tasks import Task
from storage.vocabulary import ConsortiumId, MemberId, NoticeKind, NoticeTiming, TaskState


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
    REASKED = "reasked"
    """They offered it to somebody else, while somebody was asked and had not answered."""
    UNANSWERED = "unanswered"
    """They left without answering an offer."""


def heirs(session: Session, consortium_id: ConsortiumId, who: MemberId) -> set[MemberId]:
    """Return who hears what concerns a person: the person or, if they have left, the facilitators."""
    if session.get_one(Member, who).left_at is None:
        return {who}
    return {member.id for member in members.facilitators(session, consortium_id)}


def waiting_for_answer(session: Session, task: Task) -> set[MemberId]:
    """Return who knows of a task's open offer: who made it, and who is asked if the question was sent."""
    if task.offered_to is None or task.offered_by is None:
        return set()
    asked = notices.last_sent(session, NoticeKind.OFFER, task.number, {task.offered_to})
    return {task.offered_by, *asked}


UNANSWERED = "/unanswered"
"""What follows an offer's key in the key of the notice that nobody has answered."""


def schedule_unanswered(session: Session, task: Task, giver: MemberId, due_at: datetime) -> None:
    """Have the person who offered a task told, or the facilitators in their place, if nobody answers until then."""
    for member_id in sorted(heirs(session, task.consortium_id, giver)):
        key = f"{load.offer_key(task.number, task.offers)}{UNANSWERED}/{member_id}"
        wanted = (NoticeKind.OFFER, key, task.number)
        notices.add(
            session,
            NewNotice(task.consortium_id, member_id, task.team_id, *wanted, due_at=due_at, manner=NoticeTiming.CALM),
        )


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


def still_holds(deed: Deed, task: Task, reader: MemberId) -> bool:
    """Return whether what was done with a task still holds for a reader; what was undone since is no news."""
    if deed is Deed.REASKED and reader in {task.offered_to, task.owner_id}:
        return False
    return _LEFT_IN.get(deed, task.state) is task.state
