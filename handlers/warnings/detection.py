"""Detection of what to warn of now, as plain values."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.load import rules, snapshot
from handlers.load.rules import Share
from handlers.load.snapshot import LoadSnapshot
from storage import balance_inputs
from storage.balance_inputs import ContributionTotal
from storage.vocabulary import AgencyId, ConsortiumId, ContributionKind, FundingSourceId, WarningKind

A_YEAR = timedelta(days=365)
MAX_MEASURE = 99.0
"""Measures are stored up to this value: the ratio of a load to a fair share of zero is infinite."""


@dataclass(frozen=True)
class ContributionAboveShare:
    """What one agency contributed of one kind within a year, and its fair share: in hours, or in cents."""

    agency_id: AgencyId
    kind: ContributionKind
    amount: float
    fair: float
    total: float

    @property
    def ratio(self) -> float:
        """The contribution as a multiple of the fair share."""
        return rules.ratio(self.amount, self.fair)


@dataclass(frozen=True)
class PartnershipSnapshot:
    """What facilitators are warned of besides load: contributions, funding and gains.

    `sources` are (source, name, cents a year), the largest first. `without_gain` are the agencies that joined at least
    a year ago and for which no gain was recorded within that year.
    """

    contributions: Sequence[ContributionAboveShare]
    sources: Sequence[tuple[FundingSourceId, str, int]]
    without_gain: Sequence[AgencyId]

    @property
    def main_source(self) -> tuple[FundingSourceId, str, float] | None:
        """The source that pays more than half, as (source, name, fraction of the total), or None.

        None too if all sources together pay less than amounts that are compared.
        """
        total = sum(cents for _, _, cents in self.sources)
        if total < rules.MIN_CENTS or self.sources[0][2] * 2 <= total:
            return None
        source_id, name, cents = self.sources[0]
        return source_id, name, cents / total


@dataclass(frozen=True)
class Finding:
    """Something to warn of. `measure` says how bad it is, to be compared with its earlier value."""

    kind: WarningKind
    subject: str
    measure: float


def load_snapshots(
    session: Session, consortium_id: ConsortiumId, now: datetime
) -> tuple[LoadSnapshot, PartnershipSnapshot]:
    """Read the load, and what else facilitators are warned of."""
    load = snapshot.load_snapshot(session, consortium_id, now)
    return load, partnership_snapshot(session, consortium_id, load, now)


def partnership_snapshot(
    session: Session, consortium_id: ConsortiumId, load: LoadSnapshot, now: datetime
) -> PartnershipSnapshot:
    """Read contributions, funding and gains in at most three statements."""
    since = now - A_YEAR
    settled = [share.id for share in load.agencies if share.since <= since]
    gained = balance_inputs.agencies_with_gains(session, consortium_id, since) if settled else set()
    return PartnershipSnapshot(
        contributions=contributions_above_share(
            balance_inputs.gifts(session, consortium_id, since.date()), load.agencies
        ),
        sources=balance_inputs.funding_amounts(session, consortium_id),
        without_gain=[agency_id for agency_id in settled if agency_id not in gained],
    )


def contributions_above_share(
    gifts: Collection[ContributionTotal], shares: Sequence[Share]
) -> list[ContributionAboveShare]:
    """Return the contributions far above the fair share, by kind; those of agencies that have ended are ignored."""
    weights = {share.id: share.weight for share in shares}
    above: list[ContributionAboveShare] = []
    for kind in ContributionKind:
        of_kind = [gift for gift in gifts if gift.kind is kind and gift.agency_id in weights]
        total, count = math.fsum(gift.amount for gift in of_kind), sum(gift.gifts for gift in of_kind)
        fair = rules.fair_shares(weights, total)
        least = rules.MIN_TOTAL if kind is ContributionKind.HOURS else rules.MIN_CENTS
        if len(weights) < 2:
            continue
        above += [
            ContributionAboveShare(gift.agency_id, kind, gift.amount, fair[gift.agency_id], total)
            for gift in of_kind
            if rules.contributes_far_above_share(gift.amount, fair[gift.agency_id], total, count, least)
        ]
    return above


def detect(load: LoadSnapshot, partnership: PartnershipSnapshot) -> list[Finding]:
    """Return everything to warn of now."""
    return [*_overloads(load), *_dependence(load), *_partnership(partnership)]


def _overloads(load: LoadSnapshot) -> list[Finding]:
    people = [
        Finding(
            WarningKind.PERSON,
            f"member/{person.id}",
            _bounded(person.load.hours / max(1.0, person.load.set_aside)),
        )
        for person in load.people
        if person.load.is_over
    ]
    agencies = [
        Finding(WarningKind.AGENCY, f"agency/{share.id}", _bounded(share.ratio))
        for share in load.agencies
        if load.is_over(share)
    ]
    return [*people, *agencies]


def _dependence(load: LoadSnapshot) -> list[Finding]:
    people = {f"member/{person.id}": person.owned for person in load.people}
    agencies = {f"agency/{share.id}": share.owned for share in load.agencies}
    unplaced = math.fsum(person.owned for person in load.unplaced)
    return [
        Finding(kind, max(owned, key=lambda subject: owned[subject]), rules.largest_share([*owned.values()], elsewhere))
        for kind, owned, elsewhere in (
            (WarningKind.FEW_PEOPLE, people, 0.0),
            (WarningKind.FEW_AGENCIES, agencies, unplaced),
        )
        if rules.depends_on_one([*owned.values()], load.sized, elsewhere)
    ]


def _partnership(partnership: PartnershipSnapshot) -> list[Finding]:
    ratios: dict[AgencyId, float] = {}
    for contribution in partnership.contributions:
        agency_id = contribution.agency_id
        ratios[agency_id] = max(ratios.get(agency_id, 0.0), _bounded(contribution.ratio))
    findings = [Finding(WarningKind.GIVING, f"agency/{agency}", ratio) for agency, ratio in ratios.items()]
    main = partnership.main_source
    if main is not None:
        findings.append(Finding(WarningKind.FUNDING, f"source/{main[0]}", main[2]))
    if partnership.without_gain:
        findings.append(Finding(WarningKind.GAIN, "", float(len(partnership.without_gain))))
    return findings


def _bounded(measure: float) -> float:
    return min(measure, MAX_MEASURE)


def subject_id(subject: str) -> int:
    """Return the id of the row that a warning is about; 0 if it is about the whole consortium."""
    last = subject.rpartition("/")[2]
    return int(last) if last.isdecimal() else 0
