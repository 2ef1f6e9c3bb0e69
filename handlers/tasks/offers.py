"""Creating and offering tasks. Assigning a task is an offer, which the other person accepts or declines."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from handlers.kit import quiet_hours
from handlers.kit.callers import Caller
from handlers.kit.notices.rules import Recipient, calm_time
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, slack_date, truncate
from handlers.tasks import lookup, news, reminders, rules, views
from handlers.tasks.news import Deed
from storage import audit, consortia, load, members, notices
from storage.members import Member
from storage.notices import NewNotice
from storage.tasks import Task
from storage.vocabulary import LiveMessageId, NoticeKind, NoticeTiming


@dataclass(frozen=True)
class TaskDraft:
    """A task to be created.

    `to` is asked to take it; without `to`, the task has no owner yet. `source` says in words where the task comes
    from: "minutes of Council, 3 December"; `link` leads there, or will lead to the live message `live_id` once that
    is posted.
    """

    title: str
    to: Member | None = None
    due_on: date | None = None
    hours: float | None = None
    source: str = ""
    link: str | None = None
    live_id: LiveMessageId | None = None


def create_task(session: Session, caller: Caller, draft: TaskDraft, now: datetime) -> Task:
    """Create a task and offer it to the person it names. Raise Refusal, with nothing created, if it is not valid."""
    title = " ".join(draft.title.split())
    problem = rules.title_problem(title) or rules.hours_problem(draft.hours)
    problem = problem or rules.due_problem(draft.due_on, caller.today(now))
    if problem:
        raise Refusal(problem)
    if draft.to is not None:
        _must_be_here(draft.to)
    task = Task(
        consortium_id=caller.consortium.id,
        number=consortia.next_number(session, caller.consortium.id),
        team_id=caller.workspace,
        title=title,
        source=truncate(" ".join(draft.source.split()), rules.SOURCE),
        source_link=draft.link if draft.link and len(draft.link) <= rules.LINK else None,
        source_live_id=draft.live_id,
        created_by=caller.person.id,
        hours=draft.hours,
        due_on=draft.due_on,
        offers=0,
        created_at=now,
    )
    session.add(task)
    session.flush()
    audit.record(session, task.consortium_id, caller.person.id, "added", f"task {task.number}", now)
    if draft.to is None or draft.to.id != caller.person.id:
        # whoever takes it at once is reminded from then on
        reminders.reschedule(session, task, now)
    if draft.to is not None:
        offer_to(session, caller, task, draft.to, now)
    return task


def offer_to(session: Session, caller: Caller, task: Task, to: Member, now: datetime) -> None:
    """Offer a locked, open task to somebody; callers who name themselves take it at once.

    Raise Refusal if that person has left, or already has the task or an offer of it.
    """
    _must_be_here(to)
    name = escape(to.name)
    if task.owner_id == to.id:
        raise Refusal(f"{'You already have' if to.id == caller.person.id else f'{name} already has'} #{task.number}.")
    if to.id == caller.person.id:
        _assign_to_caller(session, caller, task, now)
        return
    if task.offered_to == to.id:
        raise Refusal(f"#{task.number} is already offered to {name}, who has not answered yet.")
    news.tell(session, task, Deed.REASKED, caller.person.id, news.waiting_for_answer(session, task), now)
    task.offered_to, task.offered_by = to.id, caller.person.id
    task.offers += 1
    notices.drop_waiting(session, task.consortium_id, NoticeKind.OFFER, task.number)
    key = load.offer_key(task.number, task.offers)
    subject = (NoticeKind.OFFER, key, task.number)
    wanted = NewNotice(task.consortium_id, to.id, task.team_id, *subject, due_at=now, manner=NoticeTiming.CALM)
    notices.add(session, wanted)
    audit.record(session, task.consortium_id, caller.person.id, "offered", f"task {task.number}", now)


def status_text(session: Session, caller: Caller, task: Task, now: datetime) -> str:
    """Return a sentence on who has a task now, for the person who has just created or offered it."""
    if task.owner_id == caller.person.id and task.offered_to is None:
        return views.taken_answer(task)
    if task.offered_to is None:
        return (
            f"{views.task_name(task)} has no owner yet. It stays on everybody's `/task` list until somebody takes it."
        )
    to = members.by_ids(session, [task.offered_to])[task.offered_to]
    return f"{views.task_name(task)} is offered to {escape(to.name)}. {_when_asked(session, to, now)}"


def _when_asked(session: Session, to: Member, now: datetime) -> str:
    hours = session.get_one(consortia.Consortium, to.consortium_id).quiet_hours
    name = escape(to.name)
    if to.away_until is not None and to.away_until > now:
        return f"{name} is away and will be asked {slack_date(to.away_until, to.zone)}."
    if quiet_hours.is_quiet(now, to.zone, hours):
        asked_at = slack_date(quiet_hours.next_open_time(now, to.zone, hours), to.zone)
        return f"{name} will be asked {asked_at}, after their quiet hours."
    turn = calm_time(Recipient(to.zone, hours, told_on=to.told_on), now)
    if turn > now and not to.tell_at_once:
        return f"{name} has just had a message from me, and will be asked {slack_date(turn, to.zone)} at the latest."
    return "You will be told the answer."


def take_task(session: Session, caller: Caller, number: int, now: datetime) -> str:
    """Make the caller the owner of a task that is offered to them or has no owner. Raise Refusal otherwise."""
    task = lookup.lock_open_task(session, caller, number)
    own = caller.person.id
    if task.owner_id == own:
        raise Refusal(f"You already have #{number}. When it is done: `/task done {number}`")
    if task.owner_id is not None and task.offered_to != own:
        owner = members.by_ids(session, [task.owner_id])[task.owner_id].name
        raise Refusal(
            f"{escape(owner)} has #{number}. If you would like to do it, ask {escape(owner)} to offer it to you: "
            f"`/task offer {number} @you`"
        )
    _assign_to_caller(session, caller, task, now)
    return views.taken_answer(task)


def _assign_to_caller(session: Session, caller: Caller, task: Task, now: datetime) -> None:
    """Make the caller the owner of a locked task, and notify the giver and the previous owner."""
    giver = task.offered_by if task.offered_to == caller.person.id else task.created_by
    previous, waiting = task.owner_id, news.waiting_for_answer(session, task)
    task.owner_id, task.former_owner_id, task.offered_to = caller.person.id, None, None
    agreed = {caller.person.id, previous} if previous is not None and previous == giver else {caller.person.id}
    audit.record(session, task.consortium_id, caller.person.id, "took", f"task {task.number}", now)
    reminders.reschedule(session, task, now, agreed)
    notices.drop_waiting(session, task.consortium_id, NoticeKind.OFFER, task.number)
    news.tell(session, task, Deed.TAKEN, caller.person.id, {giver, previous, *waiting}, now)


def decline_task(session: Session, caller: Caller, number: int, now: datetime) -> str:
    """Decline a task that is offered to the caller. Raise Refusal otherwise."""
    task = lookup.lock_open_task(session, caller, number)
    if task.offered_to != caller.person.id:
        raise Refusal(f"#{number} is not offered to you, so nothing has changed. `/task` lists your tasks.")
    giver = task.offered_by
    told = news.heirs(session, task.consortium_id, giver) - {caller.person.id} if giver is not None else set()
    task.offered_to = None
    audit.record(session, task.consortium_id, caller.person.id, "left", f"task {number}", now)
    news.tell(session, task, Deed.DECLINED, caller.person.id, {*told, task.owner_id}, now)
    return f"You declined {views.task_name(task)}.{_who_is_told(giver in told, bool(told))}"


def _who_is_told(giver: bool, anybody: bool) -> str:
    if giver:
        return " The person who offered it is told."
    return " The person who offered it has left, so facilitators are told." if anybody else ""


def _must_be_here(to: Member) -> None:
    if to.left_at is not None:
        raise Refusal(f"{escape(to.name)} has left the consortium and cannot be offered a task. Choose somebody else.")
