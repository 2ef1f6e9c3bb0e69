"""Notices about tasks: offers, and reminders to owners."""

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy.orm import Session

from handlers.kit import dates
from handlers.kit.notices.sweep import RenderedNotice
from handlers.tasks import reminders, views
from handlers.tasks.load_effect import LoadEffects
from storage import agencies, members, tasks
from storage.notices import Notice
from storage.vocabulary import NoticeId, TaskState


def render_offers(session: Session, batch: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the offers that still await an answer."""
    consortium = batch[0].consortium_id
    by_number = tasks.by_numbers(session, consortium, {notice.subject for notice in batch})
    ids = {id_ for task in by_number.values() for id_ in (task.offered_by, task.owner_id) if id_ is not None}
    people = members.by_ids(session, ids)
    names = agencies.all_by_id(session, consortium)
    effects = LoadEffects(session, consortium, now)
    rendered: dict[NoticeId, RenderedNotice] = {}
    for notice in batch:
        task = by_number.get(notice.subject)
        if task is None or task.state is not TaskState.OPEN or task.offered_to != notice.member_id:
            continue
        if task.offered_by is None:
            continue
        giver = people[task.offered_by]
        agency = names[giver.agency_id].name if giver.agency_id is not None else ""
        owner = people[task.owner_id].name if task.owner_id is not None and task.owner_id != giver.id else ""
        effect = effects.describe(task, notice.member_id)
        rendered[notice.id] = views.offer_notice(task, giver.name, agency, owner, effect)
    return rendered


def render_reminders(session: Session, batch: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the reminders of tasks that are due soon, today, or overdue, and schedule the next ones."""
    by_number = tasks.by_numbers(session, batch[0].consortium_id, {notice.subject for notice in batch})
    offered_to = {task.offered_to for task in by_number.values() if task.offered_to is not None}
    people = members.by_ids(session, {notice.member_id for notice in batch} | offered_to)
    rendered: dict[NoticeId, RenderedNotice] = {}
    for notice in batch:
        task, owner = by_number.get(notice.subject), people[notice.member_id]
        if task is None or task.due_on is None or not reminders.is_current(task, owner.id, notice.key):
            continue
        today = dates.today(now, owner.zone)
        planned_day = reminders.reminder_day(notice.key)
        if today < planned_day:
            # The owner has moved to a zone farther west, where that day is still to come.
            rendered[notice.id] = dates.local_to_utc(datetime.combine(planned_day, time()), owner.zone)
            continue
        asked = people[task.offered_to].name if task.offered_to is not None else ""
        rendered[notice.id] = views.reminder_notice(task, task.due_on, today, asked)
        reminders.schedule_next(session, task, owner, now)
    return rendered
