"""Rules of polls: which ballots a poll allows, and how they are counted. A tie remains a tie.

A ballot maps the place of an option, from 1, to a number: 1 if it is chosen, a rank from 1, points from 0 to 5, or
dots; in a time poll 2 for yes, 1 for if need be and 0 for no.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from handlers.kit.refusals import Refusal
from handlers.kit.representation import Named, Spoken, speaking
from handlers.polls.ranking.rules import Duel, Reason, rank
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

    `score` orders the options: ballots, mean points, dots, or the number of options it is ahead of. `yes` and `maybe`
    count answers in a time poll; `level` and `chained` are as in `ranking.rules.Standing`.
    """

    place: int
    score: float
    yes: int = 0
    maybe: int = 0
    level: int = 0
    chained: int = 0


@dataclass(frozen=True)
class PollResult:
    """The result of a poll.

    `options` are in the poll's order. `leaders` are the places of the leading options, several if they tie.
    `ballots` counts the ballots, or the agencies that agree in themselves; `divided` counts the agencies that do not,
    and `divided_names` names them. `withheld` is True if too few people voted for the counts to be shown. `reason` and
    `duels` explain the leaders of a ranking, unless the poll closed under 0.1.0, which did not store them.
    """

    ballots: int
    options: Sequence[OptionResult]
    leaders: Sequence[int]
    divided: int = 0
    withheld: bool = False
    divided_names: Sequence[str] = ()
    reason: Reason | None = None
    duels: Sequence[Duel] = ()


def check_ballot(kind: PollKind, most: int, places: Sequence[int], ballot: Choices) -> None:
    """Check a ballot. Raise Refusal if the poll does not allow it."""
    if not ballot:
        raise Refusal("You have not chosen anything yet.")
    if kind is PollKind.DOTS and not any(ballot.values()):
        raise Refusal("You have not spent any dots yet.")
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
    if kind is PollKind.RANKED:
        return _ranking(places, ballots)
    counters = {PollKind.TIME: _times, PollKind.SCORE: _scores}
    options = counters.get(kind, _sums)(places, ballots)
    return PollResult(len(ballots), options, _leaders(options))


def _ranking(places: Sequence[int], ballots: Sequence[Choices]) -> PollResult:
    ranking = rank(places, ballots)
    options = [OptionResult(s.place, s.ahead, level=s.level, chained=s.chained) for s in ranking.standings]
    return PollResult(len(ballots), options, ranking.leaders, reason=ranking.reason, duels=ranking.duels)


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


class SpokenBallot(Spoken, Protocol):
    """A ballot for an agency, with the choices as stored."""

    @property
    def agency_id(self) -> AgencyId | None:
        """The agency for which the ballot was cast."""

    @property
    def choices(self) -> Mapping[str, int] | None:
        """The stored choices."""


def agency_ballots(
    kind: PollKind, places: Collection[int], ballots: Sequence[SpokenBallot], named: Mapping[AgencyId, Named]
) -> tuple[list[Choices], list[AgencyId]]:
    """Reduce people's ballots to one for each agency. Return these, and the agencies whose people differ.

    Who speaks for an agency is decided as for proposals.
    """
    agreed: list[Choices] = []
    divided: list[AgencyId] = []
    for agency_id, speakers in named.items():
        own = speaking([ballot for ballot in ballots if ballot.agency_id == agency_id], speakers)
        choices = [ballot.choices for ballot in ballots if any(ballot is spoken for spoken in own)]
        if not choices:
            continue
        meanings = [_meaning(kind, places, unpack(stored)) for stored in choices]
        if any(other != meanings[0] for other in meanings):
            divided.append(agency_id)
        else:
            agreed.append(unpack(choices[0]))
    return agreed, divided


def _meaning(kind: PollKind, places: Collection[int], ballot: Choices) -> dict[int, int]:
    """Return a ballot with what its left-out options mean: no points, no, or the last rank together."""
    if kind is PollKind.RANKED:
        ranks = {place: sum(other < rank for other in ballot.values()) for place, rank in ballot.items()}
        return {place: ranks.get(place, len(ranks)) for place in places}
    return {place: ballot.get(place, 0) for place in places}


def unpack(stored: Mapping[str, int] | None) -> dict[int, int]:
    """Convert stored choices to a ballot."""
    return {int(place): int(number) for place, number in (stored or {}).items()}


def pack(ballot: Choices) -> dict[str, int]:
    """Convert a ballot to choices for storage."""
    return {str(place): number for place, number in sorted(ballot.items())}
