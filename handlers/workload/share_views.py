"""Agencies' shares against their fair shares, as chart, table and bars; nobody is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block

from handlers.kit import block_kit, lists
from handlers.kit.block_kit import context, section
from handlers.kit.hours import number
from handlers.kit.text import bar, counted, cut, escape, lines
from handlers.load.snapshot import LoadSnapshot
from handlers.workload import rules
from handlers.workload.rules import AgencyGroup
from storage.vocabulary import AgencyId

LABEL = 20
LINES = 6
BARS = 10
TABLE = 25


@dataclass(frozen=True)
class SharesSnapshot:
    """What everybody may see: the picture, its groups, and (week, agency, hours) of the last twelve weeks."""

    seen: LoadSnapshot
    groups: Sequence[AgencyGroup]
    weeks: Sequence[tuple[date, AgencyId, float]]


def shares_of(seen: LoadSnapshot, weeks: Sequence[tuple[date, AgencyId, float]]) -> SharesSnapshot:
    """Group what is seen as everybody may see it."""
    return SharesSnapshot(seen, rules.pool_agencies(seen.agencies), weeks)


def share_bars(shares: SharesSnapshot, width: int = 60) -> list[Block]:
    """Show the shares in a few lines with bars."""
    head = f"*Agencies' shares* · {_whole(shares.seen)}"
    if not shares.groups:
        return [section(lines([head, _nothing(shares.seen)])), *_beside(shares.seen, pooled=False)]
    most = max(1e-9, *(max(one.load, one.fair) for one in shares.groups))
    rows = [_line(group, most, width) for group in shares.groups[:BARS]]
    more = len(shares.groups) - BARS
    rows.append(f"And {counted(more, 'more')}, in the table." if more > 0 else "")
    pooled = any(len(group.agencies) > 1 and not group.rest for group in shares.groups)
    return [section(lines([head, *rows])), *_beside(shares.seen, pooled=pooled)]


def _whole(seen: LoadSnapshot) -> str:
    return f"{number(seen.total)} h for the next 30 days, tasks and roles"


def _nothing(seen: LoadSnapshot) -> str:
    if not seen.agencies:
        return "There is no agency with people yet."
    return "Not shown by agency: that takes at least two groups of three people or more, so that nobody is found out."


def _line(group: AgencyGroup, most: float, width: int) -> str:
    drawn = bar(group.load, most).ljust(10, "░")
    name = escape(cut(group.name, min(width, 60)))
    return f"`{drawn}` {name} *{number(group.load)} h*, fair {number(round(group.fair, 1))} h{_times(group)}"


def _times(group: AgencyGroup) -> str:
    return f" · {group.ratio:.1f} times" if group.fair and group.load else ""


def _beside(seen: LoadSnapshot, *, pooled: bool) -> list[Block]:
    """Never hide what nobody has, and what nobody has weighed."""
    free = (
        f"{counted(seen.unowned, 'task is', 'tasks are')} nobody's{_about(seen.unowned_hours)}" if seen.unowned else ""
    )
    unsized = f"{counted(seen.unsized, 'task has', 'tasks have')} no effort noted" if seen.unsized else ""
    said = " · ".join(part for part in (free, unsized) if part)
    together = "Agencies of one or two people are counted together." if pooled else ""
    return [context(text) for text in (f"Not in it: {said}." if said else "", together) if text]


def _about(hours: float) -> str:
    return f" (about {number(hours)} h)" if hours else ""


def share_charts(shares: SharesSnapshot, width: int = 60, *, charts: bool = True) -> list[Block]:
    """Draw the shares and the last weeks: charts with a table beneath; without `charts` where Slack refuses them."""
    if not shares.groups or not shares.seen.total:
        return []
    blocks: list[Block] = []
    if charts:
        series = {
            "Carries": [_round(group.load) for group in shares.groups],
            "Fair share": [_round(group.fair) for group in shares.groups],
        }
        blocks.append(
            block_kit.bar_chart("Hours for the next 30 days", rules.unique_labels(shares.groups, LABEL), series)
        )
    blocks.append(_table(shares.groups, width))
    return [*blocks, *_trend(shares, charts=charts)]


def _table(groups: Sequence[AgencyGroup], width: int) -> Block:
    rows = [
        [
            cut(group.name, min(width, 60)),
            f"{number(group.load)} h",
            f"{number(round(group.fair, 1))} h",
            f"{group.ratio:.1f}" if group.fair else "–",
        ]
        for group in groups[:TABLE]
    ]
    return block_kit.table(["Agency", "Carries", "Fair share", "Times its share"], rows)


def _trend(shares: SharesSnapshot, *, charts: bool) -> list[Block]:
    """Draw how the load went over twelve weeks, for at most six groups."""
    groups = list(shares.groups)
    if len(groups) > LINES:
        largest = sorted(groups, key=lambda group: -group.load)[: LINES - 1]
        rest = [one for group in groups if group not in largest for one in group.agencies]
        groups = [*largest, AgencyGroup(rest, rest=True)]
    weeks = rules.weekly_loads(shares.weeks, groups)
    if len(weeks) < 2:
        return []
    names = [f"{week.day} {week:%b}" for week in weeks]
    found = {
        name: [_round(hours[place]) for hours in weeks.values()]
        for place, name in enumerate(rules.unique_labels(groups, LABEL))
    }
    if charts:
        return [block_kit.line_chart("Hours carried, week by week", names, found)]
    return [
        block_kit.table(["Week of", *names], [[name, *(number(v) for v in values)] for name, values in found.items()])
    ]


def _round(hours: float) -> float:
    return round(hours, 1)


def shares_message(shares: SharesSnapshot, *, charts: bool = True) -> dict[str, Any]:
    """Say in a channel how the work is divided among the agencies."""
    blocks = lists.fitting(lambda width: [*share_bars(shares, width), *share_charts(shares, width, charts=charts)])
    return block_kit.message(f"How the work is divided among the agencies: {_whole(shares.seen)}.", blocks)
