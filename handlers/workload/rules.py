"""Grouping of agencies so that everybody may see their shares, but nobody learns what one or two people carry."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from handlers.load import rules
from handlers.load.rules import Share
from storage.vocabulary import AgencyId, WeekRecord

FEW = 2
"""An agency with at most this many people is not shown alone."""

MAX_GROUPS = 20
"""How many groups fit into a chart."""

MAX_LINES = 6
"""How many lines fit into a chart."""


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

    If only one group is left, nothing is shown by agency, because it would repeat the total. Beyond `most` groups,
    those with the lowest ratios are combined.
    """
    by_id = {share.id: share for share in shares}
    parts = partition({share.id: share.people for share in shares})
    if len(parts) < 2:
        return []
    groups = [AgencyGroup(sorted((by_id[id_] for id_ in part), key=lambda share: share.name)) for part in parts]
    groups.sort(key=lambda group: (-group.ratio, group.name))
    if len(groups) <= most:
        return groups
    rest = [share for group in groups[most - 1 :] for share in group.agencies]
    return [*groups[: most - 1], AgencyGroup(rest, rest=True)]


def partition(heads: Mapping[AgencyId, int]) -> list[set[AgencyId]]:
    """Divide agencies with these numbers of people so that no part reveals what one or two people carry.

    Agencies of one or two people are pooled. A pool of a single agency, or with fewer than three people, would still
    reveal them: it is joined with the smallest agency shown.
    """
    alone = sorted((agency for agency, people in heads.items() if people > FEW), key=lambda id_: (-heads[id_], id_))
    pool = {agency for agency, people in heads.items() if people <= FEW}
    while pool and alone and (len(pool) < 2 or sum(heads[agency] for agency in pool) <= FEW):
        pool.add(alone.pop())
    return [*({agency} for agency in alone), *([pool] if pool else [])]


def unique_labels(names: Sequence[str], limit: int) -> list[str]:
    """Return the names, cut to `limit` characters and made unique."""
    labels: list[str] = []
    for name in names:
        label, turn = name[:limit], 2
        while label in labels:
            label, turn = f"{name[: limit - 3].rstrip()} {turn}", turn + 1
        labels.append(label)
    return labels


# week by week ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trend:
    """The hours carried in each of these weeks, by line; a line is an agency or several together."""

    weeks: Sequence[date] = ()
    lines: Sequence[tuple[str, Sequence[float]]] = ()


def trend(weeks: Mapping[date, Mapping[AgencyId, WeekRecord]], shares: Sequence[Share], most: int = MAX_LINES) -> Trend:
    """Return what agencies carried week by week, in at most `most` lines, so that no week reveals one or two people.

    Each week is divided by the people that its agencies had then, whatever they have now, and a line is made of whole
    parts of every week. So nothing can be subtracted from what was shown in the week itself. The trend goes back as
    far as at least two lines are left, and ends at a week that could not have been shown by agency.
    """
    names = {share.id: share.name for share in shares}
    parts = partition({share.id: share.people for share in shares})
    shown: list[date] = []
    for week in sorted(weeks, reverse=True):
        then = partition({agency: record.heads or 0 for agency, record in weeks[week].items()})
        joined = join(parts, then)
        if len(then) < 2 or sum(1 for part in joined if part & names.keys()) < 2:
            break
        parts, shown = joined, [week, *shown]
    living = [part for part in parts if part & names.keys()]
    if len(shown) < 2 or len(living) < 2:
        return Trend()
    living.sort(key=lambda part: -math.fsum(share.load for share in shares if share.id in part))
    lines = [(_line_name(part, names), part) for part in living]
    if len(lines) > most:
        rest = set().union(*(part for _, part in lines[most - 1 :]))
        lines = [*lines[: most - 1], (f"{len(rest)} others", rest)]
    return Trend(shown, [(name, [_carried(weeks[week], part) for week in shown]) for name, part in lines])


def join(parts: Sequence[set[AgencyId]], others: Sequence[set[AgencyId]]) -> list[set[AgencyId]]:
    """Return the smallest parts that consist of whole parts of both divisions."""
    joined = list(parts)
    for other in others:
        touched = [part for part in joined if part & other]
        joined = [*(part for part in joined if not part & other), other.union(*touched)]
    return joined


def _line_name(part: Collection[AgencyId], names: Mapping[AgencyId, str]) -> str:
    if len(part) == 1:
        return names[next(iter(part))]
    return f"{len(part)} smaller agencies"


def _carried(records: Mapping[AgencyId, WeekRecord], part: Collection[AgencyId]) -> float:
    return math.fsum(record.hours for agency, record in records.items() if agency in part)
