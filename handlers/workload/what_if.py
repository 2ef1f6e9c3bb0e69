"""What if an agency left: what would fall to whom, and what nobody else could do. For facilitators alone."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.load import rules, snapshot
from handlers.load.rules import Share
from handlers.load.snapshot import LoadSnapshot, MemberLoad
from handlers.warnings.rules import spreading
from handlers.warnings.rules.suggestions import Candidate, MovableTask
from storage import load, roles
from storage.agencies import Agency
from storage.roles import Role
from storage.tasks import Task
from storage.vocabulary import AgencyId, ConsortiumId, MemberId


@dataclass(frozen=True)
class DepartureSnapshot:
    """What there would be without an agency.

    `more` maps the others to the hours by which their fair shares would grow. `takers` have the tasks that they could
    take; `stuck` tasks fit into nobody's room; `unsized` have no effort, `later` are due after the days that count.
    `held` are its people's roles; of `unique` ones no other agency has held one of that title.
    """

    name: str
    share: Share | None
    whole: float
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
    """Look at what there would be without an agency; its own people are not counted on."""
    seen = snapshot.load_snapshot(session, consortium_id, now)
    theirs = {one.id: one for one in seen.people if one.agency_id == agency.id}
    tasks = load.owned(session, consortium_id, list(theirs))
    near = [task for task in tasks if task.hours is not None and rules.counts_as_load(task.due_on, seen.today)]
    fair = _fair_without(seen, agency.id)
    takers = _takers(seen, agency.id, fair, near)
    taken = {task.number for _, some in takers for task in some}
    held = [(role, theirs[role.member_id].name) for role in roles.held_by(session, list(theirs))]
    return DepartureSnapshot(
        name=agency.name,
        share=next((one for one in seen.agencies if one.id == agency.id), None),
        total=seen.total,
        more=[(one.name, fair[one.id] - one.fair) for one in seen.agencies if one.id != agency.id],
        takers=takers,
        stuck=[task for task in near if task.number not in taken],
        unsized=[task for task in tasks if task.hours is None],
        later=[task for task in tasks if task.hours is not None and not rules.counts_as_load(task.due_on, seen.today)],
        held=held,
        unique=frozenset(
            role.title
            for role, _ in held
            if not set(roles.last_turns(session, consortium_id, role.title)) - {agency.id}
        ),
    )


def _fair_without(seen: LoadSnapshot, agency_id: AgencyId) -> dict[AgencyId, float]:
    """Divide the same work among the others, as agreed among them."""
    weights = {one.id: one.weight for one in seen.agencies if one.id != agency_id}
    return rules.fair_shares(weights, seen.total) if weights else {}


def _takers(
    seen: LoadSnapshot, agency_id: AgencyId, fair: Mapping[AgencyId, float], tasks: Sequence[Task]
) -> list[tuple[MemberLoad, Sequence[Task]]]:
    """Say who of the others could take which tasks, as far as they may be asked and have room."""
    able = [
        Candidate(one.id, one.room, one.agency_id) for one in seen.people if one.agency_id != agency_id and one.room
    ]
    shares = [one for one in seen.agencies if one.id in fair]
    limits: dict[int, float] = {one.id: max(0.0, fair[one.id] * seen.percent / 100 - one.load) for one in shares}
    known = seen.total >= rules.MIN_TOTAL
    movable = [MovableTask(task.number, task.hours or 0.0) for task in tasks]
    by_number = {task.number: task for task in tasks}
    found: dict[int, list[Task]] = {}
    for move in spreading.spread_tasks(movable, able, limits if known else {}):
        found.setdefault(move.to, []).append(by_number[move.number])
    return [(seen.by_id[MemberId(one)], some) for one, some in found.items()]


def total_hours(tasks: Sequence[Task]) -> float:
    """Sum the efforts of some tasks, in hours."""
    return math.fsum(task.hours or 0.0 for task in tasks)
