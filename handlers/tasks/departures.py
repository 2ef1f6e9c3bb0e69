"""The tasks of somebody who has left: they lose their owner, and people who had offered them more are notified."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.notices.messages import queue_direct_message
from handlers.tasks import reminders, views
from storage import members, notices, tasks
from storage.members import Member
from storage.tasks import Task
from storage.vocabulary import MemberId, NoticeKind


def release_tasks(session: Session, who: Member, now: datetime) -> int:
    """Remove a former member from all open tasks they owned; return how many there were.

    The tasks stay on everybody's list. Each person who waits for an answer to an offer gets one message for all.
    """
    owned = tasks.lock_owned(session, who.id)
    for task in owned:
        task.owner_id = None
        reminders.reschedule(session, task, now)
    unanswered: dict[MemberId, list[Task]] = {}
    for task in tasks.offered_to(session, who.id):
        if task.offered_by is not None:
            unanswered.setdefault(task.offered_by, []).append(task)
        task.offered_to = None
        notices.drop_waiting(session, task.consortium_id, NoticeKind.OFFER, task.number)
    session.flush()
    _notify(session, who, unanswered, now)
    return len(owned)


def _notify(session: Session, who: Member, unanswered: dict[MemberId, list[Task]], now: datetime) -> None:
    givers = members.by_ids(session, unanswered.keys())
    owners = _owner_names(session, [task for offered in unanswered.values() for task in offered])
    for giver_id, offered in unanswered.items():
        body = views.unanswered_offers_notice(who.name, offered, owners)
        queue_direct_message(
            session, offered[0].team_id, givers[giver_id], body, f"the news that {who.name} has left", now
        )


def _owner_names(session: Session, offered: Sequence[Task]) -> dict[MemberId, str]:
    ids = {task.owner_id for task in offered if task.owner_id is not None}
    return {id_: member.name for id_, member in members.by_ids(session, ids).items()}
