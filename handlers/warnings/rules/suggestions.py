"""Who could take what from somebody who carries too much: a small assignment problem, on plain values."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from handlers.load.rules import EPSILON

MOST_MOVES = 8
"""Nobody reads a longer list; where more would be needed, the best eight are given."""

MOST_TASKS = 60
MOST_PEOPLE = 24
STEPS = 8_000
"""So many places are tried at most, which takes about a quarter of a second."""

QUICK = 1_000
"""As many where somebody waits for the answer."""


@dataclass(frozen=True)
class Movable:
    """An open task that could go to somebody else. `refused` names those who were asked for it before."""

    number: int
    hours: float
    refused: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Able:
    """Somebody who said that they may be asked, with the hours that they have left."""

    id: int
    room: float
    agency: int | None = None


@dataclass(frozen=True)
class Move:
    """One task that goes to one person."""

    number: int
    to: int


@dataclass(frozen=True)
class Suggestion:
    """What to move; `enough` tells whether nobody is above the line after it."""

    moves: tuple[Move, ...] = ()
    enough: bool = False


def suggest(
    excess: float,
    tasks: Sequence[Movable],
    people: Sequence[Able],
    agencies: Mapping[int, float],
    steps: int = STEPS,
) -> Suggestion:
    """Find the smallest set of tasks, and takers for them, that frees somebody of `excess` hours.

    Nobody gets more than their room; an agency that stands in `agencies` gets no more hours in all than stand there.
    Nobody is asked for the same task twice. Among equally small sets the one that moves the fewest hours is taken;
    whoever has most room is asked first. Where no set is enough, the one is given that frees most.

    Exact for up to ten tasks and six people with room, whatever their hours, and for nearly all that occurs beyond it
    (many tasks are of one size, most people have room alike). It looks at the 60 largest tasks and the 24 people with
    most room, moves no more than eight tasks, and stops after 8,000 places tried (or `steps`), with the best that it
    found; what it gives never breaks the rules above.
    """
    if excess <= EPSILON:
        return Suggestion(enough=True)
    search = _search(excess, tasks, people, agencies, steps)
    return Suggestion(tuple(search.best), search.is_enough)


def _search(
    excess: float, tasks: Sequence[Movable], people: Sequence[Able], agencies: Mapping[int, float], steps: int = STEPS
) -> "_Search":
    able = _able(people, agencies)
    widest = max((one.room for one in able), default=0.0)
    fitting = [task for task in tasks if EPSILON < task.hours <= widest + EPSILON]
    known = sorted(fitting, key=order)[:MOST_TASKS]
    search = _Search(known, able, dict(agencies), excess, steps)
    for count in range(1, min(len(known), MOST_MOVES) + 1):
        if search.enough(count):
            return search
    search.most()
    return search


def order(task: Movable) -> tuple[float, list[int], int]:
    """Order tasks, the largest first, and those that are alike side by side."""
    return -task.hours, sorted(task.refused), task.number


def _able(people: Sequence[Able], agencies: Mapping[int, float]) -> list[Able]:
    """Order people by the room that they, and their agency, have; leave out who has none."""
    cut = [Able(p.id, min(p.room, limit_of(agencies, p.agency)), p.agency) for p in people]
    free = sorted((p for p in cut if p.room > EPSILON), key=lambda p: (-p.room, p.id))
    return free[:MOST_PEOPLE]


def limit_of(agencies: Mapping[int, float], agency: int | None) -> float:
    """Give the hours that an agency may still be given; without end where nothing was said."""
    return agencies.get(agency, math.inf) if agency is not None else math.inf


@dataclass
class _Search:
    """Looks through what can go where, the largest tasks first, and passes over what is alike."""

    tasks: Sequence[Movable]
    people: Sequence[Able]
    agencies: dict[int, float]
    excess: float
    most_steps: int
    best: list[Move] = field(default_factory=list)
    bound: float = math.inf
    steps: int = 0
    is_enough: bool = False
    goal: float = math.nan

    def __post_init__(self) -> None:
        hours = [task.hours for task in self.tasks]
        self.sums = [0.0]
        for effort in hours:
            self.sums.append(self.sums[-1] + effort)
        self.rooms = [person.room for person in self.people]
        asked = {id_ for task in self.tasks for id_ in task.refused}
        self.places = [person.agency or 0 for person in self.people]
        self.special = [person.id if person.id in asked else 0 for person in self.people]
        self.moves: list[Move] = []
        self.seen: set[tuple[object, ...]] = set()

    def enough(self, count: int) -> bool:
        """Find exactly so many tasks that free enough, of the fewest hours; tell whether there are any."""
        sums = [one for one in self._sums(count) if one >= self.excess - EPSILON]
        if sums:
            self.seen.clear()
            self.goal = min(sums)
            self._choose(0, count, 0.0)
        self.is_enough = bool(self.best)
        return self.is_enough

    def most(self) -> None:
        """Find at most eight tasks that free most, where nothing frees enough."""
        self.bound, self.best, self.steps = 0.0, [], 0
        self.seen.clear()
        self.goal = min(self._top(0, MOST_MOVES), math.fsum(self.rooms))
        self._gather(0, MOST_MOVES, 0.0)

    def _sums(self, count: int) -> set[float]:
        """Give what exactly so many tasks can come to, wherever they go."""
        found: list[set[float]] = [{0.0}, *(set() for _ in range(count))]
        for task in self.tasks:
            for chosen in range(count, 0, -1):
                found[chosen] |= {one + task.hours for one in found[chosen - 1]}
        return found[count]

    def _top(self, first: int, count: int) -> float:
        """Give the hours of so many of the largest tasks, from one on."""
        return self.sums[min(first + count, len(self.tasks))] - self.sums[first]

    def _bottom(self, count: int) -> float:
        """Give the hours of so many of the smallest tasks."""
        return self.sums[-1] - self.sums[len(self.tasks) - count]

    def _choose(self, first: int, count: int, freed: float) -> None:
        if not count:
            if freed < self.bound - EPSILON:
                self.best, self.bound = list(self.moves), freed
            return
        for place in range(first, len(self.tasks) - count + 1):
            if self._is_over or freed + self._top(place, count) < self.excess - EPSILON:
                return
            task = self.tasks[place]
            least = freed + task.hours + self._bottom(count - 1)
            if least >= self.bound - EPSILON or self._is_alike(place, first):
                continue
            after = freed + task.hours
            if count == 1 and after < self.excess - EPSILON:
                return
            for _ in self._placed(task, (place + 1, count - 1, after)):
                if least < self.bound - EPSILON:
                    self._choose(place + 1, count - 1, after)

    def _gather(self, first: int, count: int, freed: float) -> None:
        if freed > self.bound + EPSILON:
            self.best, self.bound = list(self.moves), freed
        for place in range(first, len(self.tasks)):
            if not count or self._is_over or freed + self._top(place, count) <= self.bound + EPSILON:
                return
            if self._is_alike(place, first):
                continue
            task = self.tasks[place]
            after = freed + task.hours
            for _ in self._placed(task, (place + 1, count - 1, after)):
                self._gather(place + 1, count - 1, after)

    @property
    def _is_over(self) -> bool:
        """Tell whether nothing better can be found, or not in time."""
        return self.steps >= self.most_steps or abs(self.bound - self.goal) <= EPSILON

    def _is_alike(self, place: int, first: int) -> bool:
        """Tell whether a task is as the one before it, which was passed over."""
        task, before = self.tasks[place], self.tasks[place - 1]
        return place > first and (task.hours, task.refused) == (before.hours, before.refused)

    def _placed(self, task: Movable, state: tuple[float, ...]) -> Iterator[None]:
        """Give the task to one person after the other, those with most room first, each kind of person once."""
        tried: set[tuple[object, ...]] = set()
        for place in sorted(range(len(self.people)), key=lambda n: (-self.rooms[n], n)):
            person, room = self.people[place], self.rooms[place]
            limit = limit_of(self.agencies, person.agency)
            if task.hours > min(room, limit) + EPSILON or person.id in task.refused:
                continue
            kind = (room, person.agency, self.special[place])
            if kind in tried or self._is_over:
                continue
            tried.add(kind)
            self.steps += 1
            self._give(place, task.hours)
            self.moves.append(Move(task.number, person.id))
            known = (*state, *sorted(zip(self.rooms, self.places, self.special, strict=True)))
            if known not in self.seen:
                self.seen.add(known)
                yield
            self.moves.pop()
            self._give(place, -task.hours, room)

    def _give(self, place: int, hours: float, room: float | None = None) -> None:
        self.rooms[place] = room if room is not None else self.rooms[place] - hours
        agency = self.people[place].agency
        if agency in self.agencies and agency is not None:
            self.agencies[agency] -= hours
