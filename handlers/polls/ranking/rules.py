"""Count ranked ballots by the Schulze method, with winning votes.

Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election
method", Social Choice and Welfare 36 (2011). One option is preferred to another if more ballots rank it higher. A chain
of preferences is as strong as the votes for its weakest step. One option is ahead of another if its strongest chain to
the other is stronger than the chain back. Options that a ballot leaves out share the place behind those it ranks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, pairwise

Pairs = Mapping[tuple[int, int], int]
"""A number for each ordered pair of options."""


class Reason(StrEnum):
    """Why the leaders lead. The duels of a ranking show it."""

    EVERY = "every"
    """One leader is preferred to each other option. The duels are its closest ones."""

    CHAIN = "chain"
    """One leader is not preferred to each other option. The duels are an even one, and the chain that breaks it."""

    CYCLE = "cycle"
    """Preferences form a cycle, which the duels are. The last step is the weakest if there is one leader."""

    EVEN = "even"
    """Several leaders have no chain to one another. The duel is theirs, if they are two."""


@dataclass(frozen=True)
class Duel:
    """How many ballots rank `first` before `second`, and how many the reverse."""

    first: int
    second: int
    votes: int
    against: int


@dataclass(frozen=True)
class Standing:
    """How many options an option is ahead of, how many of these only by a chain, and how many it is level with."""

    place: int
    ahead: int
    chained: int
    level: int


@dataclass(frozen=True)
class Ranking:
    """The count: standings in the order of the poll, and the leaders, which no option is ahead of."""

    standings: Sequence[Standing]
    leaders: Sequence[int] = ()
    reason: Reason | None = None
    duels: Sequence[Duel] = ()


def rank(places: Sequence[int], ballots: Sequence[Mapping[int, int]]) -> Ranking:
    """Count ballots that map the places of options to ranks from 1. Nobody leads if there are no ballots."""
    prefer = _preferences(places, ballots)
    strength = _strengths(places, prefer)
    standings = [_standing(place, places, prefer, strength) for place in places]
    if not ballots:
        return Ranking(standings)
    leaders = [s.place for s in standings if s.ahead + s.level == len(places) - 1]
    if len(leaders) == 1:
        reason, duels = _explain_leader(leaders[0], places, prefer, strength)
    else:
        reason, duels = _explain_tie(leaders, prefer, strength)
    return Ranking(standings, leaders, reason, duels)


def _preferences(places: Sequence[int], ballots: Sequence[Mapping[int, int]]) -> Pairs:
    """Return for each pair how many ballots rank the first before the second."""
    prefer = {(a, b): 0 for a in places for b in places if a != b}
    for ballot in ballots:
        ranks = {place: ballot.get(place, len(places) + 1) for place in places}
        for pair in prefer:
            prefer[pair] += ranks[pair[0]] < ranks[pair[1]]
    return prefer


def _strengths(places: Sequence[int], prefer: Pairs) -> Pairs:
    """Return for each pair the strength of the strongest chain from the first to the second. 0 if there is none."""
    strength = {(a, b): votes if votes > prefer[b, a] else 0 for (a, b), votes in prefer.items()}
    for via in places:
        for (a, b), known in strength.items():
            if via not in {a, b}:
                strength[a, b] = max(known, min(strength[a, via], strength[via, b]))
    return strength


def _standing(place: int, places: Sequence[int], prefer: Pairs, strength: Pairs) -> Standing:
    others = [other for other in places if other != place]
    ahead = [other for other in others if strength[place, other] > strength[other, place]]
    chained = sum(prefer[place, other] <= prefer[other, place] for other in ahead)
    level = sum(strength[place, other] == strength[other, place] for other in others)
    return Standing(place, len(ahead), chained, level)


def _explain_leader(
    leader: int, places: Sequence[int], prefer: Pairs, strength: Pairs
) -> tuple[Reason, Sequence[Duel]]:
    duels = [_duel(leader, other, prefer) for other in places if other != leader]
    lost = [duel for duel in duels if duel.votes < duel.against]
    if lost:
        worst = max(lost, key=lambda duel: duel.against).second
        return Reason.CYCLE, [*_chain(leader, worst, prefer, strength), _duel(worst, leader, prefer)]
    even = [duel for duel in duels if duel.votes == duel.against]
    if even:
        return Reason.CHAIN, [even[0], *_chain(leader, even[0].second, prefer, strength)]
    closest = min(((duel.votes - duel.against, duel.votes) for duel in duels), default=(0, 0))
    return Reason.EVERY, [duel for duel in duels if (duel.votes - duel.against, duel.votes) == closest]


def _explain_tie(leaders: Sequence[int], prefer: Pairs, strength: Pairs) -> tuple[Reason, Sequence[Duel]]:
    for a, b in combinations(leaders, 2):
        if strength[a, b]:
            return Reason.CYCLE, [*_chain(a, b, prefer, strength), *_chain(b, a, prefer, strength)]
    return Reason.EVEN, [_duel(leaders[0], leaders[1], prefer)] if len(leaders) == 2 else []


def _chain(first: int, last: int, prefer: Pairs, strength: Pairs) -> list[Duel]:
    """Return the shortest of the strongest chains from one option to another, which exists."""
    weakest = strength[first, last]
    steps = [(a, b) for (a, b), votes in prefer.items() if votes >= weakest and votes > prefer[b, a]]
    chains = [[first]]
    reached = {first}
    for chain in chains:
        if chain[-1] == last:
            return [_duel(a, b, prefer) for a, b in pairwise(chain)]
        following = [b for a, b in steps if a == chain[-1] and b not in reached]
        reached.update(following)
        chains += [[*chain, b] for b in following]
    raise ValueError("no chain leads from one option to the other")


def _duel(first: int, second: int, prefer: Pairs) -> Duel:
    return Duel(first, second, prefer[first, second], prefer[second, first])
