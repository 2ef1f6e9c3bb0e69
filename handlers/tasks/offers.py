"""Making tasks and giving them: to give is to offer, and the other one takes it or does not."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit import quiet_hours
from handlers.kit.callers import Caller
from handlers.kit.notices.messages import tell
from handlers.kit.refusals import Refusal
from handlers.kit.text import cut, escape, moment
from handlers.tasks import lookup, reminders, rules, views
from storage import audit, consortia, load, members, notices
from storage.members import Member
from storage.notices import Wanted
from storage.tasks import Task
from storage.vocabulary import LiveId, Manner, MemberId, NoticeKind


@dataclass(frozen=True)
class TaskDraft:
    """A task before it is made.

    `to` is asked to take it; without, it is nobody's yet and stays in sight. `source` says in words where it
    comes from: "minutes of Council, 3 December"; `link` leads there, or will lead to our message `live_id` when that
    is posted.
    """

    title: str
    to: Member | None = None
    due_on: date | None = None
    hours: float | None = None
    source: str = ""
    link: str | None = None
    live_id: LiveId | None = None


def offer(session: Session, caller: Caller, draft: TaskDraft, now: datetime) -> Task:
    """Make a task, and ask the person it names to take it. Raises Refusal, with nothing made."""
    title = " ".join(draft.title.split())
    problem = rules.title_problem(title) or rules.hours_problem(draft.hours)
    problem = problem or rules.due_problem(draft.due_on, now.astimezone(ZoneInfo(caller.zone)).date())
    if problem:
        raise Refusal(problem)
    if draft.to is not None:
        _must_be_here(draft.to)
    task = Task(
        consortium_id=caller.consortium.id,
        number=consortia.next_number(session, caller.consortium.id),
        team_id=caller.workspace,
        title=title,
        source=cut(" ".join(draft.source.split()), rules.SOURCE),
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
    audit.note(session, task.consortium_id, caller.person.id, "added", f"task {task.number}", now)
    reminders.keep_up(session, task, now)
    if draft.to is not None:
        give(session, caller, task, draft.to, now)
    return task


def give(session: Session, caller: Caller, task: Task, to: Member, now: datetime) -> None:
    """Ask somebody to take a locked, open task; one's own name takes it at once. Raises Refusal."""
    _must_be_here(to)
    name = escape(to.name)
    if task.owner_id == to.id:
        raise Refusal(f"{'You have' if to.id == caller.person.id else f'{name} has'} #{task.number} already.")
    if to.id == caller.person.id:
        _settle(session, caller, task, now)
        return
    if task.offered_to == to.id:
        raise Refusal(f"#{task.number} is offered to {name} already, who has not answered yet.")
    task.offered_to, task.offered_by = to.id, caller.person.id
    task.offers += 1
    notices.withdraw(session, task.consortium_id, NoticeKind.OFFER, task.number)
    key = load.offer_key(task.number, task.offers)
    about = (NoticeKind.OFFER, key, task.number)
    notices.put(session, Wanted(task.consortium_id, to.id, task.team_id, *about, due_at=now, manner=Manner.HOUR))
    audit.note(session, task.consortium_id, caller.person.id, "offered", f"task {task.number}", now)


def standing(session: Session, caller: Caller, task: Task, now: datetime) -> str:
    """Say with whom a task is now, as the one hears it who has just made or given it."""
    if task.owner_id == caller.person.id and task.offered_to is None:
        return views.yours(task)
    if task.offered_to is None:
        return f"{views.named(task)} is nobody's yet. It stays in sight in `/task` until somebody takes it."
    to = members.named(session, [task.offered_to])[task.offered_to]
    return f"{views.named(task)} is offered to {escape(to.name)}, {_when_asked(session, to, now)}"


def _when_asked(session: Session, to: Member, now: datetime) -> str:
    hours = session.get_one(consortia.Consortium, to.consortium_id).quiet_hours
    if to.away_until is not None and to.away_until > now:
        return f"who is away and will be asked {moment(to.away_until, to.zone)}."
    if quiet_hours.is_quiet(now, to.zone, hours):
        return f"who will be asked {moment(quiet_hours.next_open(now, to.zone, hours), to.zone)}, outside quiet hours."
    return "who is being asked. You will hear the answer."


def take(session: Session, caller: Caller, number: int, now: datetime) -> str:
    """Take a task that was offered to the caller, or that nobody has. Raises Refusal."""
    task = lookup.open_task(session, caller, number)
    own = caller.person.id
    if task.owner_id == own:
        raise Refusal(f"You have #{number} already. `/task done {number}` when it is done.")
    if task.owner_id is not None and task.offered_to != own:
        owner = members.named(session, [task.owner_id])[task.owner_id].name
        raise Refusal(
            f"{escape(owner)} has #{number}. If you would like to do it, ask {escape(owner)} to give it to you: "
            f"`/task offer {number} @you`"
        )
    _settle(session, caller, task, now)
    return views.yours(task)


def _settle(session: Session, caller: Caller, task: Task, now: datetime) -> None:
    """Make a locked task the caller's, and tell those whom it concerns."""
    giver = task.offered_by if task.offered_to == caller.person.id else task.created_by
    before = task.owner_id
    task.owner_id, task.offered_to = caller.person.id, None
    notices.withdraw(session, task.consortium_id, NoticeKind.OFFER, task.number)
    audit.note(session, task.consortium_id, caller.person.id, "took", f"task {task.number}", now)
    reminders.keep_up(session, task, now)
    announce(session, caller, task, {giver, before}, views.taken(task, caller.person.name), now)


def decline(session: Session, caller: Caller, number: int, now: datetime) -> str:
    """Leave a task that was offered to the caller. Raises Refusal."""
    task = lookup.open_task(session, caller, number)
    if task.offered_to != caller.person.id:
        raise Refusal(f"#{number} is not offered to you any more; there is nothing to do. `/task` shows your tasks.")
    giver = task.offered_by
    task.offered_to = None
    audit.note(session, task.consortium_id, caller.person.id, "left", f"task {number}", now)
    session.flush()
    owner = members.named(session, [task.owner_id])[task.owner_id].name if task.owner_id is not None else ""
    announce(session, caller, task, {giver, task.owner_id}, views.declined(task, caller.person.name, owner), now)
    return f"Noted: {views.named(task)} is not yours. Who asked is told."


def announce(
    session: Session,
    caller: Caller,
    task: Task,
    ids: set[MemberId | None],
    body: dict[str, object],
    now: datetime,
) -> None:
    """Tell people what the caller did with a task; the caller knows."""
    wanted = [id_ for id_ in ids if id_ is not None and id_ != caller.person.id]
    for member in members.named(session, wanted).values():
        tell(session, task.team_id, member, body, f"news of task {task.number}", now)


def _must_be_here(to: Member) -> None:
    if to.left_at is not None:
        raise Refusal(f"{escape(to.name)} has left Slack, so nothing can be offered there. Choose somebody else.")
