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
        return f"{len(self.agencies)} {'others' if self.rest else 'agencies together'}"

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


def pool_agencies(
    shares: Sequence[Share], recorded: Mapping[AgencyId, WeekRecord], most: int = MAX_GROUPS
) -> list[AgencyGroup]:
    """Group agencies so that no group reveals what one or two people carry; the highest ratio comes first.

    Agencies that were counted together in the week `recorded` last still are. If only one group is left, nothing is
    shown by agency, because it would repeat the total. Beyond `most` groups, those with the lowest ratios are combined.
    """
    by_id = {share.id: share for share in shares}
    joined = join(partition(_heads_now(shares)), partition(_heads(recorded)))
    parts = [living for part in joined if (living := part & by_id.keys())]
    if len(parts) < 2 or lost_few(shares, recorded):
        return []
    groups = [AgencyGroup(sorted((by_id[id_] for id_ in part), key=lambda share: share.name)) for part in parts]
    groups.sort(key=lambda group: (-group.ratio, group.name))
    if len(groups) <= most:
        return groups
    rest = [share for group in groups[most - 1 :] for share in group.agencies]
    return [*groups[: most - 1], AgencyGroup(rest, rest=True)]


def lost_few(shares: Sequence[Share], recorded: Mapping[AgencyId, WeekRecord]) -> bool:
    """Return whether agencies are missing that had one or two people, counted with others, in the week recorded last.

    What they carried is the difference between any sum that was shown then and the sum of those who are left.
    """
    then, now = _heads(recorded), _heads_now(shares)
    return not _is_comparable(join(partition(now), partition(then)), then, then.keys() & now.keys())


def _is_comparable(
    parts: Sequence[Collection[AgencyId]], heads: Mapping[AgencyId, int], others: Collection[AgencyId]
) -> bool:
    """Return whether no part of agencies with these `heads` differs from its part of `others` by one or two people."""
    return not any(
        0 < sum(people for agency, people in heads.items() if agency in part and agency not in others) <= FEW
        for part in parts
    )


def _heads(records: Mapping[AgencyId, WeekRecord]) -> dict[AgencyId, int]:
    """Return the people of each agency in a week; none where they are unknown, in weeks recorded by version 0.1.0."""
    known = {agency: record.heads for agency, record in records.items() if record.heads is not None}
    return known if len(known) == len(records) else {}


def _heads_now(shares: Sequence[Share]) -> dict[AgencyId, int]:
    return {share.id: share.people for share in shares}


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
    far as at least two lines are left. It ends at a week that could not have been shown by agency, and where agencies
    of one or two people come to a line or leave it, because these would be the difference between two of its weeks.
    """
    names = {share.id: share.name for share in shares}
    later = [_heads_now(shares)]
    parts = partition(later[0])
    shown: list[date] = []
    for week in sorted(weeks, reverse=True):
        heads = _heads(weeks[week])
        then = partition(heads)
        joined = join(parts, then)
        if len(then) < 2 or sum(1 for part in joined if part & names.keys()) < 2:
            break
        if not all(_is_comparable(joined, heads, other) and _is_comparable(joined, other, heads) for other in later):
            break
        parts, shown = joined, [week, *shown]
        later.append(heads)
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
    return f"{len(part)} agencies together"


def _carried(records: Mapping[AgencyId, WeekRecord], part: Collection[AgencyId]) -> float:
    return math.fsum(record.hours for agency, record in records.items() if agency in part)
