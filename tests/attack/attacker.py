"""A thief who guesses what each person answered, and how well chance would have done.

The thief has a copy of the database after every single answer and after closing, knows who answered when (everyone
does), and what a closed round shows. From the copies the thief takes every number there is: what grew, which bytes
changed, where rows are, what they contain. Four procedures turn the numbers into guesses; none knows the bot.

What a round shows reveals something about everyone, so the measure is what it does not reveal: who in a group gave
which of the group's answers. If the copies reveal nothing of that, then every way to deal a group's answers out among
its people is equally likely. Then the number of right guesses has an exact distribution, and Chernoff's inequality
bounds from above how likely it is that chance does as well.
"""

import base64
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import permutations
from math import exp, log
from typing import Any

from tests.attack.copies import PAGE, Copy, Row, differing, fresh

SUCCESS = 1e-9
"""An attack succeeds if chance does as well less often than this. Fixed before the first attack."""

TILTS = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
COMMENT = "comment"

Guesses = dict[tuple[int, str, str], Any]
"""The guesses, or the truth, by round, person and question."""


@dataclass(frozen=True)
class Answering:
    """One answer as the thief saw it arrive: numbers, and everything that was new."""

    person: str
    numbers: Mapping[str, float]
    said: str
    written: Mapping[str, bytes]


@dataclass(frozen=True)
class Closed:
    """A round as the thief knows it: who answered when, in which groups, and what the round shows."""

    groups: Sequence[Sequence[str]]
    counts: Sequence[Mapping[str, Sequence[int]]]
    comments: Sequence[str]
    answers: list[Answering] = field(default_factory=list)

    @property
    def last(self) -> dict[str, Answering]:
        """Return each person's last answer, in the order in which they arrived."""
        found: dict[str, Answering] = {}
        for one in self.answers:
            found.pop(one.person, None)
            found[one.person] = one
        return found


# numbers from copies ------------------------------------------------------------------------------------


def look(person: str, before: Copy, after: Copy) -> Answering:
    """Return all numbers in two copies, one before and one after an answer."""
    numbers: dict[str, float] = {}
    for name, content in after.files.items():
        old = before.files.get(name, b"")
        places = differing(old, content)
        numbers[f"{name} grows"] = len(content) - len(old)
        numbers[f"{name} changes"] = len(places)
        if places:
            numbers[f"{name} first"], numbers[f"{name} last"] = places[0], places[-1]
            numbers[f"{name} bytes"] = sum(_distance(old, content, at) for at in places[:200])
    texts = []
    for table, rows in after.rows.items():
        known, now = set(map(repr, before.rows.get(table, ()))), set(map(repr, rows))
        new = [row for row in rows if repr(row) not in known]
        gone = [row for row in before.rows.get(table, ()) if repr(row) not in now]
        numbers |= _of_rows(table, rows, new, gone)
        texts += [f"{table}: {row}" for row in new]
    return Answering(person, numbers, "\n".join(texts), fresh(before, after))


def _distance(old: bytes, new: bytes, at: int) -> int:
    return sum(a != b for a, b in zip(old[at : at + PAGE], new[at : at + PAGE], strict=False))


def _of_rows(table: str, rows: Sequence[Row], new: Sequence[Row], gone: Sequence[Row]) -> dict[str, float]:
    found: dict[str, float] = {f"{table} rows": len(rows), f"{table} new": len(new)}
    found[f"{table} length"] = sum(len(repr(row)) for row in new) - sum(len(repr(row)) for row in gone)
    if new:
        found[f"{table} order"] = rows.index(new[-1])
        for name, value in new[-1]:
            found |= {f"{table}.{name}{what}": number for what, number in _numbers(value)}
    if new and gone:
        pairs = zip(dict(new[-1]).values(), dict(gone[-1]).values(), strict=False)
        alike = [sum(a == b for a, b in zip(x, y, strict=False)) for x, y in pairs if isinstance(x, bytes) and y]
        found[f"{table} alike"] = sum(alike)
    return found


