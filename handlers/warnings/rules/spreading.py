"""Where much work could go at once, on plain values."""

from collections.abc import Mapping, Sequence

from handlers.load.rules import EPSILON
from handlers.warnings.rules.suggestions import Able, Movable, Move, limit_of, order


def spread(tasks: Sequence[Movable], people: Sequence[Able], agencies: Mapping[int, float]) -> list[Move]:
    """Say where many tasks could go at once, the largest first, each to whoever has most room then.

    It keeps the rules of `suggest`, and leaves out what fits nowhere. It is not exact: for hundreds of tasks nobody
    needs the best of all ways, but one that works.
    """
    rooms = {one.id: one.room for one in people}
    left = dict(agencies)
    moves = []
    for task in sorted(tasks, key=order):
        fits = [
            one
            for one in people
            if task.hours <= min(rooms[one.id], limit_of(left, one.agency)) + EPSILON and one.id not in task.refused
        ]
        if fits:
            taker = max(fits, key=lambda one: (rooms[one.id], -one.id))
            rooms[taker.id] -= task.hours
            if taker.agency is not None and taker.agency in left:
                left[taker.agency] -= task.hours
            moves.append(Move(task.number, taker.id))
    return moves
