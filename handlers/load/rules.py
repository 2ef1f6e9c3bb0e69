"""Load and fair shares, computed on plain values. Effort is in hours everywhere.

Source of the thresholds: docs/rules.md, "The balance of work".
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from storage.vocabulary import AgencyId

Key = TypeVar("Key")

LOAD_PERIOD = timedelta(days=30)
MIN_TOTAL = 40.0
"""Hours below which shares are not compared and dependence is not reported."""

MIN_TASKS = 5
MIN_HOLDERS = 3
"""Dependence on one person or agency is reported only where at least this many exist."""

WORSE_FACTOR = 1.2
CONTRIBUTION_FACTOR = 2.0
MIN_CONTRIBUTIONS = 3
MIN_CENTS = 100_000
"""Cents below which amounts of money are not compared: 1,000 in the consortium's currency."""

ROOM_CLASSES = (8.0, 4.0)
"""A person's room for more work is known to others only as none, at least 4 hours, or at least 8 hours."""

CLEARING = timedelta(days=30)
"""How often the work that others took away from a person leaves what the room is worked out from."""

EPSILON = 1e-9


def counts_as_load(due_on: date | None, today: date) -> bool:
    """Return whether an open task counts as load now: due in the next 30 days, overdue, or without a date."""
    return due_on is None or due_on <= today + LOAD_PERIOD


def agency_loads(carried: Collection[tuple[Key, float]]) -> dict[Key, float]:
    """Return the load of each agency: the sum over its people, from (agency, load of one person)."""
    sums: dict[Key, list[float]] = {}
    for agency, hours in carried:
        sums.setdefault(agency, []).append(hours)
    return {agency: math.fsum(hours) for agency, hours in sums.items()}


def fair_shares(weights: Mapping[Key, float], total: float) -> dict[Key, float]:
    """Divide `total` hours as the agencies agreed: total x weight / sum of weights.

    If all weights are zero, all shares are equal.
    """
    used = dict(weights) if math.fsum(weights.values()) > 0 else dict.fromkeys(weights, 1.0)
    weight_sum = math.fsum(used.values())
    return {agency: total * weight / weight_sum for agency, weight in used.items()}


def ratio(carried: float, fair: float) -> float:
    """Return the load as a multiple of the fair share: 1 is fair, 0 is no load.

    A load without any fair share gives infinity.
    """
    if carried <= 0:
        return 0.0
    return carried / fair if fair > 0 else math.inf


def is_over_hours(carried: float, hours: float) -> bool:
    """Return whether a person carries more than the hours a month they set aside."""
    return carried > hours + EPSILON


def is_over_share(carried: float, fair: float, total: float, percent: int) -> bool:
    """Return whether an agency carries more than `percent` of its fair share, once the total is 40 hours."""
    return total >= MIN_TOTAL and carried > fair * percent / 100 + EPSILON


def contributes_far_above_share(given: float, fair: float, total: float, contributions: int, least: float) -> bool:
    """Return whether an agency gave at least twice its fair share of what all gave in a year.

    At least three contributions of the kind must exist, from any agency, and amount to `least` in all. The unit is
    that of the kind: hours or cents.
    """
    enough = contributions >= MIN_CONTRIBUTIONS and total >= least
    return enough and given > 0 and given >= fair * CONTRIBUTION_FACTOR - EPSILON


# room for more work ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RoomBasis:
    """What somebody's room was worked out from: the hours a month they set aside, and the work they agreed to carry."""

    hours: float
    carried: float


def is_cleared_now(cleared_on: date, today: date) -> bool:
    """Return whether it is time to leave out of somebody's room what others took away from them.

    This happens for everything together, so that many small changes are no more than one.
    """
    return today >= cleared_on + CLEARING


def room_class(free: float) -> float:
    """Return the class of somebody's free hours: 8, 4, or 0 for less than four."""
    return next((least for least in ROOM_CLASSES if free >= least - EPSILON), 0.0)


def room(basis: RoomBasis, carried: float) -> float:
    """Return the hours that somebody can be asked to take on, who carries `carried` hours now.

    Apart from the class of the room at the time of `basis`, the result depends on work alone, which everybody can see.
    Whoever compares results while work changes therefore learns the class and nothing else of the hours set aside.
    It is never more than what the person really has left.
    """
    added = max(0.0, carried - basis.carried)
    return max(0.0, room_class(basis.hours - basis.carried) - added)


# dependence --------------------------------------------------------------------------------------------


