"""Notices about tasks: offers, and reminders to owners."""

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy.orm import Session

from handlers.kit import dates
from handlers.kit.notices.sweep import RenderedNotice
from handlers.tasks import reminders, rules, views
from handlers.tasks.load_effect import LoadEffects
from storage import agencies, load, members, notices, tasks
from storage.notices import NewNotice, Notice
from storage.vocabulary import NoticeId, NoticeKind, TaskState

AGAIN, UNANSWERED = "/again", "/unanswered"
"""How the keys of the notices end that follow an offer: to the person asked, and to the person who made it."""


def render_offers(session: Session, batch: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the offers that still await an answer, and schedule what follows if nobody answers.

    An offer is repeated once; then the person who made it is told, once.
    """
    consortium = batch[0].consortium_id
    by_number = tasks.by_numbers(session, consortium, {notice.subject for notice in batch})
    people = members.by_ids(
        session,
        {
            id_
            for task in by_number.values()
            for id_ in (task.offered_by, task.offered_to, task.owner_id)
            if id_ is not None
        },
    )
    names = agencies.all_by_id(session, consortium)
    effects = LoadEffects(session, consortium, now)
    rendered: dict[NoticeId, RenderedNotice] = {}
    for notice in batch:
        task = by_number.get(notice.subject)
        if task is None or task.state is not TaskState.OPEN or task.offered_to is None or task.offered_by is None:
            continue
        offer, giver, asked = load.offer_key(task.number, task.offers), people[task.offered_by], people[task.offered_to]
        if notice.key == f"{offer}{UNANSWERED}" and notice.member_id == giver.id:
            rendered[notice.id] = views.no_answer_notice(task, asked.name)
            continue
        if notice.member_id != asked.id or notice.key not in {offer, f"{offer}{AGAIN}"}:
            continue
        agency = names[giver.agency_id].name if giver.agency_id is not None else ""
        owner = people[task.owner_id].name if task.owner_id is not None and task.owner_id != giver.id else ""
        effect = effects.describe(task, notice.member_id)
        again = notice.key != offer
        rendered[notice.id] = views.offer_notice(task, giver.name, agency, owner, effect, again=again)
        follows = (giver, f"{offer}{UNANSWERED}") if again else (asked, f"{offer}{AGAIN}")
        day = rules.after_answer_time(dates.today(now, asked.zone))
        due_at = dates.local_to_utc(datetime.combine(day, time()), asked.zone)
        subject = (NoticeKind.OFFER, follows[1], task.number)
        notices.add(session, NewNotice(consortium, follows[0].id, task.team_id, *subject, due_at=due_at))
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
