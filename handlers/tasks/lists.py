"""Which tasks a reader sees, and what the reader has to do with each."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.lists import Page, fetched
from handlers.kit.refusals import Refusal
from handlers.tasks.load_effect import Scales
from handlers.tasks.lookup import may_change
from handlers.tasks.views import Line
from storage import members, tasks
from storage.tasks import Task, Wanted


def today(caller: Caller, now: datetime) -> date:
    """Give the day on which the reader lives."""
    return now.astimezone(ZoneInfo(caller.zone)).date()


def page(session: Session, caller: Caller, which: str, number: int, now: datetime) -> Page[Line]:
    """Give a page of the open tasks that are the reader's matter, the agency's, or all.

    What it costs depends on the page and on how much is open, not on how much ever was. Raises Refusal without
    an agency.
    """
    wanted = _wanted(caller, which)
    total = tasks.count(session, wanted)
    return fetched(total, number, lambda at, most: drawn(session, caller, tasks.some(session, wanted, at, most), now))


def _wanted(caller: Caller, which: str) -> Wanted:
    consortium = caller.consortium.id
    if which == "all":
        return tasks.every_open(consortium)
    if which == "mine":
        return tasks.for_person(consortium, caller.person.id)
    if caller.agency is None:
        raise Refusal("You belong to no agency. `/task` lists your own tasks, `/task all` everybody's.")
    return tasks.of_agency(consortium, caller.agency.id)


def drawn(session: Session, caller: Caller, found: Sequence[Task], now: datetime) -> list[Line]:
    """Say of each task whose it is and what the reader may do; one query for all names."""
    ids = {id_ for task in found for id_ in (task.owner_id, task.offered_to) if id_ is not None}
    people = members.named(session, ids)
    own = caller.person.id
    scales = Scales(session, caller.consortium.id, now)
    return [
        Line(
            task,
            owner=people[task.owner_id].name if task.owner_id is not None else "",
            offered=people[task.offered_to].name if task.offered_to is not None else "",
            mine=task.owner_id == own,
            asked=task.offered_to == own,
            may=may_change(caller, task),
            effect=scales.effect(task, own) if task.offered_to == own else "",
        )
        for task in found
    ]
