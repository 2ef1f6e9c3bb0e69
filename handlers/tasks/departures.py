"""What becomes of the work of somebody who has left: it is nobody's, and who offered more of it hears so."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.notices.messages import tell
from handlers.tasks import reminders, views
from storage import members, notices, tasks
from storage.members import Member
from storage.tasks import Task
from storage.vocabulary import MemberId, NoticeKind


def release(session: Session, who: Member, now: datetime) -> int:
    """Let go of all open tasks of somebody who has left; give how many they had.

    They stay in sight as nobody's. Who waits for an answer to an offer is told, once for all of them.
    """
    had = tasks.held_by(session, who.id)
    for task in had:
        task.owner_id = None
        reminders.keep_up(session, task, now)
    unanswered: dict[MemberId, list[Task]] = {}
    for task in tasks.offered_to(session, who.id):
        if task.offered_by is not None:
            unanswered.setdefault(task.offered_by, []).append(task)
        task.offered_to = None
        notices.withdraw(session, task.consortium_id, NoticeKind.OFFER, task.number)
    session.flush()
    _tell(session, who, unanswered, now)
    return len(had)


def _tell(session: Session, who: Member, unanswered: dict[MemberId, list[Task]], now: datetime) -> None:
    givers = members.named(session, unanswered.keys())
    keepers = _keepers(session, [task for those in unanswered.values() for task in those])
    for giver_id, those in unanswered.items():
        body = views.offers_left(who.name, those, keepers)
        tell(session, those[0].team_id, givers[giver_id], body, f"the news that {who.name} has left", now)


def _keepers(session: Session, those: Sequence[Task]) -> dict[MemberId, str]:
    """Name those who have the tasks meanwhile."""
    ids = {task.owner_id for task in those if task.owner_id is not None}
    return {id_: member.name for id_, member in members.named(session, ids).items()}
