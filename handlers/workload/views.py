"""Shares and loads in Block Kit: agencies' shares for everybody, people's loads for facilitators only."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block, OverflowMenuElement

from handlers.kit import block_kit, lists
from handlers.kit.block_kit import context, section
from handlers.kit.hours import format_hours
from handlers.kit.lists import Page
from handlers.kit.text import escape, format_short_day, join_lines, join_names, pluralize, text_bar, truncate
from handlers.load import rules as load_rules
from handlers.load.rules import Share
from handlers.load.snapshot import LoadSnapshot, MemberLoad
from handlers.warnings import texts
from handlers.warnings import views as warning_views
from handlers.warnings.texts import WarningFacts
from handlers.workload import rules
from handlers.workload.rules import AgencyGroup
from handlers.workload.snapshot import SharesSnapshot
from storage.vocabulary import WarningKind
from storage.warnings import WorkWarning

MENU = {
    "roles": "Who holds which role",
    "given": "What agencies gave",
    "gains": "What agencies gained",
    "funding": "Sources of funding",
    "dues": "Dues",
}

UNPLACED = "Not in any agency"

MAX_LABEL = 20
MAX_BARS = 10
MAX_ROWS = 25

MAX_WARNINGS = 6
MAX_AGENCIES = 12


def more_menu() -> OverflowMenuElement | None:
    """Return the menu with the lists that other features add to `/workload`."""
    return block_kit.overflow_menu("load.more", [block_kit.option(label, value) for value, label in MENU.items()])


def _bar_line(share: Share | AgencyGroup, most: float, width: int) -> str:
    """Return an agency's load as a bar, with its fair share."""
    blocks = text_bar(share.load, most).ljust(10, "░")
    ratio = f" · {texts.ratio_text(share.ratio)}" if share.fair and share.load else ""
    name = escape(truncate(share.name, width))
    return f"`{blocks}` {name} *{format_hours(share.load)} h*, fair {format_hours(round(share.fair, 1))} h{ratio}"


def _uncounted(load: LoadSnapshot) -> list[str]:
    """Describe the open work that nobody carries, or whose effort is not known."""
    about = f" (about {format_hours(load.unowned_hours)} h)" if load.unowned_hours else ""
    unowned = f"{pluralize(load.unowned, 'task')} without an owner{about}" if load.unowned else ""
    return [part for part in (unowned, texts.unsized_text(load, pluralize(load.unsized, "task"))) if part]


# agencies' shares, for everybody -----------------------------------------------------------------------


def share_bars(
    shares: SharesSnapshot, width: int = 60, *, most: int = MAX_BARS, facilitates: bool = False
) -> list[Block]:
    """Return the agencies' shares in a few lines with bars; what others may not see only if the reader facilitates."""
    load, unplaced = shares.load, _unplaced_shown(shares)
    head = " · ".join(filter(None, ["*Agencies' shares*", _total(shares)]))
    longest = max(1e-9, *(max(group.load, group.fair) for group in shares.groups), unplaced)
    rows = [_bar_line(group, longest, min(width, 60)) for group in shares.groups[:most]]
    more = len(shares.groups) - most
    rows.append(f"And {pluralize(more, 'more')}, in the table." if more > 0 else "")
    if unplaced:
        bar = text_bar(load.unplaced_hours, longest).ljust(10, "░")
        rows.append(f"`{bar}` {UNPLACED} *{format_hours(load.unplaced_hours)} h*")
    why_not = "" if shares.groups else _why_not_shown(shares)
    return [section(join_lines([head, why_not, *rows])), *_notes(shares, facilitates=facilitates)]


def _total(shares: SharesSnapshot) -> str:
    """Return how many hours there are in all; empty if that would reveal what one or two people carry."""
    if shares.withheld or sum(share.people for share in shares.load.agencies) <= rules.FEW:
        return ""
    return f"{format_hours(shares.load.total + _unplaced_shown(shares))} h in the next 30 days, tasks and roles"


def _unplaced_shown(shares: SharesSnapshot) -> float:
    """Return the hours of people who are in no agency; 0 if they are too few to be shown, or might have been."""
    load = shares.load
    return load.unplaced_hours if len(load.unplaced) > rules.FEW and not shares.withheld else 0.0


def _why_not_shown(shares: SharesSnapshot) -> str:
    if not shares.load.agencies:
        return "There is no agency with people yet."
    if shares.withheld:
        return (
            "Not shown until next week: an agency with one or two people has just ended or lost them, and what they "
            "carry could be worked out."
        )
    return (
        "Not shown by agency: that takes at least two groups of three people or more, so that nobody's load can be "
        "worked out."
    )


