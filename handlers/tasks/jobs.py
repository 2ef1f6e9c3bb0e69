"""What time brings to tasks: an offer reaches the person in open hours, and owners are reminded."""

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy.orm import Session

from handlers.kit import dates
from handlers.kit.notices.sweep import RenderedNotice
from handlers.tasks import reminders, views
from handlers.tasks.load_effect import Scales
from storage import agencies, members, tasks
from storage.notices import Notice
from storage.vocabulary import NoticeId, TaskState


def ask(session: Session, those: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Ask people to take what is still offered to them."""
    consortium = those[0].consortium_id
    found = tasks.numbered(session, consortium, {notice.subject for notice in those})
    ids = {id_ for task in found.values() for id_ in (task.offered_by, task.owner_id) if id_ is not None}
    people = members.named(session, ids)
    names = agencies.every(session, consortium)
    scales = Scales(session, consortium, now)
    drawn: dict[NoticeId, RenderedNotice] = {}
    for notice in those:
        task = found.get(notice.subject)
        wanted = task is not None and task.state is TaskState.OPEN and task.offered_to == notice.member_id
        if task is None or not wanted or task.offered_by is None:
            continue
        giver = people[task.offered_by]
        agency = names[giver.agency_id].name if giver.agency_id is not None else ""
        keeper = people[task.owner_id].name if task.owner_id not in {None, giver.id} and task.owner_id else ""
        effect = scales.effect(task, notice.member_id)
        drawn[notice.id] = views.offered(task, giver.name, agency, keeper, effect)
    return drawn


def remind(session: Session, those: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Remind owners of what is due soon, today, or was due; each reminder leaves the next one waiting."""
    found = tasks.numbered(session, those[0].consortium_id, {notice.subject for notice in those})
    asked = {task.offered_to for task in found.values() if task.offered_to is not None}
    people = members.named(session, {notice.member_id for notice in those} | asked)
    drawn: dict[NoticeId, RenderedNotice] = {}
    for notice in those:
        task, owner = found.get(notice.subject), people[notice.member_id]
        if task is None or task.due_on is None or not reminders.is_meant(task, owner.id, notice.key):
            continue
        today = dates.today(now, owner.zone)
        meant = reminders.day_of(notice.key)
        if today < meant:
            # who has gone west since then has that day still to come
            drawn[notice.id] = dates.local(datetime.combine(meant, time()), owner.zone)
            continue
        other = people[task.offered_to].name if task.offered_to is not None else ""
        drawn[notice.id] = views.reminder(task, task.due_on, today, other)
        reminders.leave_next(session, task, owner, now)
    return drawn
