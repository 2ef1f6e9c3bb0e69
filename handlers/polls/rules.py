"""Rules of polls: which ballots a poll allows, and how they are counted. A tie remains a tie.

A ballot maps the place of an option, from 1, to a number: 1 if it is chosen, a rank from 1, points from 0 to 5, or
dots; in a time poll 2 for yes, 1 for if need be and 0 for no.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from handlers.kit.refusals import Refusal
from handlers.kit.representation import Named, Spoken, speaking
from storage.vocabulary import AgencyId, PollKind

Choices = Mapping[int, int]
"""The content of a ballot, as described above."""

MIN_ANONYMOUS_BALLOTS = 5
"""An anonymous poll with fewer ballots shows no counts."""

POINTS = 5
YES, MAYBE, NO = 2, 1, 0
MAX_OPTIONS = 40


@dataclass(frozen=True)
class OptionResult:
    """The result of one option.

    `score` orders the options: ballots, mean points, dots, or the number of options beaten. `yes` and `maybe` count
    answers in a time poll.
    """

    place: int
    score: float
    yes: int = 0
    maybe: int = 0


@dataclass(frozen=True)
class PollResult:
    """The result of a poll.

    `options` are in the poll's order. `leaders` are the places of the leading options, several if they tie.
    `ballots` counts the ballots, or the agencies that agree in themselves; `divided` counts the agencies that do not.
    `withheld` is True if too few people voted for the counts to be shown.
    """

    ballots: int
    options: Sequence[OptionResult]
    leaders: Sequence[int]
    divided: int = 0
    withheld: bool = False


def check_ballot(kind: PollKind, most: int, places: Sequence[int], ballot: Choices) -> None:
    """Check a ballot. Raise Refusal if the poll does not allow it."""
    if not ballot or (kind in {PollKind.SCORE, PollKind.DOTS} and not any(ballot.values())):
        raise Refusal("You have not chosen anything yet.")
    unknown = [place for place in ballot if place not in places]
    if unknown:
        raise Refusal(f"There is no choice {unknown[0]}. The choices are 1 to {len(places)}.")
    if kind is PollKind.ONE and len(ballot) != 1:
        raise Refusal("You can pick one choice in this poll.")
    if kind is PollKind.SEVERAL and len(ballot) > most:
        raise Refusal(f"You can pick up to {most} choices in this poll. You picked {len(ballot)}.")
    if kind is PollKind.SCORE and any(not 0 <= points <= POINTS for points in ballot.values()):
        raise Refusal(f"Give each choice 0 to {POINTS} points.")
    if kind is PollKind.DOTS:
        spent = sum(ballot.values())
        if spent > most:
            raise Refusal(f"You have {most} dots to spend. You spent {spent}.")


def count(kind: PollKind, places: Sequence[int], ballots: Sequence[Choices]) -> PollResult:
    """Count the ballots of a poll."""
    counters = {PollKind.TIME: _times, PollKind.RANKED: _ranked, PollKind.SCORE: _scores}
    options = counters.get(kind, _sums)(places, ballots)
    leaders = _unbeaten(places, ballots) if kind is PollKind.RANKED else _leaders(options)
    return PollResult(len(ballots), options, leaders)


def _leaders(options: Sequence[OptionResult]) -> list[int]:
    best = max(((option.score, option.yes) for option in options), default=(0, 0))
    return [option.place for option in options if (option.score, option.yes) == best] if best > (0, 0) else []


def _sums(places: Sequence[int], ballots: Sequence[Choices]) -> list[OptionResult]:
    sums: Counter[int] = Counter()
    for ballot in ballots:
        sums.update(ballot)
    return [OptionResult(place, sums[place]) for place in places]


def _scores(places: Sequence[int], ballots: Sequence[Choices]) -> list[OptionResult]:
    """Return the mean points over all ballots. An option missing from a ballot gets no points from it (range voting).

    The means are not rounded, so that a lead of one point among many ballots is not a tie.
    """
    total = len(ballots) or 1
    return [OptionResult(place, sum(ballot.get(place, 0) for ballot in ballots) / total) for place in places]


def _times(places: Sequence[int], ballots: Sequence[Choices]) -> list[OptionResult]:
    """Score times by how many people can come at all. Equal times are ordered by how many said yes."""
    options = []
    for place in places:
        yes = sum(ballot.get(place) == YES for ballot in ballots)
        maybe = sum(ballot.get(place) == MAYBE for ballot in ballots)
        options.append(OptionResult(place, yes + maybe, yes, maybe))
    return options


def _ranked(places: Sequence[int], ballots: Sequence[Choices]) -> list[OptionResult]:
    """Score options by how many others they beat."""
    strength = _beatpaths(places, ballots)
    return [OptionResult(a, sum(strength[a, b] > strength[b, a] for b in places if b != a)) for a in places]


def _unbeaten(places: Sequence[int], ballots: Sequence[Choices]) -> list[int]:
    """Return the options that no other option beats: several if they tie, none without ballots."""
    if not ballots:
        return []
    strength = _beatpaths(places, ballots)
    return [a for a in places if all(strength[a, b] >= strength[b, a] for b in places if b != a)]


def _beatpaths(places: Sequence[int], ballots: Sequence[Choices]) -> dict[tuple[int, int], int]:
    """Return how strongly each option beats each other option, directly or through others.

    The beatpath method: Schulze, "A new monotonic, clone-independent, reversal symmetric, and
    Condorcet-consistent single-winner election method", Social Choice and Welfare 36 (2011). Options that a
    ballot leaves out share the place behind those that it ranks.
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
    """A ballot for an agency, with the choices as stored."""

    @property
    def agency_id(self) -> AgencyId | None:
        """The agency for which the ballot was cast."""

    @property
    def choices(self) -> Mapping[str, int] | None:
        """The stored choices."""


def agency_ballots(ballots: Sequence[SpokenBallot], named: Mapping[AgencyId, Named]) -> tuple[list[Choices], int]:
    """Reduce people's ballots to one for each agency. Return these, and the number of agencies whose people differ.

    Who speaks for an agency is decided as for proposals.
    """
    agreed: list[Choices] = []
    divided = 0
    for agency_id, speakers in named.items():
        own = speaking([ballot for ballot in ballots if ballot.agency_id == agency_id], speakers)
        choices = [ballot.choices for ballot in ballots if any(ballot is spoken for spoken in own)]
        if not choices:
            continue
        if any(other != choices[0] for other in choices):
            divided += 1
        else:
            agreed.append(unpack(choices[0]))
    return agreed, divided


def unpack(stored: Mapping[str, int] | None) -> dict[int, int]:
    """Convert stored choices to a ballot."""
    return {int(place): int(number) for place, number in (stored or {}).items()}


def pack(ballot: Choices) -> dict[str, int]:
    """Convert a ballot to choices for storage."""
    return {str(place): number for place, number in sorted(ballot.items())}
