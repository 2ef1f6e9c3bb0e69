"""What could be done about it: for each person who carries too much, who could be asked to take what."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from handlers.load import rules
from handlers.load.snapshot import LoadSnapshot, Person
from handlers.warnings.rules import suggestions
from handlers.warnings.rules.suggestions import Able, Movable
from storage import load
from storage.tasks import Task
from storage.vocabulary import AgencyId, ConsortiumId, MemberId


@dataclass(frozen=True)
class Asking:
    """One task that one person could be asked to take."""

    task: Task
    to: Person


@dataclass(frozen=True)
class Advice:
    """How one person stands, and what would help.

    `tasks` are those that count now and have an effort, the largest first; `asked` of them are offered to somebody
    already. `enough` tells whether the askings, with what is asked already, bring the person within their hours.
    """

    person: Person
    tasks: Sequence[Task] = ()
    askings: Sequence[Asking] = ()
    asked: Sequence[tuple[Task, str]] = ()
    enough: bool = False


@dataclass
class _Rooms:
    """How much can still be asked of whom, while several are helped one after the other."""

    people: Sequence[Person]
    limits: dict[AgencyId, float]
    rooms: dict[MemberId, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rooms = {one.id: one.room for one in self.people if one.room > rules.EPSILON}
        self.by_id = {one.id: one for one in self.people}

    def able(self, but: Person) -> list[Able]:
        found = [one for one in self.people if one.id in self.rooms and one.id != but.id]
        return [Able(one.id, self.rooms[one.id], one.agency_id) for one in found]

    def but(self, agency_id: AgencyId | None) -> dict[int, float]:
        """Give what agencies may still be given; within one's own agency nothing changes for it."""
        return {agency: room for agency, room in self.limits.items() if agency != agency_id}

    def take(self, to: Person, hours: float, agency_id: AgencyId | None) -> None:
        self.rooms[to.id] -= hours
        if to.agency_id is not None and to.agency_id != agency_id and to.agency_id in self.limits:
            self.limits[to.agency_id] -= hours


def advise(
    session: Session,
    consortium_id: ConsortiumId,
    seen: LoadSnapshot,
    people: Collection[MemberId],
    *,
    together: bool,
    steps: int = suggestions.STEPS,
) -> dict[MemberId, Advice]:
    """Say for each of some people who could take what: two statements, whatever there is to do.

    With `together` they are helped one after the other, the most loaded first, and nobody's room is given away twice;
    without, each as if alone, since each may be the only one who asks. `steps` is how long it is looked for the best.
    """
    wanted = sorted((seen.by_id[one] for one in people if one in seen.by_id), key=lambda one: -one.carried.load)
    tasks = load.loads(session, consortium_id, [one.id for one in wanted], seen.today + rules.AHEAD)
    refused = load.asked(session, consortium_id, tasks)
    theirs: dict[MemberId, list[Task]] = {one.id: [] for one in wanted}
    for task in tasks:
        if task.owner_id is not None:
            theirs[task.owner_id].append(task)
    shared = _Rooms(seen.people, seen.limits())
    return {
        one.id: _advice(one, theirs[one.id], refused, shared if together else _Rooms(seen.people, seen.limits()), steps)
        for one in wanted
    }


def _advice(
    person: Person, tasks: Sequence[Task], refused: Mapping[int, Collection[int]], rooms: _Rooms, steps: int
) -> Advice:
    offered = [task for task in tasks if task.offered_to is not None]
    excess = person.carried.load - person.carried.hours - math.fsum(task.hours or 0.0 for task in offered)
    movable = [
        Movable(task.number, task.hours or 0.0, frozenset(refused.get(task.number, ())))
        for task in tasks
        if task.offered_to is None
    ]
    found = suggestions.suggest(excess, movable, rooms.able(person), rooms.but(person.agency_id), steps)
    by_number = {task.number: task for task in tasks}
    askings = [Asking(by_number[move.number], rooms.by_id[MemberId(move.to)]) for move in found.moves]
    for one in askings:
        rooms.take(one.to, one.task.hours or 0.0, person.agency_id)
    asked = [
        (task, rooms.by_id[task.offered_to].name)
        for task in offered
        if task.offered_to is not None and task.offered_to in rooms.by_id
    ]
    return Advice(person, tasks, askings, asked, found.enough)


def room_for(seen: LoadSnapshot, person: Person, agency_id: AgencyId | None) -> float:
    """Give the hours that could be asked of somebody by a person of an agency; within one's own it gets no more."""
    if person.agency_id is None or person.agency_id == agency_id:
        return person.room
    return min(person.room, seen.limits().get(person.agency_id, math.inf))


def with_room(seen: LoadSnapshot) -> list[Person]:
    """List people who may be asked and have room, in agencies that are not above their share; by name."""
    limits = seen.limits()
    return [
        one
        for one in seen.people
        if one.room > rules.EPSILON and (one.agency_id is None or limits.get(one.agency_id, math.inf) > rules.EPSILON)
    ]
