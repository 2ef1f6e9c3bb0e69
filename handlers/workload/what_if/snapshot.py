"""What a consortium would look like without one agency, as plain values."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.load import rules, snapshot
from handlers.load.rules import Share
from handlers.load.snapshot import LoadSnapshot, MemberLoad
from handlers.warnings.rules import spreading
from handlers.warnings.rules.suggestions import MovableTask, Taker
from storage import load, roles
from storage.agencies import Agency
from storage.roles import Role
from storage.tasks import Task
from storage.vocabulary import AgencyId, ConsortiumId, MemberId


@dataclass(frozen=True)
class DepartureSnapshot:
    """What would change if an agency left.

    `more` maps the other agencies to the hours by which their fair shares would grow. `takers` could take these tasks;
    `stuck` tasks fit into nobody's room; `unsized` have no effort; `later` are due after the days that count as load.
    `held` are the roles of its people, with names; of those in `unique`, no other agency has held one of that title.
    """

    name: str
    share: Share | None
    total: float
    more: Sequence[tuple[str, float]]
    takers: Sequence[tuple[MemberLoad, Sequence[Task]]]
    stuck: Sequence[Task]
    unsized: Sequence[Task]
    later: Sequence[Task]
    held: Sequence[tuple[Role, str]]
    unique: frozenset[str]


def departure_snapshot(
    session: Session, consortium_id: ConsortiumId, agency: Agency, now: datetime
) -> DepartureSnapshot:
    """Read what would change if an agency left."""
    seen = snapshot.load_snapshot(session, consortium_id, now)
    leavers = {person.id: person for person in seen.people if person.agency_id == agency.id}
    tasks = load.owned_tasks(session, consortium_id, list(leavers))
    near = [task for task in tasks if task.hours is not None and rules.counts_as_load(task.due_on, seen.today)]
    fair = _fair_without(seen, agency.id)
    takers = _takers(seen, agency.id, fair, near)
    taken = {task.number for _, taken_tasks in takers for task in taken_tasks}
    held = [(role, leavers[role.member_id].name) for role in roles.list_of_members(session, list(leavers))]
    return DepartureSnapshot(
        name=agency.name,
        share=next((share for share in seen.agencies if share.id == agency.id), None),
        total=seen.total,
        more=[(share.name, fair[share.id] - share.fair) for share in seen.agencies if share.id != agency.id],
        takers=takers,
        stuck=[task for task in near if task.number not in taken],
        unsized=[task for task in tasks if task.hours is None],
        later=[task for task in tasks if task.hours is not None and not rules.counts_as_load(task.due_on, seen.today)],
        held=held,
        unique=frozenset(
            role.title
            for role, _ in held
            if not set(roles.last_terms_by_agency(session, consortium_id, role.title)) - {agency.id}
        ),
    )


def _fair_without(seen: LoadSnapshot, agency_id: AgencyId) -> dict[AgencyId, float]:
    """Return the other agencies' fair shares of the same work."""
    weights = {share.id: share.weight for share in seen.agencies if share.id != agency_id}
    return rules.fair_shares(weights, seen.total) if weights else {}


def _takers(
    seen: LoadSnapshot, agency_id: AgencyId, fair: Mapping[AgencyId, float], tasks: Sequence[Task]
) -> list[tuple[MemberLoad, Sequence[Task]]]:
    """Return which people of other agencies could take which tasks: those who offered and have room."""
    candidates = [
        Taker(person.id, person.room, person.agency_id)
        for person in seen.people
        if person.agency_id != agency_id and person.room
    ]
    limits: dict[int, float] = {
        share.id: max(0.0, fair[share.id] * seen.percent / 100 - share.load)
        for share in seen.agencies
        if share.id in fair
    }
    movable = [MovableTask(task.number, task.hours or 0.0) for task in tasks]
    by_number = {task.number: task for task in tasks}
    by_taker: dict[int, list[Task]] = {}
    for move in spreading.spread_tasks(movable, candidates, limits if seen.total >= rules.MIN_TOTAL else {}):
        by_taker.setdefault(move.to, []).append(by_number[move.number])
    return [(seen.by_id[MemberId(id_)], taken) for id_, taken in by_taker.items()]


def total_hours(tasks: Sequence[Task]) -> float:
    """Return the sum of the tasks' efforts, in hours."""
    return math.fsum(task.hours or 0.0 for task in tasks)