def _numbers(value: Any) -> Iterator[tuple[str, float]]:
    if isinstance(value, datetime):
        yield "", value.timestamp()
    elif isinstance(value, int | float):
        yield "", float(value)
    elif isinstance(value, bytes):
        yield " length", len(value)
        yield " first", int.from_bytes(value[:6], "big")
        yield " last", int.from_bytes(value[-6:], "big")
        yield " ones", int.from_bytes(value, "big").bit_count()
    elif isinstance(value, str | list | dict):
        plain = value if isinstance(value, str) else json.dumps(value)
        yield " length", len(plain)
        yield " sum", zlib.crc32(plain.encode())


# four ways to guess --------------------------------------------------------------------------------------


def attacks(rounds: Sequence[Closed], known: Guesses) -> dict[str, Guesses]:
    """Try every procedure. Return its guesses. `known` is what confederates answered in the first rounds."""
    found = {"reading rows": _reading(rounds), "reading bytes": _reading_bytes(rounds)}
    for place, numbers in _by_place(rounds).items():
        if len(set(numbers.values())) > 1:
            found |= _dealing(rounds, place, numbers)
            found[f"counting off by {place}"] = _counting_off(rounds, numbers)
            if known:
                found[f"comparing {place}"] = _comparing(rounds, numbers, known)
    return found


def _by_place(rounds: Sequence[Closed]) -> dict[str, dict[tuple[int, str], float]]:
    found: dict[str, dict[tuple[int, str], float]] = {}
    for number, closed in enumerate(rounds):
        for turn, (person, one) in enumerate(closed.last.items()):
            own = {"turn": turn, "name": zlib.crc32(person.encode()), **one.numbers}
            for place, value in own.items():
                found.setdefault(place, {})[number, person] = value
    everybody = [(number, person) for number, closed in enumerate(rounds) for person in closed.last]
    return {place: {one: numbers.get(one, -1.0) for one in everybody} for place, numbers in found.items()}


def _reading(rounds: Sequence[Closed]) -> Guesses:
    """Read what was written with an answer, as it stands there."""
    found: Guesses = {}
    for number, closed in enumerate(rounds):
        for person, one in closed.last.items():
            found |= {(number, person, key): value for key, value in _plain(one.said, closed)}
            stands = [said for said in closed.comments if said in one.said]
            found[number, person, COMMENT] = stands[0] if stands else None
    return found


def _plain(said: str, closed: Closed) -> Iterator[tuple[str, int]]:
    for key in closed.counts[0]:
        stands = re.search(rf"{key}\D{{1,16}}([1-5])\b", said)
        if stands:
            yield key, int(stands[1])


def _reading_bytes(rounds: Sequence[Closed]) -> Guesses:
    """Search new bytes in files for questions and, once they are known, for comments, in several spellings."""
    found: Guesses = {}
    for number, closed in enumerate(rounds):
        spelt = {said: list(spellings(said)) for said in closed.comments}
        for one in reversed(closed.answers):
            for content in one.written.values():
                plain = _plain(content.decode("latin-1"), closed)
                found |= {(number, one.person, key): value for key, value in plain}
        for one in closed.answers:
            # a page that is written again has earlier comments too: only the first sight of one tells whose it is
            written = one.written.values()
            new = [said for said in spelt if any(each in content for content in written for each in spelt[said])]
            for said in new:
                found[number, one.person, COMMENT] = said
            spelt = {said: spelling for said, spelling in spelt.items() if said not in new}
    return found


