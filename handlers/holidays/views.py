"""How closed days look: the list, the form, and what is said about a calendar that was read."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from slack_sdk.models.blocks import Block, DatePickerElement
from slack_sdk.models.blocks.block_elements import FileInputElement

from handlers.holidays.rules import ranges
from handlers.kit import block_kit, web_addresses
from handlers.kit.block_kit import context, plain, section
from handlers.kit.lists import Page
from handlers.kit.text import bold, counted, cut, day, escape, lines, moment
from storage.agencies import Agency
from storage.closures import Calendar, Closure
from storage.vocabulary import LABEL, AgencyId, ClosureSource, Days

NAMED = 8
"""So many stretches are named in a message; the others are counted."""


def span(first: date, last: date) -> str:
    """Say a stretch of days: "Mon 15 Feb 2027", "Mon 21 Dec 2026 to Mon 4 Jan 2027"."""
    return day(first) if first == last else f"{day(first)} to {day(last)}"


def said(stretches: Sequence[Days]) -> str:
    """Say some stretches of days, with what they are called."""
    named = [
        f"{escape(cut(stretch.label, 60))}, {span(stretch.first, stretch.last)}"
        if stretch.label
        else span(stretch.first, stretch.last)
        for stretch in stretches[:NAMED]
    ]
    return "; ".join([*named, *([f"and {len(stretches) - NAMED} more"] if len(stretches) > NAMED else [])])


# the list ----------------------------------------------------------------------------------------------


def listing(agency: Agency, page: Page[Closure], calendar: Calendar | None, *, may: bool) -> list[Block]:
    """List an agency's closed days, and let those who may change them."""
    name = bold(agency.name)
    if not page.total:
        text = f"No closed days are known of {name}."
        text += f" Type some, for example: {ranges.EXAMPLE}" if may else " Its people or a facilitator can add some."
    else:
        text = lines([f"{name} is closed on", *(_line(closure) for closure in page.items)])
    blocks: list[Block] = [section(text)]
    if calendar is not None:
        blocks.append(context(_calendar(calendar, page)))
    return [*blocks, *_buttons(agency, page, calendar, may=may)]


def _line(closure: Closure) -> str:
    mark = " (from the calendar)" if closure.source is ClosureSource.CALENDAR else ""
    label = f" · {escape(cut(closure.label, 80))}" if closure.label else ""
    return f"• {span(closure.first_day, closure.last_day)}{label}{mark}"


def _calendar(calendar: Calendar, page: Page[Closure]) -> str:
    host = escape(calendar.name)
    if calendar.problem:
        return f"The calendar at {host} could not be read last time: {escape(calendar.problem)} I try again each week."
    if calendar.good_at is None:
        return f"The calendar at {host} is being read."
    there = " What comes from there is changed there." if page.total else ""
    return f"The calendar at {host} is read each week, last on {moment(calendar.good_at)}.{there}"


def _buttons(agency: Agency, page: Page[Closure], calendar: Calendar | None, *, may: bool) -> list[Block]:
    turn = [
        block_kit.button("Earlier", "closure.list.earlier", f"{agency.id}|{page.number - 1}") if page.number else None,
        block_kit.button("Later", "closure.list.later", f"{agency.id}|{page.number + 1}")
        if page.number < page.last
        else None,
    ]
    own = [closure for closure in page.items if closure.source is not ClosureSource.CALENDAR]
    options = [
        block_kit.choice(cut(f"{span(c.first_day, c.last_day)} {c.label}".strip(), 75), f"{agency.id}|{c.id}")
        for c in own
    ]
    row = [
        block_kit.button("Add days or a calendar", "closure.form", str(agency.id)) if may else None,
        *turn,
        block_kit.menu("closure.take", options, placeholder="Take one away") if may and options else None,
        block_kit.button("Stop reading the calendar", "closure.stop", str(agency.id)) if may and calendar else None,
    ]
    return [block_kit.row(*row)] if any(row) else []


def taken(agency: Agency, closure: Closure) -> str:
    """Say that a stretch was taken away, and how to bring it back."""
    days = str(closure.first_day)
    days += f"..{closure.last_day}" if closure.last_day != closure.first_day else ""
    return (
        f"{span(closure.first_day, closure.last_day)} is taken away. To bring it back: "
        f'`/consortium agency holidays "{escape(agency.name)}" {days}`'
    )


# the form ----------------------------------------------------------------------------------------------


def form(carry: dict[str, Any], agency: Agency, calendar: Calendar | None) -> dict[str, Any]:
    """Draw the form that takes closed days, a calendar's address or its file."""
    now = f"Now it is {cut(calendar.name, 80)}; another takes its place." if calendar else "It is read anew each week."
    return block_kit.form(
        "Closed days",
        "closure.form",
        [
            section(
                f"When is {bold(agency.name)} closed? Give days, a calendar's address or its file; one of them is "
                "enough. Of a calendar I take the events that last all day."
            ),
            block_kit.field("first", "First day", _date(), optional=True),
            block_kit.field("last", "Last day", _date(), optional=True, hint="Empty for a single day."),
            block_kit.field(
                "label", "What for", block_kit.words(most=LABEL, placeholder="Winter break"), optional=True
            ),
            block_kit.field(
                "address",
                "Calendar's address",
                block_kit.words(placeholder=web_addresses.EXAMPLE),
                optional=True,
                hint=now,
            ),
            block_kit.field(
                "file",
                "Calendar file",
                FileInputElement(action_id="value", filetypes=["ics"], max_files=1),
                optional=True,
                hint="Its name ends in .ics; up to 2 MB.",
            ),
        ],
        carry={**carry, "agency": agency.id},
    )


def _date() -> DatePickerElement:
    return DatePickerElement(action_id="value", placeholder=plain("Choose a day"))


# what was read -----------------------------------------------------------------------------------------


def read(agency: str, found: Sequence[Days], today: date, until: date, agency_id: AgencyId) -> dict[str, Any]:
    """Tell what was found in a calendar."""
    if not found:
        text = (
            f"I read the calendar for {escape(agency)} and found no closed days until {until:%B %Y}. Only events that "
            "last all day count as closed."
        )
        return block_kit.message(text, [section(text), _show(agency_id)])
    days = {d for s in found for n in range((s.last - s.first).days + 1) if (d := s.first + timedelta(days=n)) >= today}
    head = f"I found {counted(len(days), 'closed day')} for {escape(agency)} until {max(days):%B %Y}"
    return block_kit.message(f"{head}.", [section(f"{head}: {said(found)}."), _show(agency_id)])


def again(agency: str, found: Sequence[Days], agency_id: AgencyId) -> dict[str, Any]:
    """Tell that a calendar can be read again."""
    text = f"I can read the calendar for {escape(agency)} again: {counted(len(found), 'time')} at which it is closed."
    return block_kit.message(text, [section(text), _show(agency_id)])


def unread(agency: str, name: str, problem: str, *, kept: bool, agency_id: AgencyId) -> dict[str, Any]:
    """Tell kindly why a calendar was not read, and what happens now."""
    head = f"I could not read the calendar for {escape(agency)} ({escape(cut(name, 80))})."
    if kept:
        rest = "The days known from it stay, and I try again each week without telling you each time."
    else:
        rest = "Nothing was kept of it."
    text = f"{head} {escape(problem)} {rest}"
    button = block_kit.button("Add days or a calendar", "closure.form", str(agency_id))
    return block_kit.message(head, [section(text), block_kit.row(button)])


def _show(agency_id: AgencyId) -> Block:
    return block_kit.row(block_kit.button("Show all", "closure.list", str(agency_id)))
