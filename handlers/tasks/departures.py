"""The tasks that somebody leaves behind: they lose their owner, and others pass them on together or one by one."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller, facilitators_to_ask
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, pluralize
from handlers.tasks import changes, lookup, news, offers, reminders, views
from handlers.tasks.news import Deed
from storage import load, members, notices, tasks
from storage.members import Member
from storage.notices import NewNotice
from storage.tasks import Task
from storage.vocabulary import MemberId, NoticeKind, NoticeTiming, TaskState

ANSWERS_WAIT = timedelta(days=30)
"""Within this time, everything is due that waits for the answer to an offer."""


def release_tasks(session: Session, who: Member, now: datetime, actor: MemberId | None = None) -> int:
    """Remove a former member from all open tasks they owned; return how many there were.

    The tasks stay on everybody's list and say whose they were. Facilitators, and who speaks for the person's agency,
    are told, except the `actor`, who sees the tasks at once. Those who wait for an answer to an offer are told too.
    """
    owned, offered_to_them = tasks.lock_owned(session, who.id), tasks.offered_to(session, who.id)
    for task in owned:
        task.owner_id, task.former_owner_id = None, who.id
        reminders.reschedule(session, task, now)
    for task in offered_to_them:
        giver = task.offered_by
        told = news.heirs(session, task.consortium_id, giver) if giver is not None else set()
        news.tell(session, task, Deed.UNANSWERED, who.id, told, now)
        task.offered_to = None
        notices.drop_waiting(session, task.consortium_id, NoticeKind.OFFER, task.number)
    _pass_on_waiting_answers(session, who, now)
    for task in tasks.created_without_owner(session, who.id):
        reminders.schedule_unowned(session, task, now)
    notices.drop_waiting(session, who.consortium_id, NoticeKind.TASK, who.id)
    session.flush()
    if owned:
        for recipient in _recipients(session, who):
            if recipient != actor:
                about = (NoticeKind.TASKS_LEFT, f"left/{who.id}/{int(now.timestamp())}/tasks/{recipient}", who.id)
                notices.add(
                    session,
                    NewNotice(
                        who.consortium_id, recipient, owned[0].team_id, *about, due_at=now, manner=NoticeTiming.CALM
                    ),
                )
    return len(owned)


def _pass_on_waiting_answers(session: Session, who: Member, now: datetime) -> None:
    """Have facilitators hear in the place of somebody who left that nobody has answered an offer of theirs."""
    for notice in notices.list_waiting(session, [who.id], now + ANSWERS_WAIT, now):
        task = tasks.get(session, who.consortium_id, notice.subject) if notice.kind is NoticeKind.OFFER else None
        if task is not None and notice.key.startswith(f"{load.offer_key(task.number, task.offers)}{news.UNANSWERED}"):
            news.schedule_unanswered(session, task, who.id, notice.due_at)


def _recipients(session: Session, who: Member) -> Iterable[MemberId]:
    """Return the facilitators and who speaks for the agency of somebody who left."""
    people = {member.id for member in members.facilitators(session, who.consortium_id)}
    people |= {speaker.id for speaker in lookup.speakers_for_agency_of(session, who)}
    return sorted(people)


# passing them on ---------------------------------------------------------------------------------------


def find_former_owner(session: Session, caller: Caller, member_id: int) -> Member:
    """Return somebody who left tasks behind. Raise Refusal unless the caller may pass these on."""
    who = members.by_ids(session, [MemberId(member_id)]).get(MemberId(member_id))
    if who is None or who.consortium_id != caller.consortium.id:
        raise Refusal("This button is out of date. `/task all` lists all open tasks.")
    if not (caller.facilitates or lookup.speaks_for_agency_of(session, caller.person, who)):
        raise Refusal(
            "Only a facilitator, or whoever speaks for their agency, can pass on the tasks that somebody left. "
            f"{facilitators_to_ask(session, caller.consortium)} `/task` lists the tasks that you can take."
        )
    return who


def offer_all(session: Session, caller: Caller, who: Member, to: Member, now: datetime) -> str:
    """Offer everything that somebody left behind to one person. Raise Refusal if that person cannot be asked."""
    listed = _lock_left(session, who)
    waiting = [task for task in listed if task.offered_to != to.id]
    for task in waiting:
        offers.offer_to(session, caller, task, to, now)
    count = pluralize(len(listed), "task")
    if to.id == caller.person.id:
        return f"You now have {count} that {_was(listed)} {escape(who.name)}'s. `/task` lists your tasks."
    return f"{escape(to.name)} is asked to take {count} that {_was(listed)} {escape(who.name)}'s."


def drop_all(session: Session, caller: Caller, who: Member, now: datetime) -> str:
    """Drop everything that somebody left behind."""
    listed = _lock_left(session, who)
    for task in listed:
        changes.settle_locked(session, caller, task, TaskState.DROPPED, now)
    return (
        f"{pluralize(len(listed), 'task')} that {_was(listed)} {escape(who.name)}'s "
        f"{'is' if len(listed) == 1 else 'are'} dropped: {views.numbers_text(listed)}. `/task reopen "
        f"{listed[0].number}` opens one again."
    )


def _lock_left(session: Session, who: Member) -> Sequence[Task]:
    listed = tasks.lock_left_behind(session, who.id)
    if not listed:
        raise nothing_left(who)
    return listed


def nothing_left(who: Member) -> Refusal:
    """Return the refusal where all tasks that somebody left behind are taken or settled."""
    return Refusal(f"Every task of {escape(who.name)} has a new owner, or is done or dropped. Nothing has changed.")


def _was(listed: Sequence[Task]) -> str:
    return "was" if len(listed) == 1 else "were"
