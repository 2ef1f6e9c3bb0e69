"""Agencies' shares as everybody may see them: what one or two people carry is nobody else's matter."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from handlers.load import rules
from handlers.load.rules import Share
from storage.vocabulary import AgencyId

FEW = 2
"""An agency of so many people, or fewer, is not shown by itself."""

MOST = 20
"""So many groups fit into a chart."""


@dataclass(frozen=True)
class AgencyGroup:
    """Agencies that are shown together, by name; one of three people or more stands alone. Hours."""

    agencies: Sequence[Share]
    rest: bool = False

    @property
    def name(self) -> str:
        """Name the group."""
        if len(self.agencies) == 1:
            return self.agencies[0].name
        return f"{len(self.agencies)} {'others' if self.rest else 'smaller agencies'}"

    @property
    def load(self) -> float:
        """Give what the agencies carry together."""
        return math.fsum(one.load for one in self.agencies)

    @property
    def fair(self) -> float:
        """Give their fair share."""
        return math.fsum(one.fair for one in self.agencies)

    @property
    def ratio(self) -> float:
        """Give how often the load contains the fair share."""
        return rules.ratio(self.load, self.fair)


def pool_agencies(shares: Sequence[Share], most: int = MOST) -> list[AgencyGroup]:
    """Group agencies so that no group says what one or two people carry; the most loaded for its share first.

    Agencies of one or two people are pooled. Where the pool is a single agency, or has fewer than three people, it
    could be had by looking: it is joined to the smallest agency shown. Where only one group is left nothing is shown
    by agency, since it would repeat the whole. Beyond `most` groups those nearest to nothing are put together.
    """
    alone = sorted((one for one in shares if one.people > FEW), key=lambda one: (-one.people, one.name))
    pool = [one for one in shares if one.people <= FEW]
    while pool and alone and (len(pool) < 2 or sum(one.people for one in pool) <= FEW):
        pool.append(alone.pop())
    groups = [AgencyGroup([one]) for one in alone] + (
        [AgencyGroup(sorted(pool, key=lambda one: one.name))] if pool else []
    )
    if len(groups) < 2:
        return []
    groups.sort(key=lambda group: (-group.ratio, group.name))
    if len(groups) <= most:
        return groups
    rest = [one for group in groups[most - 1 :] for one in group.agencies]
    return [*groups[: most - 1], AgencyGroup(rest, rest=True)]


def unique_labels(groups: Sequence[AgencyGroup], limit: int) -> list[str]:
    """Name groups within so many characters, no two alike."""
    made: list[str] = []
    for group in groups:
        name, turn = group.name[:limit], 2
        while name in made:
            name, turn = f"{group.name[: limit - 3].rstrip()} {turn}", turn + 1
        made.append(name)
    return made


def weekly_loads(
    weeks: Collection[tuple[date, AgencyId, float]], groups: Sequence[AgencyGroup]
) -> Mapping[date, list[float]]:
    """Sum over the groups of now what agencies carried week by week, from (week, agency, hours)."""
    place = {one.id: number for number, group in enumerate(groups) for one in group.agencies}
    found: dict[date, list[float]] = {}
    for week, agency, hours in weeks:
        if agency in place:
            found.setdefault(week, [0.0] * len(groups))[place[agency]] += hours
    return found