def absence_factor(holdings: Collection[float], elsewhere: float = 0.0) -> int:
    """Return the smallest number of holders who together hold half of all hours; 0 if there are none.

    `elsewhere` are hours that none of them holds; if these are more than half, the result is 0 too.

    Formula: order the holdings from the largest, add them up, and count until the sum is at least half the total.
    Over people this is the Contributor Absence Factor of CHAOSS (formerly "bus factor"), with hours of owned open
    work in place of contributions; over agencies it is its Elephant Factor, with agencies in place of companies.
    Both at the threshold of 50 %. Source: chaoss.community/kb/metric-contributor-absence-factor and
    chaoss.community/kb/metric-elephant-factor.
    """
    held = sorted((hours for hours in holdings if hours > 0), reverse=True)
    half, so_far = (math.fsum(held) + elsewhere) / 2, 0.0
    for number, hours in enumerate(held, start=1):
        so_far += hours
        if so_far >= half - EPSILON:
            return number
    return 0


def depends_on_one(holdings: Collection[float], tasks: int, elsewhere: float = 0.0) -> bool:
    """Return whether one person or agency holds half of the owned open work.

    True only where at least three people or agencies exist (`holdings` has an entry for each, including 0) and 40
    hours in five `tasks` are owned. `elsewhere` are the hours owned by people who are in no agency.
    """
    enough = len(holdings) >= MIN_HOLDERS and tasks >= MIN_TASKS and math.fsum(holdings) + elsewhere >= MIN_TOTAL
    return enough and largest_share(holdings, elsewhere) >= 0.5 - EPSILON


def largest_share(holdings: Collection[float], elsewhere: float = 0.0) -> float:
    """Return the largest holding as a fraction of all hours, 0 to 1; 0 if nothing is held."""
    total = math.fsum(holdings) + elsewhere
    return max(holdings) / total if total > 0 else 0.0


# evenness -----------------------------------------------------------------------------------------------


def concentration(loads: Collection[float]) -> float:
    """Return how concentrated the work is, from 0 (equal loads) to 1 (one carries everything).

    Formula: H = sum of squared shares, normalized for the number n of loads: (H - 1/n) / (1 - 1/n).
    With no work, or with fewer than two loads, the result is 0. Source: the Herfindahl-Hirschman index, see
    A. O. Hirschman, "The Paternity of an Index", American Economic Review 54 (1964), with the usual normalization.
    """
    total, number = math.fsum(loads), len(loads)
    if total <= 0 or number < 2:
        return 0.0
    squares = math.fsum((hours / total) ** 2 for hours in loads)
    return min(1.0, max(0.0, (squares - 1 / number) / (1 - 1 / number)))


def gini(loads: Sequence[float], weights: Sequence[float] | None = None) -> float:
    """Return how unevenly the work is divided, from 0 (each carries its share) toward 1 (one carries everything).

    Formula: sort by load per unit of weight; draw the Lorenz curve of cumulative load over cumulative weight, both as
    fractions of their totals; the result is one minus twice the area below it. Without `weights`, or where all are
    zero, all weigh the same, and the result is the usual coefficient: sum of all |x - y| / (2 n n mean). A load
    without a weight comes at the end of the curve. With no work the result is 0.
    Source: C. Gini, "Variabilità e mutabilità" (1912); the area form is due to M. O. Lorenz (1905).
    """
    shares = list(weights) if weights is not None and math.fsum(weights) > 0 else [1.0] * len(loads)
    total, width = math.fsum(loads), math.fsum(shares)
    if total <= 0:
        return 0.0
    below, area = 0.0, 0.0
    for _, carried, share in sorted((ratio(c, s), c, s) for c, s in zip(loads, shares, strict=True)):
        above = below + carried / total
        area += share / width * (below + above)
        below = above
    return min(1.0, max(0.0, 1 - area))


def is_worse(measure: float, before: float) -> bool:
    """Return whether a measure has risen by a fifth."""
    return measure >= before * WORSE_FACTOR - EPSILON


@dataclass(frozen=True)
class Share:
    """The load of one agency and its fair share of the total, in hours.

    `since` is when the agency was added; `owned` is the effort of all open tasks of its people, whenever due.
    """

    id: AgencyId
    name: str
    since: datetime
    people: int
    weight: float
    load: float
    fair: float
    owned: float

    @property
    def ratio(self) -> float:
        """The load as a multiple of the fair share."""
        return ratio(self.load, self.fair)
