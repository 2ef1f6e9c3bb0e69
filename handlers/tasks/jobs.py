"""Notices about tasks: offers, reminders to owners, tasks that nobody has, and what others did."""

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy.orm import Session

from handlers.kit import dates
from handlers.kit.notices.sweep import RenderedNotice
from handlers.tasks import lookup, news, reminders, rules, views
from handlers.tasks.load_effect import LoadEffects
from handlers.tasks.news import Deed
from storage import agencies, load, members, notices, tasks
from storage.notices import NewNotice, Notice
from storage.tasks import Task
from storage.vocabulary import MemberId, NoticeId, NoticeKind, NoticeTiming, TaskState

AGAIN = "/again"
"""How the key of the notice ends that asks once more."""


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
        gone = giver.left_at is not None
        if notice.key.startswith(f"{offer}{news.UNANSWERED}"):
            if notice.member_id in news.heirs(session, consortium, giver.id):
                rendered[notice.id] = views.no_answer_notice(task, asked.name, giver.name if gone else "")
            continue
        if notice.member_id != asked.id or notice.key not in {offer, f"{offer}{AGAIN}"}:
            continue
        agency = names[giver.agency_id].name if giver.agency_id is not None else ""
        owner = people[task.owner_id].name if task.owner_id is not None and task.owner_id != giver.id else ""
        effect = effects.describe(task, notice.member_id)
        again = notice.key != offer
        rendered[notice.id] = views.offer_notice(task, giver.name, agency, owner, effect, again=again, gone=gone)
        day = rules.after_answer_time(dates.today(now, asked.zone))
        due_at = dates.local_to_utc(datetime.combine(day, time()), asked.zone)
        if again:
            news.schedule_unanswered(session, task, giver.id, due_at)
        else:
            subject = (NoticeKind.OFFER, f"{offer}{AGAIN}", task.number)
            wanted = NewNotice(consortium, asked.id, task.team_id, *subject, due_at=due_at, manner=NoticeTiming.CALM)
            notices.add(session, wanted)
    return rendered


def render_reminders(session: Session, batch: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render what owners are reminded of, all their tasks in one piece, and schedule the next reminders."""
    owners = members.by_ids(session, {notice.member_id for notice in batch})
    rendered: dict[NoticeId, RenderedNotice] = {}
    for notice in batch:
        owner, planned = owners[notice.member_id], reminders.planned_day(notice.key)
        today = dates.today(now, owner.zone)
        if today < planned:
            # The owner has moved to a zone farther west, where that day is still to come.
            rendered[notice.id] = dates.local_to_utc(datetime.combine(planned, time()), owner.zone)
            continue
        named = reminders.named_tasks(session, owner, today, planned)
        if named:
            rendered[notice.id] = views.reminder_notice(named, today, lookup.names_of(session, named))
            owner.tasks_named_on = today
        reminders.schedule_next(session, owner, notice.team_id, now)
    return rendered


def render_unowned(session: Session, batch: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render which tasks nobody has, one piece for each person who is told, and schedule what they hear when late."""
    by_number = tasks.by_numbers(session, batch[0].consortium_id, {notice.subject for notice in batch})
    people = members.by_ids(session, {notice.member_id for notice in batch})
    due: dict[MemberId, list[tuple[Notice, Task]]] = {}
    for notice in batch:
        task = by_number.get(notice.subject)
        if task is None or task.state is not TaskState.OPEN or task.owner_id is not None:
            continue
        if notice.key.startswith(f"{reminders.unowned_key(task)}/"):
            due.setdefault(notice.member_id, []).append((notice, task))
    rendered: dict[NoticeId, RenderedNotice] = {}
    for member_id, told in due.items():
        listed = [task for _, task in told]
        today = dates.today(now, people[member_id].zone)
        piece = views.unowned_notice(listed, today, lookup.names_of(session, listed), member_id)
        rendered |= dict.fromkeys([notice.id for notice, _ in told], piece)
        for task in listed:
            reminders.schedule_unowned(session, task, now, told=True)
    return rendered


def render_tasks_left(session: Session, batch: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render what somebody left behind and nobody has taken, for those who may pass it on."""
    people = members.by_ids(session, {notice.member_id for notice in batch} | {MemberId(n.subject) for n in batch})
    rendered: dict[NoticeId, RenderedNotice] = {}
    for notice in batch:
        former, reader = people[MemberId(notice.subject)], people[notice.member_id]
        listed = tasks.left_behind(session, former.id)
        if listed and (reader.facilitator or lookup.speaks_for_agency_of(session, reader, former)):
            today = dates.today(now, reader.zone)
            rendered[notice.id] = views.left_tasks_notice(former, listed, today, lookup.names_of(session, listed))
    return rendered


def render_news(session: Session, batch: Sequence[Notice], _now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render what others did with tasks, one piece for each person."""
    by_number = tasks.by_numbers(session, batch[0].consortium_id, {notice.subject for notice in batch})
    parsed = {notice.id: news.parse_key(notice.key) for notice in batch}
    people = members.by_ids(session, {actor for _, actor in parsed.values()})
    told: dict[MemberId, dict[tuple[int, Deed, str], list[NoticeId]]] = {}
    for notice in batch:
        deed, actor = parsed[notice.id]
        item = (notice.subject, deed, people[actor].name)
        told.setdefault(notice.member_id, {}).setdefault(item, []).append(notice.id)
    rendered: dict[NoticeId, RenderedNotice] = {}
    for reader, items in told.items():
        known = [(by_number[number], deed, name) for number, deed, name in items if number in by_number]
        listed = [item for item in known if news.still_holds(item[1], item[0], reader)]
        if not listed:
            continue
        piece = views.news_notice(listed, reader, lookup.names_of(session, [task for task, _, _ in listed]))
        rendered |= dict.fromkeys([id_ for ids in items.values() for id_ in ids], piece)
    return rendered
