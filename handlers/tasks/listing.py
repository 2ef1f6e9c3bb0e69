"""Which tasks a reader sees, and what the reader has to do with each."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.tasks.finding import may_change
from handlers.tasks.views import Line
from storage import members, tasks
from storage.tasks import Task


def today(caller: Caller, now: datetime) -> date:
    """Give the day on which the reader lives."""
    return now.astimezone(ZoneInfo(caller.zone)).date()


def lines(session: Session, caller: Caller, which: str) -> list[Line]:
    """List the open tasks that are the reader's matter, the agency's, or all. Raises Refusal without an agency."""
    if which == "all":
        return drawn(session, caller, tasks.running(session, caller.consortium.id))
    if which == "agency":
        if caller.agency is None:
            raise Refusal("You belong to no agency. `/task` lists your own tasks, `/task all` everybody's.")
        people = [member.id for member in members.of_agency(session, caller.agency.id)]
        return drawn(session, caller, tasks.concerning(session, caller.consortium.id, people))
    own = tasks.concerning(session, caller.consortium.id, [caller.person.id])
    known = {task.id for task in own}
    free = [t for t in tasks.unassigned(session, caller.consortium.id) if t.id not in known]
    return sorted(drawn(session, caller, [*own, *free]), key=lambda line: (not line.asked, not line.mine))


def drawn(session: Session, caller: Caller, found: Sequence[Task]) -> list[Line]:
    """Say of each task whose it is and what the reader may do; one query for all names."""
    ids = {id_ for task in found for id_ in (task.owner_id, task.offered_to) if id_ is not None}
    people = members.named(session, ids)
    own = caller.person.id
    return [
        Line(
            task,
            owner=people[task.owner_id].name if task.owner_id is not None else "",
            offered=people[task.offered_to].name if task.offered_to is not None else "",
            mine=task.owner_id == own,
            asked=task.offered_to == own,
            may=may_change(caller, task),
        )
        for task in found
    ]
