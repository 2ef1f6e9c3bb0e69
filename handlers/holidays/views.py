"""How closed days look: the list, and messages about days and calendars."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from slack_sdk.models.blocks import Block

from handlers.holidays.rules import ranges
from handlers.holidays.rules.ics import CalendarReading
from handlers.holidays.rules.left_out import LeftOut
from handlers.kit import block_kit
from handlers.kit.block_kit import context, section
from handlers.kit.lists import Page
from handlers.kit.text import bold, escape, format_day, join_lines, join_names, pluralize, slack_date, truncate
from storage.agencies import Agency
from storage.closures import Closure, ClosureCalendar
from storage.vocabulary import AgencyId, ClosedDays, ClosureSource

MOST_NAMED = 8
"""The number of ranges that a message names; the rest are counted."""

MOST_LEFT_OUT = 5
"""The number of events that a message names of those that were left out; the rest are counted."""


def range_text(first: date, last: date) -> str:
    """Return a range of days as text: "Mon, Feb 15, 2027", "Mon, Dec 21, 2026 to Mon, Jan 4, 2027"."""
    return format_day(first) if first == last else f"{format_day(first)} to {format_day(last)}"


def ranges_text(stretches: Sequence[ClosedDays]) -> str:
    """Return several ranges of days as text, with their labels."""
    named = [
        f"{escape(truncate(days.label, 60))}, {range_text(days.first, days.last)}"
        if days.label
        else range_text(days.first, days.last)
        for days in stretches[:MOST_NAMED]
    ]
    rest = len(stretches) - MOST_NAMED
    return "; ".join([*named, *([f"and {rest} more"] if rest > 0 else [])])


# the list ----------------------------------------------------------------------------------------------


def closed_days_list(
    agency: Agency, page: Page[Closure], calendar: ClosureCalendar | None, *, may_change: bool
) -> list[Block]:
    """Render one page of an agency's closed days, with buttons for people who may change them."""
    name = bold(agency.name)
    if not page.total:
        text = f"No closed days are listed for {name}."
        text += (
            f" Add some, for example: {ranges.EXAMPLE}" if may_change else " Its people or a facilitator can add some."
        )
    else:
        text = join_lines([f"{name} is closed on", *(_line(closure) for closure in page.items)])
    blocks: list[Block] = [section(text)]
    if calendar is not None:
        blocks.append(context(_calendar(calendar, page)))
    return [*blocks, *_buttons(agency, page, calendar, may_change=may_change)]


def _line(closure: Closure) -> str:
    mark = " (from the calendar)" if closure.source is ClosureSource.CALENDAR else ""
    label = f" · {escape(truncate(closure.label, 80))}" if closure.label else ""
    return f"• {range_text(closure.first_day, closure.last_day)}{label}{mark}"


def _calendar(calendar: ClosureCalendar, page: Page[Closure]) -> str:
    host = escape(calendar.name)
    if calendar.problem:
        return f"I could not read the calendar at {host} last time. {escape(calendar.problem)} I try again every week."
    if calendar.good_at is None:
        return f"I am reading the calendar at {host} now."
    how_to_change = " To change its days, change the calendar." if page.total else ""
    left_out = f" {escape(calendar.left_out)}" if calendar.left_out else ""
    return (
        f"I read the calendar at {host} every week, most recently on {slack_date(calendar.good_at)}.{how_to_change}"
        f"{left_out}"
    )


def _buttons(agency: Agency, page: Page[Closure], calendar: ClosureCalendar | None, *, may_change: bool) -> list[Block]:
    removable = [closure for closure in page.items if closure.source is not ClosureSource.CALENDAR]
    options = [
        block_kit.option(
            truncate(f"{range_text(c.first_day, c.last_day)} {c.label}".strip(), 75), f"{agency.id}|{c.id}"
        )
        for c in removable
    ]
    elements = [
        block_kit.button("Add days or a calendar", "closure.form", str(agency.id)) if may_change else None,
        block_kit.button("Earlier", "closure.list.earlier", f"{agency.id}|{page.number - 1}") if page.number else None,
        block_kit.button("Later", "closure.list.later", f"{agency.id}|{page.number + 1}")
        if page.number < page.last
        else None,
        block_kit.static_select("closure.take", options, placeholder="Remove days") if may_change and options else None,
        block_kit.button("Stop reading the calendar", "closure.stop", str(agency.id))
        if may_change and calendar
        else None,
    ]
    return [block_kit.actions(*elements)] if any(elements) else []


