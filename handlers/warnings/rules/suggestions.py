"""Who could take which tasks from somebody who carries too much: a small assignment problem, on plain values."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from handlers.load.rules import EPSILON

MAX_MOVES = 8
"""Nobody reads a longer list; if more tasks would be needed, the best eight are suggested."""

MAX_TASKS = 60
MAX_TAKERS = 24
MAX_STEPS = 8_000
"""The most placements that are tried, which takes about a quarter of a second."""

MAX_STEPS_INTERACTIVE = 1_000
"""The same where somebody waits for the answer."""


@dataclass(frozen=True)
class MovableTask:
    """An open task that could go to somebody else. `refused` are the people who were already asked to take it."""

    number: int
    hours: float
    refused: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Taker:
    """Somebody who offered to take on more work, with the hours that they have left."""

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
    """The tasks to move; `enough` says whether they free all the excess hours."""

    moves: tuple[Move, ...] = ()
    enough: bool = False


def suggest(
    excess: float,
    tasks: Sequence[MovableTask],
    people: Sequence[Taker],
    agencies: Mapping[int, float],
    steps: int = MAX_STEPS,
) -> Suggestion:
    """Return the smallest set of tasks, with a taker for each, that frees somebody of `excess` hours.

    Nobody receives more than their room, and an agency in `agencies` receives at most the hours given there. Nobody is
    asked for the same task twice. Of equally small sets, the one that moves the fewest hours is chosen; the person
    with most room is asked first. If no set is enough, the one that frees most is returned.

    The result is optimal for up to ten tasks and six people with room, and in nearly all larger cases that occur (many
    tasks have the same size, and many people the same room). The search covers the 60 largest tasks and the 24 people
    with most room, moves at most eight tasks, and stops after 8,000 placements (or `steps`) with the best set so far;
    that set always meets the constraints above.
    """
    if excess <= EPSILON:
        return Suggestion(enough=True)
    search = _search(excess, tasks, people, agencies, steps)
    return Suggestion(tuple(search.best), search.is_enough)


def _search(
    excess: float,
    tasks: Sequence[MovableTask],
    people: Sequence[Taker],
    agencies: Mapping[int, float],
    steps: int = MAX_STEPS,
) -> "_Search":
    able = _takers(people, agencies)
    widest = max((person.room for person in able), default=0.0)
    fitting = [task for task in tasks if EPSILON < task.hours <= widest + EPSILON]
    largest = sorted(fitting, key=size_order)[:MAX_TASKS]
    search = _Search(largest, able, dict(agencies), excess, steps)
    for count in range(1, min(len(largest), MAX_MOVES) + 1):
        if search.find_enough(count):
            return search
    search.find_most()
    return search


def size_order(task: MovableTask) -> tuple[float, list[int], int]:
    """Return the sort key that puts the largest tasks first and equal ones side by side."""
    return -task.hours, sorted(task.refused), task.number


def _takers(people: Sequence[Taker], agencies: Mapping[int, float]) -> list[Taker]:
    """Return the people with room, most room first; an agency's room limits that of its people."""
    limited = [Taker(p.id, min(p.room, agency_room(agencies, p.agency)), p.agency) for p in people]
    free = sorted((p for p in limited if p.room > EPSILON), key=lambda p: (-p.room, p.id))
    return free[:MAX_TAKERS]


def agency_room(agencies: Mapping[int, float], agency: int | None) -> float:
    """Return the hours that an agency may still receive; infinite if it has no limit."""
    return agencies.get(agency, math.inf) if agency is not None else math.inf


