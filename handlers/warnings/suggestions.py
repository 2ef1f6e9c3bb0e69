"""Handovers that would help people who carry too much: who could be asked to take which task."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from handlers.load import rules
from handlers.load.snapshot import LoadSnapshot, MemberLoad
from handlers.warnings.rules import suggestions
from handlers.warnings.rules.suggestions import MovableTask, Taker
from storage import load
from storage.tasks import Task
from storage.vocabulary import AgencyId, ConsortiumId, MemberId


@dataclass(frozen=True)
class Handover:
    """One task that one person could be asked to take."""

    task: Task
    to: MemberLoad


@dataclass(frozen=True)
class HandoverPlan:
    """One person's load, and the handovers that would help.

    `tasks` are those that count as load now and have an effort, the largest first; `offered` are those already offered
    to somebody, with that person's name. `enough` says whether the handovers and those offers together bring the
    person within their hours.
    """

    person: MemberLoad
    tasks: Sequence[Task] = ()
    handovers: Sequence[Handover] = ()
    offered: Sequence[tuple[Task, str]] = ()
    enough: bool = False


@dataclass
class _Rooms:
    """The room that is left with people and agencies while handovers are planned one after the other."""

    people: Sequence[MemberLoad]
    limits: dict[AgencyId, float]
    rooms: dict[MemberId, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rooms = {person.id: person.room for person in self.people if person.room > rules.EPSILON}
        self.by_id = {person.id: person for person in self.people}

    def takers(self, for_person: MemberLoad) -> list[Taker]:
        return [
            Taker(person.id, self.rooms[person.id], person.agency_id)
            for person in self.people
            if person.id in self.rooms and person.id != for_person.id
        ]

    def limits_outside(self, agency_id: AgencyId | None) -> dict[int, float]:
        """Return the limits of all other agencies; a handover within an agency does not change its load."""
        return {agency: room for agency, room in self.limits.items() if agency != agency_id}

    def use(self, to: MemberLoad, hours: float, from_agency_id: AgencyId | None) -> None:
        self.rooms[to.id] -= hours
        if to.agency_id is not None and to.agency_id != from_agency_id and to.agency_id in self.limits:
            self.limits[to.agency_id] -= hours


def plan_handovers(
    session: Session,
    consortium_id: ConsortiumId,
    seen: LoadSnapshot,
    people: Collection[MemberId],
    *,
    together: bool,
    steps: int = suggestions.MAX_STEPS,
) -> dict[MemberId, HandoverPlan]:
    """Return a plan for each of these people, in two statements, however much work there is.

    With `together`, the most loaded person is planned first and no room is used twice. Without it, each plan assumes
    that nobody else asks. `steps` limits the search.
    """
    loaded = sorted((seen.by_id[id_] for id_ in people if id_ in seen.by_id), key=lambda person: -person.load.hours)
    tasks = load.tasks_in_load(session, consortium_id, [person.id for person in loaded], seen.today + rules.LOAD_PERIOD)
    refused = load.recently_asked(session, consortium_id, tasks)
    by_owner: dict[MemberId, list[Task]] = {person.id: [] for person in loaded}
    for task in tasks:
        if task.owner_id is not None:
            by_owner[task.owner_id].append(task)
    shared = _Rooms(seen.people, seen.limits())
    return {
        person.id: _plan(
            person, by_owner[person.id], refused, shared if together else _Rooms(seen.people, seen.limits()), steps
        )
        for person in loaded
    }


def _plan(
    person: MemberLoad, tasks: Sequence[Task], refused: Mapping[int, Collection[int]], rooms: _Rooms, steps: int
) -> HandoverPlan:
    offered = [task for task in tasks if task.offered_to is not None]
    excess = person.load.hours - person.load.set_aside - math.fsum(task.hours or 0.0 for task in offered)
    movable = [
        MovableTask(task.number, task.hours or 0.0, frozenset(refused.get(task.number, ())))
        for task in tasks
        if task.offered_to is None
    ]
    limits = rooms.limits_outside(person.agency_id)
    suggestion = suggestions.suggest(excess, movable, rooms.takers(person), limits, steps)
    by_number = {task.number: task for task in tasks}
    handovers = [Handover(by_number[move.number], rooms.by_id[MemberId(move.to)]) for move in suggestion.moves]
    for handover in handovers:
        rooms.use(handover.to, handover.task.hours or 0.0, person.agency_id)
    offered_to = [
        (task, rooms.by_id[task.offered_to].name)
        for task in offered
        if task.offered_to is not None and task.offered_to in rooms.by_id
    ]
    return HandoverPlan(person, tasks, handovers, offered_to, suggestion.enough)


def room_for(seen: LoadSnapshot, person: MemberLoad, agency_id: AgencyId | None) -> float:
    """Return the hours that somebody from `agency_id` could ask a person to take.

    Within one agency, the agency's limit does not apply: its load stays the same.
    """
    if person.agency_id is None or person.agency_id == agency_id:
        return person.room
    return min(person.room, seen.limits().get(person.agency_id, math.inf))


def members_with_room(seen: LoadSnapshot) -> list[MemberLoad]:
    """Return the members who offered to take on more and have room, in agencies not above their share; by name."""
    limits = seen.limits()
    return [
        person
        for person in seen.people
        if person.room > rules.EPSILON
        and (person.agency_id is None or limits.get(person.agency_id, math.inf) > rules.EPSILON)
    ]
