"""Who could take which tasks from those who carry too much: an assignment problem, on plain values.

All givers are solved together, so that nobody's room is used twice. Of all sets of moves, the one is chosen that frees
the most excess hours; of those, the one with the fewest tasks; of those, the one that moves the fewest hours.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import accumulate
from typing import NamedTuple, Self

MAX_MOVES = 8
"""Tasks suggested from one giver: nobody reads a longer list."""

MAX_TASKS = 24
"""Tasks of one giver that are considered, the largest that fit."""

MAX_GIVERS = 6
"""Givers that are solved together. Of more, the first six are, then the next with the room that is left."""

MAX_TAKERS = 24
"""Takers that are considered at once, those with most room."""

MAX_STEPS = 20_000
"""The most placements that are tried, which takes about 0.2 s."""


@dataclass(frozen=True)
class MovableTask:
    """An open task that could go to somebody else. `refused` are the people who were already asked to take it."""

    number: int
    hours: float
    refused: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Giver:
    """A person or an agency with `excess` hours too many, and the tasks that could be handed over.

    Moves within `agency` do not change its load, so its limit does not apply to them. With `leaves`, tasks have to
    leave the agency.
    """

    id: int
    excess: float
    tasks: Sequence[MovableTask]
    agency: int | None = None
    leaves: bool = False


@dataclass(frozen=True)
class Taker:
    """Somebody who offered to take on more work, with the hours that they can be asked to take."""

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
    givers: Sequence[Giver], takers: Sequence[Taker], agencies: Mapping[int, float], steps: int = MAX_STEPS
) -> dict[int, Suggestion]:
    """Return which tasks each giver could hand over to whom.

    Nobody receives more than their room, and an agency in `agencies` receives at most the hours given there from
    outside. Nobody is asked for the same task twice. The person with most room is asked first.

    Up to six givers are solved together, with their 24 largest tasks that fit and the 24 takers with most room. The
    result is optimal if all placements that could be better are tried within `steps`. That is always so for one giver
    with ten tasks and six takers, and nearly always for three givers with six tasks each and six takers. Beyond that,
    only the best beginnings are continued; the result then still meets all constraints.
    """
    rooms, limits = {taker.id: taker for taker in takers}, dict(agencies)
    needy = [giver for giver in givers if _quarters_up(giver.excess)]
    batches = [needy[first : first + MAX_GIVERS] for first in range(0, len(needy), MAX_GIVERS)]
    found = {giver.id: Suggestion(enough=True) for giver in givers}
    for batch in batches:
        problem = _Problem.of(batch, list(rooms.values()), limits)
        taken = problem.assign(problem.solve(steps // len(batches)))
        for giver in batch:
            moves = taken.get(giver.id, [])
            freed = sum(problem.hours[move.number] for move in moves)
            found[giver.id] = Suggestion(tuple(moves), freed >= _quarters_up(giver.excess))
            for move in moves:
                taker, hours = rooms[move.to], problem.hours[move.number] / 4
                rooms[move.to] = replace(taker, room=taker.room - hours)
                if taker.agency in limits and taker.agency is not None and taker.agency != giver.agency:
                    limits[taker.agency] -= hours
    return found


def agency_room(agencies: Mapping[int, float], agency: int | None) -> float:
    """Return the hours that an agency may still receive; infinite if it has no limit."""
    return agencies.get(agency, math.inf) if agency is not None else math.inf


def _room_of_agency(agencies: Mapping[int, float], agency: int | None, givers: Sequence[Giver]) -> float:
    """Return the hours that anybody in an agency may receive; its own people may hand over without limit."""
    inside = any(giver.agency == agency and not giver.leaves for giver in givers)
    return math.inf if inside else agency_room(agencies, agency)


def size_order(task: MovableTask) -> tuple[float, list[int], int]:
    """Return the sort key that puts the largest tasks first and equal ones side by side."""
    return -task.hours, sorted(task.refused), task.number


def _quarters(hours: float) -> int:
    return math.floor(hours * 4 + 1e-6)


def _quarters_up(hours: float) -> int:
    return max(0, math.ceil(hours * 4 - 1e-6))


class _Kind(NamedTuple):
    """Takers who differ in nothing but their room: of one agency if that matters, asked for the same tasks before."""

    agency: int | None
    refused: frozenset[int]


_Value = tuple[int, int, int]
"""How good a set of moves is, larger is better: quarters of excess freed, minus tasks and minus quarters moved."""

_NOTHING: _Value = (0, 0, 0)


def _plus(one: _Value, other: _Value) -> _Value:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


class _Place(NamedTuple):
    """One placement: the task, and the kind and room of who takes it, linked to the placements before."""

    before: "_Place | None"
    giver: int
    task: MovableTask
    kind: int
    room: int


class _State(NamedTuple):
    """What is left after some tasks: rooms by kind (largest first), agencies' limits, and the present giver's need."""

    rooms: tuple[tuple[int, ...], ...]
    limits: tuple[int, ...]
    need: int
    moves: int


def _value_of(item: tuple[_State, tuple[_Value, _Place | None]]) -> _Value:
    return item[1][0]


@dataclass
class _Problem:
    """The search goes from task to task and keeps, for each state that can be reached, the best way to it.

    `room` is what all takers together can receive, in quarters, and `ideal` what each giver could do alone.
    `placed` counts the placements that were tried, `is_complete` says whether these were all that could be better.
    """

    givers: Sequence[Giver]
    kinds: Sequence[_Kind]
    people: Sequence[Sequence[Taker]]
    limited: Sequence[int]
    start: _State
    tasks: Mapping[int, Sequence[MovableTask]]
    hours: Mapping[int, int]
    room: int
    ideal: Mapping[int, _Value] = field(default_factory=dict)
    placed: int = 0
    is_complete: bool = True

    @classmethod
    def of(cls, givers: Sequence[Giver], takers: Sequence[Taker], agencies: Mapping[int, float]) -> Self:
        needy = [giver for giver in givers if _quarters_up(giver.excess)]
        givers_by_id = {giver.id for giver in needy if not giver.leaves}
        reach = {
            taker.id: _quarters(min(taker.room, _room_of_agency(agencies, taker.agency, needy)))
            for taker in takers
            if taker.id not in givers_by_id
        }
        able = sorted((t for t in takers if reach.get(t.id, 0) > 0), key=lambda t: (-reach[t.id], t.id))
        free = able[:MAX_TAKERS]
        widest = max((reach[taker.id] for taker in free), default=0)
        tasks = {
            giver.id: sorted((t for t in giver.tasks if 0 < _quarters_up(t.hours) <= widest), key=size_order)[
                :MAX_TASKS
            ]
            for giver in needy
        }
        rooms: dict[int, int] = {}
        for taker in free:
            if taker.agency is not None:
                rooms[taker.agency] = rooms.get(taker.agency, 0) + _quarters(taker.room)
        # a limit that its people's rooms cannot reach makes no difference
        limited = sorted(
            agency for agency, room in rooms.items() if room > min(agency_room(agencies, agency) * 4, 1e9) + 1e-6
        )
        apart = {*limited, *(giver.agency for giver in needy if giver.leaves)}
        asked: dict[int, set[int]] = {}
        for task in (task for some in tasks.values() for task in some):
            for person in task.refused:
                asked.setdefault(person, set()).add(task.number)
        by_kind: dict[_Kind, list[Taker]] = {}
        for taker in sorted(free, key=lambda taker: (-taker.room, taker.id)):
            agency = taker.agency if taker.agency in apart else None
            by_kind.setdefault(_Kind(agency, frozenset(asked.get(taker.id, ()))), []).append(taker)
        start = _State(
            tuple(tuple(_quarters(taker.room) for taker in group) for group in by_kind.values()),
            tuple(_quarters(agencies[agency]) for agency in limited),
            need=0,
            moves=0,
        )
        hours = {task.number: _quarters_up(task.hours) for some in tasks.values() for task in some}
        inside = {giver.agency for giver in needy if not giver.leaves}
        room = sum(map(sum, start.rooms)) - sum(
            max(0, rooms[agency] - _quarters(agencies[agency])) for agency in limited if agency not in inside
        )
        problem = cls(needy, list(by_kind), list(by_kind.values()), limited, start, tasks, hours, room)
        problem.ideal = {giver.id: problem.solve_alone(giver) for giver in needy}
        return problem

    def solve_alone(self, giver: Giver) -> _Value:
        """Return the best that a giver could do if everybody had room for everything."""
        need = _quarters_up(giver.excess)
        best: dict[tuple[int, int], int] = {(0, 0): 0}
        for task in self.tasks[giver.id]:
            effort = self.hours[task.number]
            for (freed, count), moved in list(best.items()):
                if freed < need and count < MAX_MOVES:
                    key = (min(need, freed + effort), count + 1)
                    best[key] = min(best.get(key, moved + effort), moved + effort)
        return max((freed, -count, -moved) for (freed, count), moved in best.items())

    def solve(self, steps: int) -> _Place | None:
        """Return the best placements: those of a narrow search if they cannot be improved, otherwise of a wide one."""
        bound = reduce(_plus, self.ideal.values(), _NOTHING)
        best, value, complete = self._search(steps // 20)
        if complete or value == bound:
            return best
        wider, wider_value, self.is_complete = self._search(steps - steps // 20, value)
        return wider if wider_value > value else best

    def _search(self, steps: int, floor: _Value | None = None) -> tuple[_Place | None, _Value, bool]:
        """Return the best placements, their value, and whether all were tried that could be better than `floor`."""
        count = sum(len(some) for some in self.tasks.values())
        left, complete = steps, True
        layer: dict[_State, tuple[_Value, _Place | None]] = {self.start: (_NOTHING, None)}
        for place, giver in enumerate(self.givers):
            need = _quarters_up(giver.excess)
            later = reduce(_plus, (self.ideal[after.id] for after in self.givers[place + 1 :]), _NOTHING)
            layer = self._merge(
                (state._replace(need=need, moves=0), value, path) for state, (value, path) in layer.items()
            )
            tasks = self.tasks[giver.id]
            sums = list(accumulate((self.hours[task.number] for task in tasks), initial=0))
            for number, task in enumerate(tasks):
                quota, count = max(1, left // count), count - 1
                following = dict(layer)
                ranked = sorted(layer.items(), key=_value_of, reverse=True)
                for state, (value, path) in ranked:
                    if floor is not None and self._at_most(state, value, sums[number:], later) <= floor:
                        following.pop(state)
                        continue
                    if not state.need or state.moves == MAX_MOVES:
                        continue
                    if not quota:
                        complete = False
                        following.pop(state)
                        continue
                    for after, gain, step in self._placements(giver, task, state, path):
                        left, quota, self.placed = left - 1, max(0, quota - 1), self.placed + 1
                        better = _plus(value, gain)
                        if after not in following or better > following[after][0]:
                            following[after] = (better, step)
                layer = following
        if not layer:
            return None, _NOTHING, complete
        value, path = max(layer.items(), key=_value_of)[1]
        return path, value, complete

    def _at_most(self, state: _State, value: _Value, sums: Sequence[int], later: _Value) -> _Value:
        """Return a value that nothing can exceed, from the sums of the present giver's tasks that are left."""
        reach = min(state.need, sums[min(MAX_MOVES - state.moves, len(sums) - 1)] - sums[0])
        room = self.room + value[2]
        if room < reach + later[0]:
            return _plus(value, (room, -1 if room else 0, -room))
        return _plus(_plus(value, (reach, -1 if reach else 0, -reach)), later)

    @staticmethod
    def _merge(
        states: Iterator[tuple[_State, _Value, _Place | None]],
    ) -> dict[_State, tuple[_Value, _Place | None]]:
        merged: dict[_State, tuple[_Value, _Place | None]] = {}
        for state, value, path in states:
            if state not in merged or value > merged[state][0]:
                merged[state] = (value, path)
        return merged

    def _placements(
        self, giver: Giver, task: MovableTask, state: _State, path: _Place | None
    ) -> Iterator[tuple[_State, _Value, _Place]]:
        """Yield what follows if the task goes to one of each kind and room, those with most room first."""
        effort = self.hours[task.number]
        options = sorted(
            ((-room, number) for number, rooms in enumerate(state.rooms) for room in set(rooms) if room >= effort)
        )
        for negative, number in options:
            kind, room = self.kinds[number], -negative
            inside = kind.agency is not None and kind.agency == giver.agency
            if task.number in kind.refused or (inside and giver.leaves):
                continue
            limits = state.limits
            if kind.agency in self.limited and not inside:
                at = self.limited.index(kind.agency)
                if limits[at] < effort:
                    continue
                limits = (*limits[:at], limits[at] - effort, *limits[at + 1 :])
            rooms = list(state.rooms[number])
            rooms.remove(room)
            rooms.append(room - effort)
            rooms.sort(reverse=True)
            left = (*state.rooms[:number], tuple(rooms), *state.rooms[number + 1 :])
            freed = min(state.need, effort)
            yield (
                _State(left, limits, state.need - freed, state.moves + 1),
                (freed, -1, -effort),
                _Place(path, giver.id, task, number, room),
            )

    def assign(self, last: _Place | None) -> dict[int, list[Move]]:
        """Return the moves of each giver, with a person for each placement."""
        places: list[_Place] = []
        while last is not None:
            places.append(last)
            last = last.before
        rooms = [{taker.id: _quarters(taker.room) for taker in group} for group in self.people]
        moves: dict[int, list[Move]] = {}
        for place in reversed(places):
            left = rooms[place.kind]
            taker = next(id_ for id_, room in left.items() if room == place.room)
            left[taker] -= self.hours[place.task.number]
            moves.setdefault(place.giver, []).append(Move(place.task.number, taker))
        return moves
