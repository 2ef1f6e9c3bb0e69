"""Who carries what, and how fairly: pure functions on plain values. Effort is in hours everywhere.

Source of the thresholds: the consortium's own rule, docs/md, "The balance of work".
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from storage.vocabulary import AgencyId

Key = TypeVar("Key")

AHEAD = timedelta(days=30)
WHOLE = 40.0
"""So many hours there have to be before shares are compared, and before dependence is spoken of."""

SEVERAL_TASKS = 5
SEVERAL = 3
"""So many people or agencies there have to be before it says anything that the work hangs on one of them."""

WORSE = 1.2
FAR_BEYOND = 2.0
GIFTS = 3
EPSILON = 1e-9


def counts(due_on: date | None, today: date) -> bool:
    """Tell whether an open task counts as load now: due in the next 30 days, overdue, or without a date."""
    return due_on is None or due_on <= today + AHEAD


def load(efforts: Collection[float | None], roles: Collection[float]) -> float:
    """Give what a person carries, in hours: the efforts of open tasks that count now, and a month of the roles held.

    A task without an effort adds nothing here; it is counted beside it.
    """
    return math.fsum(effort or 0.0 for effort in efforts) + math.fsum(roles)


def agency_loads(carried: Collection[tuple[Key, float]]) -> dict[Key, float]:
    """Sum over its people what an agency carries, in hours, from (agency, load of one person)."""
    sums: dict[Key, list[float]] = {}
    for agency, hours in carried:
        sums.setdefault(agency, []).append(hours)
    return {agency: math.fsum(hours) for agency, hours in sums.items()}


def fair_shares(weights: Mapping[Key, float], whole: float) -> dict[Key, float]:
    """Divide `whole` hours as the agencies agreed: whole x weight / sum of weights.

    Where all weights are nothing, all carry alike.
    """
    known = dict(weights) if math.fsum(weights.values()) > 0 else dict.fromkeys(weights, 1.0)
    total = math.fsum(known.values())
    return {agency: whole * weight / total for agency, weight in known.items()}


def ratio(carried: float, fair: float) -> float:
    """Give how often a load contains its fair share: 1 is fair, 0 where nothing is carried.

    Whoever carries something though nothing was agreed is at infinity.
    """
    if carried <= 0:
        return 0.0
    return carried / fair if fair > 0 else math.inf


def is_over_hours(carried: float, hours: float) -> bool:
    """Tell whether a person carries more than the hours a month they have."""
    return carried > hours + EPSILON


def is_over_share(carried: float, fair: float, whole: float, percent: int) -> bool:
    """Tell whether an agency carries more than `percent` of its fair share, of at least 40 hours in all."""
    return whole >= WHOLE and carried > fair * percent / 100 + EPSILON


def is_giving_far_beyond(given: float, fair: float, whole: float, gifts: int) -> bool:
    """Tell whether an agency gave at least twice its fair share of what was given in a year.

    It takes three gifts of the kind, from whomever. The unit is that of the kind: hours, or cents.
    """
    return gifts >= GIFTS and whole > 0 and given > 0 and given >= fair * FAR_BEYOND - EPSILON


# dependence --------------------------------------------------------------------------------------------


def absence_factor(holdings: Collection[float]) -> int:
    """Give the fewest who together hold half of all hours; 0 where there are none.

    Formula: order the holdings from the largest, add them up, and count until the sum is at least half the total.
    Over people this is the Contributor Absence Factor of CHAOSS (formerly "bus factor"), with hours of owned open
    work in place of contributions; over agencies it is its Elephant Factor, with agencies in place of companies.
    Both at the threshold of 50 %. Source: chaoss.community/kb/metric-contributor-absence-factor and
    chaoss.community/kb/metric-elephant-factor.
    """
    held = sorted((one for one in holdings if one > 0), reverse=True)
    half, so_far = math.fsum(held) / 2, 0.0
    for number, one in enumerate(held, start=1):
        so_far += one
        if so_far >= half - EPSILON:
            return number
    return 0


def depends_on_one(holdings: Collection[float], tasks: int) -> bool:
    """Tell whether one holds half of the owned open work.

    It is said only where at least three people, or agencies, exist (`holdings` has one entry for each, 0 too), and
    where there are 40 owned hours in five `tasks`.
    """
    enough = len(holdings) >= SEVERAL and tasks >= SEVERAL_TASKS and math.fsum(holdings) >= WHOLE
    return enough and absence_factor(holdings) == 1


def largest_share(holdings: Collection[float]) -> float:
    """Give the part of the whole, 0 to 1, that the one with the most holds; 0 where there is nothing."""
    whole = math.fsum(holdings)
    return max(holdings) / whole if whole > 0 else 0.0


# how even it is ----------------------------------------------------------------------------------------


def concentration(loads: Collection[float]) -> float:
    """Give how concentrated the work is, from 0 (all carry alike) to 1 (one carries everything).

    Formula: H = sum of squared shares, normalised for the number n of those who could carry: (H - 1/n) / (1 - 1/n).
    With no work, or nobody to compare with, it is 0. Source: the Herfindahl-Hirschman index, see A. O. Hirschman,
    "The Paternity of an Index", American Economic Review 54 (1964); the normalisation is the usual one.
    """
    whole, number = math.fsum(loads), len(loads)
    if whole <= 0 or number < 2:
        return 0.0
    squares = math.fsum((one / whole) ** 2 for one in loads)
    return min(1.0, max(0.0, (squares - 1 / number) / (1 - 1 / number)))


def gini(loads: Sequence[float], weights: Sequence[float] | None = None) -> float:
    """Give how unevenly the work is divided, from 0 (each carries its share) towards 1 (one carries everything).

    Formula: order by load for each unit of weight; draw the Lorenz curve of summed load (part of the whole) over
    summed weight (part of the whole); the result is one minus twice the area below it. Without `weights` all count
    alike, and it is the usual coefficient: sum of all |x - y| / (2 n n mean). Who has no weight and carries something
    stands at the end of the curve; where nobody has a weight, all count alike. With no work it is 0.
    Source: C. Gini, "Variabilità e mutabilità" (1912); the area form is due to M. O. Lorenz (1905).
    """
    shares = list(weights) if weights is not None and math.fsum(weights) > 0 else [1.0] * len(loads)
    whole, width = math.fsum(loads), math.fsum(shares)
    if whole <= 0:
        return 0.0
    below, area = 0.0, 0.0
    for _, carried, share in sorted((ratio(c, s), c, s) for c, s in zip(loads, shares, strict=True)):
        above = below + carried / whole
        area += share / width * (below + above)
        below = above
    return min(1.0, max(0.0, 1 - area))


def is_worse(measure: float, before: float) -> bool:
    """Tell whether something has got worse by a fifth."""
    return measure >= before * WORSE - EPSILON


@dataclass(frozen=True)
class Share:
    """One agency with what its people carry, in hours, beside its fair share of the whole; it is there `since` then."""

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
        """Give how often the load contains the fair share."""
        return ratio(self.load, self.fair)
