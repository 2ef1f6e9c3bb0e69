"""Who carries what by name, for facilitators alone."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from handlers.kit import block_kit, lists
from handlers.kit.block_kit import context, section
from handlers.kit.hours import number
from handlers.kit.lists import Page
from handlers.kit.text import bar, counted, cut, escape, lines
from handlers.load import rules
from handlers.load.snapshot import LoadSnapshot, MemberLoad
from handlers.warnings import facilitator_views, texts
from handlers.warnings.texts import WarningFacts
from storage.vocabulary import WarningKind
from storage.warnings import WorkWarning

WARNINGS = 6
AGENCIES = 12


def people_page(report: WarningFacts, page: Page[MemberLoad], lasting: Sequence[WorkWarning]) -> list[Block]:
    """Draw a page of people by what they carry; the first page says how the whole stands."""
    what_if = block_kit.button("What if an agency leaves …", "load.what_if")
    return lists.fitting(
        lambda width: [
            *(_whole(report, width) if not page.number else []),
            section(lines(_person(report, one, width) for one in page.items) or "Nobody is here yet."),
            *(_warnings(report, lasting, width) if not page.number else []),
            context("Only you see this. What people have a month, and how much room, is theirs."),
            *lists.turning(page, "load.people", what_if),
        ]
    )


def _whole(report: WarningFacts, width: int) -> list[Block]:
    seen = report.seen
    head = (
        f"*Who carries what* · {number(seen.total)} h for the next 30 days, "
        f"{counted(len(seen.people), 'person', 'people')}, {counted(len(seen.agencies), 'agency', 'agencies')}"
    )
    free = f"{counted(seen.unowned, 'task is', 'tasks are')} nobody's (about {number(seen.unowned_hours)} h)"
    unsized = f"{counted(seen.unsized, 'task has', 'tasks have')} no effort noted"
    beside = " · ".join(text for text, some in ((free, seen.unowned), (unsized, seen.unsized)) if some)
    rows = [_agency(report, place, width) for place in range(min(AGENCIES, len(seen.agencies)))]
    more = len(seen.agencies) - AGENCIES
    rows.append(f"And {counted(more, 'agency', 'agencies')} more." if more > 0 else "")
    return [
        section(lines([head, *_even(seen), f"{beside}." if beside else ""])),
        section(lines(rows) or "No agencies."),
    ]


def _even(seen: LoadSnapshot) -> list[str]:
    """Say how evenly the work is divided, in numbers and what they mean."""
    held = [one.owned for one in seen.people]
    places = [one.owned for one in seen.agencies]
    if not rules.absence_factor(held):
        return ["No open work has both an owner and an effort yet."]
    loads, weights = [one.load for one in seen.agencies], [one.weight for one in seen.agencies]
    return [
        (
            f"Half of the open work is held by {counted(rules.absence_factor(held), 'person', 'people')}, and by "
            f"{counted(rules.absence_factor(places), 'agency', 'agencies')}."
        ),
        (
            f"How unevenly it is divided, from 0 (as agreed) to 1 (one carries all): agencies "
            f"{rules.gini(loads, weights):.2f}, people {rules.gini([one.load.hours for one in seen.people]):.2f}. "
            f"How much of it is in few hands, from 0 to 1: {rules.concentration(loads):.2f}."
        ),
    ]


def _agency(report: WarningFacts, place: int, width: int) -> str:
    share = sorted(report.seen.agencies, key=lambda one: (-one.ratio, one.name))[place]
    most = max(one.load for one in report.seen.agencies)
    beside = f" · {texts.ratio_text(share.ratio)}" if share.fair and share.load else ""
    return (
        f"`{bar(share.load, most).ljust(10, '░')}` {escape(cut(share.name, width))} *{number(share.load)} h*, "
        f"fair {number(round(share.fair, 1))} h{beside}"
    )


def _person(report: WarningFacts, one: MemberLoad, width: int) -> str:
    most = max(person.load.hours for person in report.seen.people)
    agency = report.names.get(one.agency_id, "") if one.agency_id is not None else ""
    place = f" ({escape(cut(agency, width))})" if agency else ""
    over = " · more than they have time for" if one.load.is_over else ""
    drawn = bar(one.load.hours, most).ljust(10, "░")
    return f"`{drawn}` {escape(cut(one.name, width))}{place} *{number(one.load.hours)} h*{over}"


def _warnings(report: WarningFacts, lasting: Sequence[WorkWarning], width: int) -> list[Block]:
    """List what lasts beside people's own loads, which the list shows."""
    said = [
        (one, text.split("\n")[0])
        for one in lasting
        if one.kind is not WarningKind.PERSON and (text := texts.warning_text(report, one))
    ]
    shown = [(one, cut(text, max(width * 4, 200))) for one, text in said[:WARNINGS]]
    more = len(said) - len(shown)
    return [
        *(facilitator_views.warning_block(one, f"{text}{_agreed(one)}") for one, text in shown),
        *([context(f"And {counted(more, 'warning')} more.")] if more > 0 else []),
    ]


def _agreed(caution: WorkWarning) -> str:
    return " It was called agreed." if caution.agreed_by is not None else ""
