"""What time brings to tasks: an offer reaches the person in open hours."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.notices import Drawn
from handlers.tasks import views
from storage import agencies, members, tasks
from storage.notices import Notice
from storage.vocabulary import NoticeId, TaskState


def ask(session: Session, those: Sequence[Notice], now: datetime) -> dict[NoticeId, Drawn]:  # noqa: ARG001
    """Ask people to take what is still offered to them."""
    consortium = those[0].consortium_id
    found = tasks.numbered(session, consortium, {notice.subject for notice in those})
    ids = {id_ for task in found.values() for id_ in (task.offered_by, task.owner_id) if id_ is not None}
    people = members.named(session, ids)
    names = agencies.every(session, consortium)
    drawn: dict[NoticeId, Drawn] = {}
    for notice in those:
        task = found.get(notice.subject)
        wanted = task is not None and task.state is TaskState.OPEN and task.offered_to == notice.member_id
        if task is None or not wanted or task.offered_by is None:
            continue
        giver = people[task.offered_by]
        agency = names[giver.agency_id].name if giver.agency_id is not None else ""
        keeper = people[task.owner_id].name if task.owner_id not in {None, giver.id} and task.owner_id else ""
        drawn[notice.id] = views.offered(task, giver.name, agency, keeper)
    return drawn
