"""What is right for polls: which ballots are good, and what they add up to. Ties are said to be ties.

A ballot maps an option's place, from 1, to a number: 1 where it is chosen, a rank from 1, points from 0 to 5,
dots, or in a time poll 2 for yes, 1 for if need be and 0 for no.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from handlers.kit.refusals import Refusal
from handlers.kit.representation import Named, Spoken, speaking
from storage.vocabulary import AgencyId, PollKind

Choices = Mapping[int, int]

ENOUGH = 5
"""Anonymous results appear from this many ballots on."""

POINTS = 5
YES, MAYBE, NO = 2, 1, 0
MOST_OPTIONS = 40


@dataclass(frozen=True)
class Line:
    """What one option got.

    `number` is what it is ordered by: ballots, mean points, dots, or options beaten. `yes` and `maybe` are for
    time polls.
    """

    place: int
    number: float
    yes: int = 0
    maybe: int = 0


@dataclass(frozen=True)
class Result:
    """What a poll came to: lines in the order of the options, and who leads, several where they tie.

    `withheld` says that too few voted for the counts to be shown.
    """

    ballots: int
    lines: Sequence[Line]
    leaders: Sequence[int]
    divided: int = 0
    withheld: bool = False


def check(kind: PollKind, most: int, places: Sequence[int], ballot: Choices) -> None:
    """Refuse a ballot that its poll does not allow. Raises Refusal."""
    if not ballot or (kind in {PollKind.SCORE, PollKind.DOTS} and not any(ballot.values())):
        raise Refusal("Nothing was chosen yet.")
    unknown = [place for place in ballot if place not in places]
    if unknown:
        raise Refusal(f"There is no choice {unknown[0]}; they go from 1 to {len(places)}.")
    if kind is PollKind.ONE and len(ballot) != 1:
        raise Refusal("This poll takes one choice.")
    if kind is PollKind.SEVERAL and len(ballot) > most:
        raise Refusal(f"This poll takes up to {most} choices; you named {len(ballot)}.")
    if kind is PollKind.SCORE and any(not 0 <= points <= POINTS for points in ballot.values()):
        raise Refusal(f"Points go from 0 to {POINTS}.")
    if kind is PollKind.DOTS:
        spent = sum(ballot.values())
        if spent > most:
            raise Refusal(f"There are {most} dots to spend; you spent {spent}.")


def count(kind: PollKind, places: Sequence[int], ballots: Sequence[Choices]) -> Result:
    """Count ballots."""
    counters = {PollKind.TIME: _times, PollKind.RANKED: _ranked, PollKind.SCORE: _scores}
    lines = counters.get(kind, _sums)(places, ballots)
    leaders = _unbeaten(places, ballots) if kind is PollKind.RANKED else _leaders(lines)
    return Result(len(ballots), lines, leaders)


def _leaders(lines: Sequence[Line]) -> list[int]:
    best = max(((line.number, line.yes) for line in lines), default=(0, 0))
    return [line.place for line in lines if (line.number, line.yes) == best] if best > (0, 0) else []


def _sums(places: Sequence[int], ballots: Sequence[Choices]) -> list[Line]:
    got: Counter[int] = Counter()
    for ballot in ballots:
        got.update(ballot)
    return [Line(place, got[place]) for place in places]


def _scores(places: Sequence[int], ballots: Sequence[Choices]) -> list[Line]:
    """Give mean points over all ballots; an option left out of a ballot gets none from it (range voting).

    They are not rounded, so that a lead of one point among many ballots is no tie.
    """
    total = len(ballots) or 1
    return [Line(place, sum(b.get(place, 0) for b in ballots) / total) for place in places]


def _times(places: Sequence[int], ballots: Sequence[Choices]) -> list[Line]:
    """Order times by how many can come at all, then by how many gladly."""
    lines = []
    for place in places:
        yes = sum(ballot.get(place) == YES for ballot in ballots)
        maybe = sum(ballot.get(place) == MAYBE for ballot in ballots)
        lines.append(Line(place, yes + maybe, yes, maybe))
    return lines


def _ranked(places: Sequence[int], ballots: Sequence[Choices]) -> list[Line]:
    """Order options by how many others they beat."""
    strength = _beatpaths(places, ballots)
    return [Line(a, sum(strength[a, b] > strength[b, a] for b in places if b != a)) for a in places]


def _unbeaten(places: Sequence[int], ballots: Sequence[Choices]) -> list[int]:
    """List the options that no other beats: several where they tie, none where nobody voted."""
    if not ballots:
        return []
    strength = _beatpaths(places, ballots)
    return [a for a in places if all(strength[a, b] >= strength[b, a] for b in places if b != a)]


def _beatpaths(places: Sequence[int], ballots: Sequence[Choices]) -> dict[tuple[int, int], int]:
    """Find how strongly each option beats each other one, directly or by way of others.

    The beatpath method: Schulze, "A new monotonic, clone-independent, reversal symmetric, and
    Condorcet-consistent single-winner election method", Social Choice and Welfare 36 (2011). Options that a
    ballot leaves out stand equal behind those it ranks.
    """
    prefer = {(a, b): 0 for a in places for b in places if a != b}
    for ballot in ballots:
        ranks = {place: ballot.get(place, len(places) + 1) for place in places}
        for pair in prefer:
            prefer[pair] += ranks[pair[0]] < ranks[pair[1]]
    strength = {(a, b): votes if votes > prefer[b, a] else 0 for (a, b), votes in prefer.items()}
    for via in places:
        for (a, b), known in strength.items():
            if via not in {a, b}:
                strength[a, b] = max(known, min(strength[a, via], strength[via, b]))
    return strength


class SpokenBallot(Spoken, Protocol):
    """A ballot for an agency; `choices` is as it is stored."""

    @property
    def agency_id(self) -> AgencyId | None:
        """The agency for which it was cast."""

    @property
    def choices(self) -> Mapping[str, int] | None:
        """The stored choices."""


def voices(ballots: Sequence[SpokenBallot], named: Mapping[AgencyId, Named]) -> tuple[list[Choices], int]:
    """Reduce people's ballots to one for each agency; count the agencies whose people differ apart.

    Who speaks for an agency is found as for proposals.
    """
    heard: list[Choices] = []
    divided = 0
    for agency, who in named.items():
        own = speaking([b for b in ballots if b.agency_id == agency], who)
        words = [b.choices for b in ballots if any(b is spoken for spoken in own)]
        if not words:
            continue
        if any(word != words[0] for word in words):
            divided += 1
        else:
            heard.append(unpack(words[0]))
    return heard, divided


def unpack(stored: Mapping[str, int] | None) -> dict[int, int]:
    """Turn a ballot as it is kept into one to count with."""
    return {int(place): int(number) for place, number in (stored or {}).items()}


def pack(ballot: Choices) -> dict[str, int]:
    """Turn a ballot into what is kept."""
    return {str(place): number for place, number in sorted(ballot.items())}