def _notes(shares: SharesSnapshot, *, facilitates: bool) -> list[Block]:
    load = shares.load
    people = pluralize(len(load.unplaced), "person", "people")
    hidden = bool(load.unplaced_hours) and not _unplaced_shown(shares)
    others = [f"{people} not in any agency"] if hidden and not facilitates else []
    uncounted = join_names([*others, *_uncounted(load)])
    own = f"{UNPLACED}: {format_hours(load.unplaced_hours)} h ({people}). Only facilitators see this."
    pooled = any(len(group.agencies) > 1 and not group.rest for group in shares.groups)
    notes = (
        f"Not included: {uncounted}." if uncounted else "",
        own if hidden and facilitates else "",
        "Some agencies are counted together, so that nobody can work out what one or two people carry."
        if pooled
        else "",
    )
    return [context(text) for text in notes if text]


def share_charts(shares: SharesSnapshot, width: int = 60) -> list[Block]:
    """Return the shares as a chart and a table, and their trend as a chart."""
    if not shares.groups or not shares.load.total:
        return []
    names = [group.name for group in shares.groups]
    carried = [_round(group.load) for group in shares.groups]
    fair = [_round(group.fair) for group in shares.groups]
    series = {"Carries": carried, "Fair share": fair}
    chart = block_kit.bar_chart("Hours in the next 30 days", rules.unique_labels(names, MAX_LABEL), series)
    weeks = [_week_name(week) for week in shares.trend.weeks]
    lines = _trend_lines(shares)
    trend = [block_kit.line_chart("Hours carried, week by week", weeks, lines)] if weeks else []
    return [chart, _table(shares, width), *trend]


def shares_in_words(shares: SharesSnapshot, width: int = 60) -> list[Block]:
    """Return the shares as bars of text, and the trend as a table, for where Slack refuses charts."""
    return [*share_bars(shares, width, most=rules.MAX_GROUPS), *_trend_table(shares)]


def charts_in_words(shares: SharesSnapshot) -> list[Block]:
    """Return what the charts add to the bars that were shown already, for where Slack refuses charts."""
    bars = share_bars(shares, most=rules.MAX_GROUPS) if len(shares.groups) > MAX_BARS else []
    return [*bars, *_trend_table(shares)]


def _trend_table(shares: SharesSnapshot) -> list[Block]:
    """Return the trend as a table, the only one of its message: Slack accepts no second one."""
    if not shares.trend.weeks:
        return []
    rows = [[label, *(format_hours(hours) for hours in values)] for label, values in _trend_lines(shares).items()]
    return [block_kit.table(["Hours, week of", *(_week_name(week) for week in shares.trend.weeks)], rows)]


def _table(shares: SharesSnapshot, width: int) -> Block:
    rows = [
        [
            truncate(group.name, min(width, 60)),
            f"{format_hours(group.load)} h",
            f"{format_hours(round(group.fair, 1))} h",
            f"{group.ratio:.1f}" if group.fair else "–",
        ]
        for group in shares.groups[:MAX_ROWS]
    ]
    if _unplaced_shown(shares):
        rows.append([UNPLACED, f"{format_hours(shares.load.unplaced_hours)} h", "–", "–"])
    return block_kit.table(["Agency", "Carries", "Fair share", "Times its share"], rows)


def _trend_lines(shares: SharesSnapshot) -> dict[str, list[float]]:
    labels = rules.unique_labels([name for name, _ in shares.trend.lines], MAX_LABEL)
    return {
        label: [_round(hours) for hours in values]
        for label, (_, values) in zip(labels, shares.trend.lines, strict=True)
    }


def _week_name(week: date) -> str:
    return format_short_day(week)


def _round(hours: float) -> float:
    return round(hours, 1)


def shares_message(shares: SharesSnapshot, *, charts: bool = True) -> dict[str, Any]:
    """Return the message that shows a channel how the work is divided among the agencies."""
    blocks = lists.fit_to_message(
        lambda width: (
            [*share_bars(shares, width), *share_charts(shares, width)] if charts else shares_in_words(shares, width)
        )
    )
    total = _total(shares)
    return block_kit.message(f"How the work is divided among the agencies{f': {total}' if total else ''}.", blocks)


# people's loads, for facilitators ----------------------------------------------------------------------