# days that were added or removed -----------------------------------------------------------------------


def days_added(agency: str, added: Sequence[ClosedDays]) -> str:
    """Return the sentence about closed days that were added."""
    return f"Closed days added for {escape(agency)}: {ranges_text(added)}."


def days_removed(agency: Agency, closure: Closure) -> str:
    """Return the sentences about closed days that were removed, with the command that restores them."""
    days = str(closure.first_day)
    days += f"..{closure.last_day}" if closure.last_day != closure.first_day else ""
    return (
        f"Removed: {range_text(closure.first_day, closure.last_day)}. To add it again: "
        f'`/consortium agency holidays "{escape(agency.name)}" {days}`'
    )


# calendars that were read ------------------------------------------------------------------------------


def left_out_text(left_out: Sequence[LeftOut]) -> str:
    """Return the sentences about events that were left out, without Slack's escapes; empty without any."""
    if not left_out:
        return ""
    named = [f"{_title(event.title)} ({event.why})" for event in left_out[:MOST_LEFT_OUT]]
    rest = len(left_out) - len(named)
    names = join_names([*named, *([f"{rest} more"] if rest else [])])
    them = "its days" if len(left_out) == 1 else "their days"
    return f"I left out {pluralize(len(left_out), 'event')}: {names}. You can correct the calendar, or type {them}."


def _title(title: str) -> str:
    return f"“{truncate(title, 60)}”" if title else "one without a title"


def calendar_read(
    agency: str, reading: CalendarReading, today: date, until: date, agency_id: AgencyId
) -> dict[str, Any]:
    """Render the message about the closed days found in a calendar, from `today` to `until`."""
    left_out = escape(left_out_text(reading.left_out))
    if not reading.days:
        text = (
            f"I read the calendar for {escape(agency)} and found no closed days until {until:%B %Y}. Only events that "
            "last all day count as closed."
        )
        return block_kit.message(text, [section(join_lines([text, left_out])), _show_all(agency_id)])
    days = {
        d
        for s in reading.days
        for n in range((s.last - s.first).days + 1)
        if (d := s.first + timedelta(days=n)) >= today
    }
    head = f"I found {pluralize(len(days), 'closed day')} for {escape(agency)} until {max(days):%B %Y}"
    text = join_lines([f"{head}: {ranges_text(reading.days)}.", left_out])
    return block_kit.message(f"{head}.", [section(text), _show_all(agency_id)])


def calendar_works_again(agency: str, reading: CalendarReading, agency_id: AgencyId) -> dict[str, Any]:
    """Render the message that a calendar can be read again."""
    text = f"I can read the calendar for {escape(agency)} again. It has {pluralize(len(reading.days), 'closure')}."
    lines = join_lines([text, escape(left_out_text(reading.left_out))])
    return block_kit.message(text, [section(lines), _show_all(agency_id)])


def events_left_out(agency: str, reading: CalendarReading, agency_id: AgencyId) -> dict[str, Any]:
    """Render the message that a calendar, which is read every week, has events now that are left out."""
    text = f"I read the calendar for {escape(agency)} again. {escape(left_out_text(reading.left_out))}"
    return block_kit.message(text, [section(text), _show_all(agency_id)])


def calendar_unreadable(agency: str, name: str, problem: str, *, kept: bool, agency_id: AgencyId) -> dict[str, Any]:
    """Render the message about why a calendar could not be read; `kept` means that it had been read before."""
    head = f"I could not read the calendar for {escape(agency)} ({escape(truncate(name, 80))})."
    if kept:
        rest = "The days from it stay. I try again every week and will tell you when it works again."
    else:
        rest = "I kept nothing from it."
    text = f"{head} {escape(problem)} {rest}"
    button = block_kit.button("Add days or a calendar", "closure.form", str(agency_id))
    return block_kit.message(head, [section(text), block_kit.actions(button)])


def _show_all(agency_id: AgencyId) -> Block:
    return block_kit.actions(block_kit.button("Show all", "closure.list", str(agency_id)))
