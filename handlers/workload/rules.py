"""Grouping of agencies so that everybody may see their shares, but nobody learns what one or two people carry."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from handlers.load import rules
from handlers.load.rules import Share
from storage.vocabulary import AgencyId

FEW = 2
"""An agency with at most this many people is not shown alone."""

MAX_GROUPS = 20
"""How many groups fit into a chart."""


@dataclass(frozen=True)
class AgencyGroup:
    """Agencies that are shown as one, by name, with their hours. An agency of three people or more is shown alone."""

    agencies: Sequence[Share]
    rest: bool = False

    @property
    def name(self) -> str:
        """The agency's name, or how many agencies there are."""
        if len(self.agencies) == 1:
            return self.agencies[0].name
        return f"{len(self.agencies)} {'others' if self.rest else 'smaller agencies'}"

    @property
    def load(self) -> float:
        """What the agencies carry together."""
        return math.fsum(agency.load for agency in self.agencies)

    @property
    def fair(self) -> float:
        """Their fair share."""
        return math.fsum(agency.fair for agency in self.agencies)

    @property
    def ratio(self) -> float:
        """The load as a multiple of the fair share."""
        return rules.ratio(self.load, self.fair)


def pool_agencies(shares: Sequence[Share], most: int = MAX_GROUPS) -> list[AgencyGroup]:
    """Group agencies so that no group reveals what one or two people carry; the highest ratio comes first.

    Agencies of one or two people are pooled. A pool of a single agency, or with fewer than three people, would still
    reveal them: it is joined with the smallest agency shown. If only one group is left, nothing is shown by agency,
    because it would repeat the total. Beyond `most` groups, those with the lowest ratios are combined.
    """
    alone = sorted((share for share in shares if share.people > FEW), key=lambda share: (-share.people, share.name))
    pool = [share for share in shares if share.people <= FEW]
    while pool and alone and (len(pool) < 2 or sum(share.people for share in pool) <= FEW):
        pool.append(alone.pop())
    groups = [AgencyGroup([share]) for share in alone]
    if pool:
        groups.append(AgencyGroup(sorted(pool, key=lambda share: share.name)))
    if len(groups) < 2:
        return []
    groups.sort(key=lambda group: (-group.ratio, group.name))
    if len(groups) <= most:
        return groups
    rest = [share for group in groups[most - 1 :] for share in group.agencies]
    return [*groups[: most - 1], AgencyGroup(rest, rest=True)]


def unique_labels(groups: Sequence[AgencyGroup], limit: int) -> list[str]:
    """Return the names of the groups, cut to `limit` characters and made unique."""
    labels: list[str] = []
    for group in groups:
        label, turn = group.name[:limit], 2
        while label in labels:
            label, turn = f"{group.name[: limit - 3].rstrip()} {turn}", turn + 1
        labels.append(label)
    return labels


def weekly_loads(
    weeks: Collection[tuple[date, AgencyId, float]], groups: Sequence[AgencyGroup]
) -> Mapping[date, list[float]]:
    """Map weeks to the hours that each of the present groups carried, from (week, agency, hours)."""
    place = {share.id: number for number, group in enumerate(groups) for share in group.agencies}
    loads: dict[date, list[float]] = {}
    for week, agency, hours in weeks:
        if agency in place:
            loads.setdefault(week, [0.0] * len(groups))[place[agency]] += hours
    return loads