def people_page(facts: WarningFacts, page: Page[MemberLoad], active: Sequence[WorkWarning]) -> list[Block]:
    """Return a page of people with their loads; the first page also shows agencies and active warnings."""
    what_if = block_kit.button("What if an agency leaves …", "load.what_if")
    return lists.fit_to_message(
        lambda width: [
            *(_overview(facts.load, width) if not page.number else []),
            section(
                join_lines(_person_line(facts, person, _overload(active, person), width) for person in page.items)
                or "Nobody is here yet."
            ),
            *(_warnings(facts, active, width) if not page.number else []),
            context("Only you see this. People's hours a month, and how much room they have, stay private."),
            *lists.page_buttons(page, "load.people", what_if),
        ]
    )


def _overview(load: LoadSnapshot, width: int) -> list[Block]:
    head = (
        f"*Who carries what* · {format_hours(load.total + load.unplaced_hours)} h in the next 30 days, "
        f"{pluralize(len(load.people), 'person', 'people')}, {pluralize(len(load.agencies), 'agency', 'agencies')}"
    )
    uncounted = join_names(_uncounted(load))
    shares = sorted(load.agencies, key=lambda share: (-share.ratio, share.name))
    most = max((share.load for share in shares), default=0.0)
    rows = [_bar_line(share, most, width) for share in shares[:MAX_AGENCIES]]
    more = len(shares) - MAX_AGENCIES
    rows.append(f"And {pluralize(more, 'agency', 'agencies')} more." if more > 0 else "")
    if load.unplaced_hours:
        people = pluralize(len(load.unplaced), "person", "people")
        rows.append(f"{UNPLACED}: {format_hours(load.unplaced_hours)} h ({people})")
    return [
        section(join_lines([head, *_evenness(load), f"Not included: {uncounted}." if uncounted else ""])),
        section(join_lines(rows) or "No agencies."),
    ]


def _evenness(load: LoadSnapshot) -> list[str]:
    """Return how evenly the work is divided, in numbers and what they mean."""
    by_person = [person.owned for person in load.people]
    by_agency = [share.owned for share in load.agencies]
    if not load_rules.absence_factor(by_person):
        return ["No open task has both an owner and an effort yet."]
    loads, weights = [share.load for share in load.agencies], [share.weight for share in load.agencies]
    people_gini = load_rules.gini([person.load.hours for person in load.people])
    unplaced = sum(person.owned for person in load.unplaced)
    few_agencies = load_rules.absence_factor(by_agency, unplaced)
    by_few_people = pluralize(load_rules.absence_factor(by_person), "person", "people")
    by_few_agencies = f", and by {pluralize(few_agencies, 'agency', 'agencies')}" if few_agencies else ""
    return [
        f"Half of the open work is held by {by_few_people}{by_few_agencies}.",
        (
            "How unevenly the load is divided, from 0 (as agreed) to 1 (one carries everything): agencies "
            f"{load_rules.gini(loads, weights):.2f}, people {people_gini:.2f}. "
            f"How much of it few agencies carry, from 0 to 1: {load_rules.concentration(loads):.2f}."
        ),
    ]


def _overload(active: Sequence[WorkWarning], person: MemberLoad) -> str:
    """Say that a person has too much work, once there is a warning; the load of the moment does not matter.

    Whoever changed a person's work and watched this line would otherwise learn the person's hours a month.
    """
    subject = f"member/{person.id}"
    warning = next((w for w in active if w.kind is WarningKind.PERSON and w.subject == subject), None)
    if warning is None:
        return ""
    return f" · more than their hours a month{', which is agreed' if warning.agreed_by is not None else ''}"


def _person_line(facts: WarningFacts, person: MemberLoad, over: str, width: int) -> str:
    most = max(member.load.hours for member in facts.load.people)
    agency = facts.agencies.get(person.agency_id, "") if person.agency_id is not None else ""
    place = f" ({escape(truncate(agency, width))})" if agency else ""
    blocks = text_bar(person.load.hours, most).ljust(10, "░")
    return f"`{blocks}` {escape(truncate(person.name, width))}{place} *{format_hours(person.load.hours)} h*{over}"


def _warnings(facts: WarningFacts, active: Sequence[WorkWarning], width: int) -> list[Block]:
    """Return the active warnings, except those about people, whom the list shows."""
    written = [
        (warning, text.split("\n")[0])
        for warning in active
        if warning.kind is not WarningKind.PERSON and (text := texts.warning_text(facts, warning))
    ]
    shown = [(warning, truncate(text, max(width * 4, 200))) for warning, text in written[:MAX_WARNINGS]]
    more = len(written) - len(shown)
    return [
        *(warning_views.warning_block(warning, f"{text}{_agreed(warning)}") for warning, text in shown),
        *([context(f"And {pluralize(more, 'warning')} more.")] if more > 0 else []),
    ]


def _agreed(warning: WorkWarning) -> str:
    return " This is agreed." if warning.agreed_by is not None else ""
