"""What there is to warn of now, as plain values."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.kit import command_text
from handlers.load import rules, snapshot
from handlers.load.rules import Share
from handlers.load.snapshot import LoadSnapshot
from storage import balance_inputs
from storage.balance_inputs import Gifts
from storage.vocabulary import AgencyId, ConsortiumId, GivenKind, SourceId, WarningKind

A_YEAR = timedelta(days=365)
MOST = 99.0
"""A ratio is not kept beyond this: who carries something though nothing was agreed is at infinity."""


@dataclass(frozen=True)
class Giving:
    """What one agency gave of one kind within a year, beside its fair share: in hours, or in cents."""

    agency_id: AgencyId
    kind: GivenKind
    amount: float
    fair: float
    whole: float

    @property
    def ratio(self) -> float:
        """Give how often it contains the fair share."""
        return rules.ratio(self.amount, self.fair)


@dataclass(frozen=True)
class Beside:
    """What is watched beside the load.

    `sources` are (source, name, cents a year), the largest first; `without_gain` are agencies that have been there for
    a year and for which none was recorded in it.
    """

    giving: Sequence[Giving]
    sources: Sequence[tuple[SourceId, str, int]]
    without_gain: Sequence[AgencyId]

    @property
    def main_source(self) -> tuple[SourceId, str, float] | None:
        """Give the source that pays more than half, with its part of the whole."""
        whole = sum(cents for _, _, cents in self.sources)
        if not self.sources or self.sources[0][2] * 2 <= whole:
            return None
        found, name, cents = self.sources[0]
        return found, name, cents / whole


@dataclass(frozen=True)
class Found:
    """Something to warn of. `measure` says how bad it is, so that it can be compared with what it was."""

    kind: WarningKind
    subject: str
    measure: float


def beside(session: Session, consortium_id: ConsortiumId, seen: LoadSnapshot, now: datetime) -> Beside:
    """Read what is watched beside the load: three statements at most."""
    since = now - A_YEAR
    settled = [one.id for one in seen.agencies if one.since <= since]
    gained = balance_inputs.gained(session, consortium_id, since) if settled else set()
    return Beside(
        giving=far_beyond(balance_inputs.gifts(session, consortium_id, since.date()), seen.agencies),
        sources=balance_inputs.funding(session, consortium_id),
        without_gain=[one for one in settled if one not in gained],
    )


def far_beyond(gifts: Collection[Gifts], shares: Sequence[Share]) -> list[Giving]:
    """Find who gives far beyond the share, kind by kind; what an agency gave that has ended counts for nobody."""
    weights = {share.id: share.weight for share in shares}
    found = []
    for kind in GivenKind:
        theirs = [one for one in gifts if one.kind is kind and one.agency_id in weights]
        whole, count = math.fsum(one.amount for one in theirs), sum(one.gifts for one in theirs)
        fair = rules.fair_shares(weights, whole)
        enough = kind is not GivenKind.HOURS or whole >= rules.WHOLE
        found += [
            Giving(one.agency_id, kind, one.amount, fair[one.agency_id], whole)
            for one in theirs
            if enough and len(weights) > 1 and rules.is_giving_far_beyond(one.amount, fair[one.agency_id], whole, count)
        ]
    return found


def found(seen: LoadSnapshot, other: Beside) -> list[Found]:
    """List everything that there is to warn of now."""
    return [*_overloads(seen), *_dependence(seen), *_beside(other)]


def _overloads(seen: LoadSnapshot) -> list[Found]:
    people = [
        Found(WarningKind.PERSON, f"member/{one.id}", _bounded(one.carried.load / max(1.0, one.carried.hours)))
        for one in seen.people
        if one.carried.is_over
    ]
    agencies_over = [
        Found(WarningKind.AGENCY, f"agency/{one.id}", _bounded(one.ratio)) for one in seen.agencies if seen.is_over(one)
    ]
    return [*people, *agencies_over]


def _dependence(seen: LoadSnapshot) -> list[Found]:
    people = {f"member/{one.id}": one.owned for one in seen.people}
    places = {f"agency/{one.id}": one.owned for one in seen.agencies}
    return [
        Found(kind, max(held, key=lambda subject: held[subject]), rules.largest_share(list(held.values())))
        for kind, held in ((WarningKind.FEW_PEOPLE, people), (WarningKind.FEW_AGENCIES, places))
        if rules.depends_on_one(list(held.values()), seen.sized)
    ]


def _beside(other: Beside) -> list[Found]:
    worst: dict[AgencyId, float] = {}
    for one in other.giving:
        worst[one.agency_id] = max(worst.get(one.agency_id, 0.0), _bounded(one.ratio))
    made = [Found(WarningKind.GIVING, f"agency/{agency}", measure) for agency, measure in worst.items()]
    main = other.main_source
    if main is not None:
        made.append(Found(WarningKind.FUNDING, f"source/{main[0]}", main[2]))
    if other.without_gain:
        made.append(Found(WarningKind.GAIN, "", float(len(other.without_gain))))
    return made


def _bounded(measure: float) -> float:
    return min(measure, MOST)


def look(session: Session, consortium_id: ConsortiumId, now: datetime) -> tuple[LoadSnapshot, Beside]:
    """Take the picture of the load, and of what is watched beside it."""
    seen = snapshot.take(session, consortium_id, now)
    return seen, beside(session, consortium_id, seen, now)


def subject_of(subject: str) -> int:
    """Give the row that a warning is about; 0 where it is about the whole."""
    number = subject.rpartition("/")[2]
    return command_text.row_id(number)