@dataclass
class _Search:
    """Depth-first search over who takes which task, the largest tasks first; skips equivalent placements."""

    tasks: Sequence[MovableTask]
    people: Sequence[Taker]
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

    def find_enough(self, count: int) -> bool:
        """Search for exactly `count` tasks that free enough with the fewest hours; return whether there are any."""
        sums = [total for total in self._sums(count) if total >= self.excess - EPSILON]
        if sums:
            self.seen.clear()
            self.goal = min(sums)
            self._choose(0, count, 0.0)
        self.is_enough = bool(self.best)
        return self.is_enough

    def find_most(self) -> None:
        """Search for at most eight tasks that free most, when nothing frees enough."""
        self.bound, self.best, self.steps = 0.0, [], 0
        self.seen.clear()
        self.goal = min(self._top(0, MAX_MOVES), math.fsum(self.rooms))
        self._gather(0, MAX_MOVES, 0.0)

    def _sums(self, count: int) -> set[float]:
        """Return the possible totals of exactly `count` tasks, whoever takes them."""
        totals: list[set[float]] = [{0.0}, *(set() for _ in range(count))]
        for task in self.tasks:
            for chosen in range(count, 0, -1):
                totals[chosen] |= {total + task.hours for total in totals[chosen - 1]}
        return totals[count]

    def _top(self, first: int, count: int) -> float:
        """Return the hours of the `count` largest tasks from index `first` on."""
        return self.sums[min(first + count, len(self.tasks))] - self.sums[first]

    def _bottom(self, count: int) -> float:
        """Return the hours of the `count` smallest tasks."""
        return self.sums[-1] - self.sums[len(self.tasks) - count]

    def _choose(self, first: int, count: int, freed: float) -> None:
        if not count:
            if freed < self.bound - EPSILON:
                self.best, self.bound = list(self.moves), freed
            return
        for place in range(first, len(self.tasks) - count + 1):
            if self._is_finished or freed + self._top(place, count) < self.excess - EPSILON:
                return
            task = self.tasks[place]
            least = freed + task.hours + self._bottom(count - 1)
            if least >= self.bound - EPSILON or self._is_equal_to_previous(place, first):
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
            if not count or self._is_finished or freed + self._top(place, count) <= self.bound + EPSILON:
                return
            if self._is_equal_to_previous(place, first):
                continue
            task = self.tasks[place]
            after = freed + task.hours
            for _ in self._placed(task, (place + 1, count - 1, after)):
                self._gather(place + 1, count - 1, after)

    @property
    def _is_finished(self) -> bool:
        """Whether nothing better exists, or the steps are used up."""
        return self.steps >= self.most_steps or abs(self.bound - self.goal) <= EPSILON

    def _is_equal_to_previous(self, place: int, first: int) -> bool:
        """Return whether a task equals the one before it, which was skipped."""
        task, before = self.tasks[place], self.tasks[place - 1]
        return place > first and (task.hours, task.refused) == (before.hours, before.refused)

    def _placed(self, task: MovableTask, state: tuple[float, ...]) -> Iterator[None]:
        """Place a task with one person after another, most room first; yields once for each distinct placement."""
        tried: set[tuple[object, ...]] = set()
        for place in sorted(range(len(self.people)), key=lambda n: (-self.rooms[n], n)):
            person, room = self.people[place], self.rooms[place]
            limit = agency_room(self.agencies, person.agency)
            if task.hours > min(room, limit) + EPSILON or person.id in task.refused:
                continue
            kind = (room, person.agency, self.special[place])
            if kind in tried or self._is_finished:
                continue
            tried.add(kind)
            self.steps += 1
            self._give(place, task.hours)
            self.moves.append(Move(task.number, person.id))
            placement = (*state, *sorted(zip(self.rooms, self.places, self.special, strict=True)))
            if placement not in self.seen:
                self.seen.add(placement)
                yield
            self.moves.pop()
            self._give(place, -task.hours, room)

    def _give(self, place: int, hours: float, room: float | None = None) -> None:
        self.rooms[place] = room if room is not None else self.rooms[place] - hours
        agency = self.people[place].agency
        if agency in self.agencies and agency is not None:
            self.agencies[agency] -= hours
