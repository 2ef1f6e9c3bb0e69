"""Finding a task by its number, and who may change it."""

from collections.abc import Collection
from typing import NoReturn

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape
from storage import members, polls, proposals, tasks
from storage.members import Member
from storage.tasks import Task
from storage.vocabulary import MemberId, Seat, TaskState

NOT_OFFERED = "a task cannot be offered there"
"""What a refusal says is impossible for people outside the consortium."""


def lock_open_task(session: Session, caller: Caller, number: int) -> Task:
    """Lock an open task. Raise Refusal if there is none with this number."""
    task = lock_task(session, caller, number)
    if task.state is not TaskState.OPEN:
        reopen = f" `/task reopen {number}` opens it again." if may_change(session, caller, task) else ""
        raise Refusal(f"#{number} is already {task.state.value}, so nothing has changed.{reopen}")
    return task


def lock_task(session: Session, caller: Caller, number: int) -> Task:
    """Lock a task. Raise Refusal if there is none with this number."""
    task = tasks.lock_by_number(session, caller.consortium.id, number)
    return task if task is not None else refuse_unknown(session, caller, number)


def refuse_unknown(session: Session, caller: Caller, number: int) -> NoReturn:
    """Raise Refusal for a number that is not a task's. It names what the number is instead, unless that is private."""
    proposal, poll = (
        proposals.get(session, caller.consortium.id, number),
        polls.get(session, caller.consortium.id, number),
    )
    if proposal is not None and not proposal.private:
        raise Refusal(f"#{number} is a proposal, not a task. `/propose show {number}` shows it; `/task` lists tasks.")
    if poll is not None and not poll.private:
        raise Refusal(f"#{number} is a poll, not a task. `/vote show {number}` shows it; `/task` lists tasks.")
    raise Refusal(f"There is no task {number} here. `/task` lists yours, `/task all` all of them.")


def may_change(session: Session, caller: Caller, task: Task) -> bool:
    """Return whether the caller may change a task: its owner, its creator and facilitators may.

    What somebody left behind may also be changed by who speaks for their agency, until somebody takes it.
    """
    if caller.facilitates or caller.person.id in {task.owner_id, task.created_by}:
        return True
    if task.former_owner_id is None or task.owner_id is not None or caller.person.seat is Seat.MEMBER:
        return False
    return speaks_for_agency_of(caller.person, session.get_one(Member, task.former_owner_id))


def speaks_for_agency_of(person: Member, who: Member) -> bool:
    """Return whether a person is named to speak for the agency that somebody belonged to when they left."""
    return person.seat is not Seat.MEMBER and person.agency_id is not None and person.agency_id == who.agency_id


def lock_changeable_task(session: Session, caller: Caller, number: int) -> Task:
    """Lock an open task that the caller may change. Raise Refusal if there is none, or if the caller may not."""
    task = lock_open_task(session, caller, number)
    if not may_change(session, caller, task):
        refuse_change(session, task)
    return task


def names_of(session: Session, listed: Collection[Task]) -> dict[MemberId, str]:
    """Map the ids of the people who have these tasks, had them, or are asked to take them, to their names."""
    ids = {id_ for task in listed for id_ in (task.owner_id, task.former_owner_id, task.offered_to) if id_ is not None}
    return {id_: member.name for id_, member in members.by_ids(session, ids).items()}


def refuse_change(session: Session, task: Task) -> NoReturn:
    """Raise Refusal that says who may change a task."""
    ids = {task.created_by, task.owner_id} - {None}
    names = [escape(m.name) for m in members.by_ids(session, [i for i in ids if i is not None]).values()]
    take = f" Nobody has it yet: `/task take {task.number}` makes it yours." if task.owner_id is None else ""
    raise Refusal(
        f"Only its owner, its creator or a facilitator can change a task. For #{task.number}, ask "
        f"{' or '.join(sorted(names))}.{take}"
    )
