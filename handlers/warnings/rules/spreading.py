"""The distribution of many tasks at once, on plain values."""

from collections.abc import Mapping, Sequence

from handlers.load.rules import EPSILON
from handlers.warnings.rules.suggestions import MovableTask, Move, Taker, agency_room, size_order


def spread_tasks(tasks: Sequence[MovableTask], people: Sequence[Taker], agencies: Mapping[int, float]) -> list[Move]:
    """Assign many tasks at once, the largest first, each to the person with most room left.

    Follows the constraints of `suggest`, and leaves out tasks that fit nowhere. The result is not optimal: for
    hundreds of tasks, one workable distribution is enough.
    """
    rooms = {person.id: person.room for person in people}
    limits = dict(agencies)
    moves = []
    for task in sorted(tasks, key=size_order):
        fitting = [
            person
            for person in people
            if task.hours <= min(rooms[person.id], agency_room(limits, person.agency)) + EPSILON
            and person.id not in task.refused
        ]
        if fitting:
            taker = max(fitting, key=lambda person: (rooms[person.id], -person.id))
            rooms[taker.id] -= task.hours
            if taker.agency is not None and taker.agency in limits:
                limits[taker.agency] -= task.hours
            moves.append(Move(task.number, taker.id))
    return moves
