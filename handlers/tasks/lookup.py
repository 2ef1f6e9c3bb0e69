"""Finding a task by its number, and who may change it."""

from collections.abc import Collection, Sequence
from typing import NoReturn

from sqlalchemy.orm import Session

from handlers.kit import representation
from handlers.kit.callers import Caller, facilitators_to_ask
from handlers.kit.refusals import Refusal
from handlers.kit.representation import Named
from handlers.kit.text import escape
from storage import members, polls, proposals, tasks
from storage.members import Member
from storage.tasks import Task
from storage.vocabulary import AgencyId, MemberId, TaskState

NOT_OFFERED = "they cannot be offered a task"
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
    if task.former_owner_id is None or task.owner_id is not None:
        return False
    return speaks_for_agency_of(session, caller.person, session.get_one(Member, task.former_owner_id))


def speaks_for_agency_of(session: Session, person: Member, who: Member) -> bool:
    """Return whether a person speaks for the agency that somebody belonged to when they left."""
    if person.agency_id is None or person.agency_id != who.agency_id:
        return False
    return representation.speaks(person.seat, _named(session, person.agency_id))


def speakers_for_agency_of(session: Session, who: Member) -> Sequence[Member]:
    """List who speaks for the agency that somebody belonged to when they left, ordered by name."""
    if who.agency_id is None:
        return []
    named = _named(session, who.agency_id)
    own = members.members_of_agency(session, who.agency_id)
    return [person for person in own if representation.speaks(person.seat, named)]


def _named(session: Session, agency_id: AgencyId) -> Named:
    return Named.of(members.representatives(session, [agency_id])[agency_id])


def lock_changeable_task(session: Session, caller: Caller, number: int) -> Task:
    """Lock an open task that the caller may change. Raise Refusal if there is none, or if the caller may not."""
    task = lock_open_task(session, caller, number)
    if not may_change(session, caller, task):
        refuse_change(session, caller, task)
    return task


def names_of(session: Session, listed: Collection[Task]) -> dict[MemberId, str]:
    """Map the ids of the people who have these tasks, had them, or are asked to take them, to their names."""
    ids = {id_ for task in listed for id_ in (task.owner_id, task.former_owner_id, task.offered_to) if id_ is not None}
    return {id_: member.name for id_, member in members.by_ids(session, ids).items()}


def refuse_change(session: Session, caller: Caller, task: Task) -> NoReturn:
    """Raise Refusal that says who may change a task, and names those of them who are still here."""
    people = members.by_ids(session, [id_ for id_ in (task.created_by, task.owner_id) if id_ is not None])
    names = sorted(escape(person.name) for person in people.values() if person.left_at is None)
    ask = f"You can ask {' or '.join(names)}." if names else facilitators_to_ask(session, caller.consortium)
    raise Refusal(f"Only {_changers(session, task)} can change #{task.number}. {ask}{_take_hint(task)}")


def _changers(session: Session, task: Task) -> str:
    if task.owner_id is not None:
        return "its owner, its creator or a facilitator"
    if task.former_owner_id is None:
        return "its creator or a facilitator"
    former = session.get_one(Member, task.former_owner_id)
    return f"its creator, a facilitator, or whoever speaks for the agency of {escape(former.name)}, who had it,"


def _take_hint(task: Task) -> str:
    if task.owner_id is not None or task.state is not TaskState.OPEN:
        return ""
    return f" Nobody has it now: `/task take {task.number}` makes it yours."