def spellings(said: str) -> Iterator[bytes]:
    """Return words as they might be encoded in a file."""
    plain = said.encode()
    yield from (plain, plain[::-1], plain.hex().encode(), said.encode("utf-16-le"))
    for skipped in range(3):
        yield base64.b64encode(plain[skipped : skipped + (len(plain) - skipped) // 3 * 3])


def _dealing(rounds: Sequence[Closed], place: str, numbers: Mapping[tuple[int, str], float]) -> dict[str, Guesses]:
    """Sort people by a number, and deal the known answers out to them."""
    rising: Guesses = {}
    falling: Guesses = {}
    listed: Guesses = {}
    for number, closed in enumerate(rounds):
        order = sorted(closed.last, key=lambda person, n=number: numbers[n, person])
        for people, counts in zip(closed.groups, closed.counts, strict=True):
            theirs = [person for person in order if person in people]
            for key, points in counts.items():
                said = [point for point, n in enumerate(points, start=1) for _ in range(n)]
                rising |= {(number, person, key): value for person, value in zip(theirs, said, strict=True)}
                falling |= {(number, person, key): value for person, value in zip(theirs, said[::-1], strict=True)}
        by_length = sorted(closed.comments, key=lambda said: (len(said.encode()), said))
        for guesses, comments in ((rising, by_length), (falling, by_length[::-1]), (listed, closed.comments)):
            guesses |= {(number, person, COMMENT): said for person, said in zip(order, comments, strict=False)}
    return {f"dealing by {place}": rising, f"dealing back by {place}": falling, f"listing by {place}": listed}


def _counting_off(rounds: Sequence[Closed], numbers: Mapping[tuple[int, str], float]) -> Guesses:
    """Take a number itself for the answer."""
    return {
        (number, person, key): 1 + int(numbers[number, person]) % 5
        for number, closed in enumerate(rounds)
        for person in closed.last
        for key in closed.counts[0]
    }


def _comparing(rounds: Sequence[Closed], numbers: Mapping[tuple[int, str], float], known: Guesses) -> Guesses:
    """Guess for everyone what the confederate with the nearest number answered to the question in the same place."""
    confederates = sorted({(number, person) for number, person, _ in known})
    taught = {number for number, _ in confederates}
    found: Guesses = {}
    for number, closed in enumerate(rounds):
        if number in taught:
            continue
        for person in closed.last:
            own = numbers[number, person]
            like = min(confederates, key=lambda one, own=own: abs(numbers[one] - own))
            for key, same in zip(closed.counts[0], rounds[like[0]].counts[0], strict=False):
                found[number, person, key] = known[(*like, same)]
    return found


# how well chance does ------------------------------------------------------------------------------------


def chance(rounds: Sequence[Closed], truth: Guesses, guesses: Guesses) -> float:
    """Bound how likely it is that chance does as well: with all questions, those in one place, or the comments."""
    tallies: dict[Any, Tally] = {}
    for number, closed in enumerate(rounds):
        for people in closed.groups:
            for place, key in enumerate((*closed.counts[0], COMMENT)):
                guessed = [guesses.get((number, person, key)) for person in people]
                true = [truth[number, person, key] for person in people]
                for what in (COMMENT,) if key == COMMENT else ("all", place):
                    tallies.setdefault(what, Tally()).add(guessed, true)
    return min(tally.bound() for tally in tallies.values())


@dataclass
class Tally:
    """How many guesses were right, and out of how many."""

    right: int = 0
    blocks: Counter[tuple[tuple[int, int], ...]] = field(default_factory=Counter)

    def add(self, guessed: Sequence[Any], true: Sequence[Any]) -> None:
        """Count one question in one group."""
        self.right += sum(a == b for a, b in zip(guessed, true, strict=True))
        self.blocks[_shape(guessed, true)] += 1

    def bound(self) -> float:
        """Return Chernoff's bound."""
        means = {tilt: sum(n * _cumulant(block, tilt) for block, n in self.blocks.items()) for tilt in TILTS}
        return exp(min(0.0, *(mean - tilt * self.right for tilt, mean in means.items())))


def _shape(guessed: Sequence[Any], true: Sequence[Any]) -> tuple[tuple[int, int], ...]:
    """Return how often each value was guessed and is true, which determines the distribution of right guesses."""
    return tuple(sorted((guessed.count(value), true.count(value)) for value in set(true)))


@cache
def _cumulant(shape: tuple[tuple[int, int], ...], tilt: float) -> float:
    """Return the logarithm of the mean of e^(tilt x right guesses), over all ways to deal the answers out."""
    return log(sum(exp(tilt * right) * share for right, share in _dealt(shape).items()))


@cache
def _dealt(shape: tuple[tuple[int, int], ...]) -> dict[int, float]:
    """Return the probability of each number of right guesses if all ways to deal the answers out are equally likely."""
    size = sum(true for _, true in shape)
    true = [value for value, (_, n) in enumerate(shape) for _ in range(n)]
    guessed = [value for value, (n, _) in enumerate(shape) for _ in range(n)]
    guessed += [-1] * (size - len(guessed))
    ways = Counter(sum(a == b for a, b in zip(guessed, dealt, strict=True)) for dealt in permutations(true))
    total = ways.total()
    return {right: n / total for right, n in ways.items()}
