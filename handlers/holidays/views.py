"""How closed days look: the list, and messages about days and calendars."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import InteractiveElement

from handlers.holidays.rules import ranges
from handlers.holidays.rules.ics import CalendarReading
from handlers.holidays.rules.left_out import LeftOut
from handlers.kit import block_kit
from handlers.kit.block_kit import context, section
from handlers.kit.lists import Page
from handlers.kit.text import bold, escape, format_day, join_lines, join_names, pluralize, slack_date, truncate
from storage.agencies import Agency
from storage.closures import Closure, ClosureCalendar, TitleWithDays
from storage.vocabulary import AgencyId, ClosedDays, ClosureSource

MOST_OFFERED = 100
"""The number of options that Slack accepts in a menu."""

MOST_NAMED = 8
"""The number of ranges that a message names; the rest are counted."""

UNTITLED = "An event without a title"

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


def agency_question(agencies: Sequence[Agency]) -> list[Block]:
    """Render the question whose closed days somebody without an agency wants to see."""
    if not agencies:
        return [section('The consortium has no agencies yet. Add one: `/consortium agency add "Elm County Schools"`')]
    options = [block_kit.option(agency.name, str(agency.id)) for agency in agencies[:MOST_OFFERED]]
    question = section("Whose closed days do you want to see?")
    return [question, block_kit.actions(block_kit.static_select("closure.list", options, placeholder="An agency"))]


def closed_days_list(
    agency: Agency,
    page: Page[Closure],
    calendar: ClosureCalendar | None,
    titles: Sequence[TitleWithDays],
    *,
    may_change: bool,
) -> list[Block]:
    """Render one page of an agency's closed days, with buttons for people who may change them.

    `titles` are those that its calendars have.
    """
    name = bold(agency.name)
    if not page.total:
        example = ranges.EXAMPLE.format(escape(agency.name))
        more = f"Add some, for example: {example}" if may_change else "Its people or a facilitator can add some."
        text = f"No closed days are listed for {name}. {more}"
    else:
        text = join_lines([f"{name} is closed on", *(_line(closure) for closure in page.items)])
    blocks: list[Block] = [section(text)]
    if calendar is not None:
        blocks.append(context(_calendar(calendar, page)))
    if titles:
        blocks.append(context(_titles(titles)))
    return [*blocks, *_buttons(agency, page, calendar, may_change=may_change, has_titles=bool(titles))]


def _titles(titles: Sequence[TitleWithDays]) -> str:
    closing = sum(entry.title.closes is True for entry in titles)
    open_ = sum(entry.title.closes is None for entry in titles)
    text = f"{closing} of {pluralize(len(titles), 'title')} from calendars {'close' if closing != 1 else 'closes'} it."
    if open_:
        text += f" Nobody has decided yet about {open_}."
    return text


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


def _buttons(
    agency: Agency, page: Page[Closure], calendar: ClosureCalendar | None, *, may_change: bool, has_titles: bool
) -> list[Block]:
    removable = [closure for closure in page.items if closure.source is not ClosureSource.CALENDAR]
    options = [
        block_kit.option(
            truncate(f"{range_text(c.first_day, c.last_day)} {c.label}".strip(), 75), f"{agency.id}|{c.id}"
        )
        for c in removable
    ]
    elements = [
        block_kit.button("Add days or a calendar", "closure.form", str(agency.id)) if may_change else None,
        block_kit.button("Choose titles", "closure.titles", str(agency.id)) if may_change and has_titles else None,
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
    agency: Agency, reading: CalendarReading, closing: Sequence[ClosedDays], undecided: Sequence[TitleWithDays]
) -> dict[str, Any]:
    """Render the message about a calendar that was read for the first time.

    `closing` are those of its days that close the agency, because somebody has chosen their titles before.
    """
    name = escape(agency.name)
    if not reading.days:
        text = (
            f"I read the calendar for {name} and found no days in the next 18 months. I only take events that last all "
            "day."
        )
    elif closing:
        text = f"I read the calendar for {name}. {_closed_on(agency, closing)}"
    else:
        text = f"I read the calendar for {name}. Nothing in it closes the agency yet."
    return _about_calendar(agency, [text, _left_out_line(reading)], undecided)


def calendar_news(
    agency: Agency, reading: CalendarReading, undecided: Sequence[TitleWithDays], *, works_again: bool, left_out: bool
) -> dict[str, Any]:
    """Render the message about what a calendar, which is read every week, brings this time.

    `undecided` is empty without new titles. `works_again` means that it could not be read last time, `left_out` that it
    leaves out other events than before.
    """
    again = " again" if works_again or not undecided else ""
    text = f"I read the calendar for {escape(agency.name)}{again}."
    if works_again:
        text = f"I can read the calendar for {escape(agency.name)} again."
    elif undecided:
        text += f" It has {'a new title' if len(undecided) == 1 else 'new titles'}."
    return _about_calendar(agency, [text, _left_out_line(reading) if left_out or works_again else ""], undecided)


def _left_out_line(reading: CalendarReading) -> str:
    return escape(left_out_text(reading.left_out))


def _about_calendar(agency: Agency, lines: Sequence[str], undecided: Sequence[TitleWithDays]) -> dict[str, Any]:
    text = join_lines(lines)
    show_all = block_kit.button("Show all", "closure.list", str(agency.id))
    question = titles_question(agency, undecided, show_all) or [block_kit.actions(show_all)]
    return block_kit.message(lines[0], [section(text), *question])


def _closed_on(agency: Agency, closing: Sequence[ClosedDays]) -> str:
    days = {d for s in closing for n in range((s.last - s.first).days + 1) if (d := s.first + timedelta(days=n))}
    head = f"{escape(agency.name)} is closed on {pluralize(len(days), 'day')} until {max(days):%B %Y}"
    return f"{head}: {ranges_text(closing)}."


# titles of calendars -----------------------------------------------------------------------------------


def titles_question(agency: Agency, undecided: Sequence[TitleWithDays], *more: InteractiveElement) -> list[Block]:
    """Render the question which of the undecided titles close an agency; empty without any."""
    if not undecided:
        return []
    value = f"{agency.id}|{max(entry.title.id for entry in undecided)}"
    if len(undecided) == 1:
        text = f"Is {escape(agency.name)} closed for this? {title_text(undecided[0])}"
        answers = [
            block_kit.button("Yes, closed", "closure.decide.all", value),
            block_kit.button("No, open", "closure.decide.none", value),
        ]
        return [section(text), block_kit.actions(*answers, *more)]
    likely = [entry for entry in undecided if entry.title.suggested]
    others = [entry for entry in undecided if not entry.title.suggested]
    lines = [f"Which of these {len(undecided)} titles close {escape(agency.name)}? I count only what you choose."]
    if likely:
        lines += [
            f"*{len(likely)} of them {'sounds' if len(likely) == 1 else 'sound'} like closed days*",
            *_named(likely),
        ]
    if others:
        lines += [f"*{len(others)} {'other' if len(others) == 1 else 'others'}*" if likely else "", *_named(others)]
    elements = [
        block_kit.button(
            f"Close on {'that one' if len(likely) == 1 else f'those {len(likely)}'}", "closure.decide.suggested", value
        )
        if likely
        else None,
        block_kit.button("Choose titles", "closure.titles", str(agency.id)),
        block_kit.button("None of them", "closure.decide.none", value),
        *more,
    ]
    return [section(join_lines(lines)), block_kit.actions(*elements)]


def _named(titles: Sequence[TitleWithDays]) -> list[str]:
    lines = [f"• {title_text(entry)}" for entry in titles[:MOST_NAMED]]
    rest = len(titles) - MOST_NAMED
    return [*lines, *([f"• and {rest} more"] if rest > 0 else [])]


def title_text(entry: TitleWithDays) -> str:
    """Return a title with its days: "Winter break", Mon, Dec 21, 2026 to Mon, Jan 4, 2027, and 1 more time."""
    title = escape(_title(entry.title.title)) if entry.title.title else UNTITLED
    return f"{title}, {title_days(entry)}"


def title_days(entry: TitleWithDays) -> str:
    """Return the days of a title: the first range, and how many more there are."""
    more = f", and {pluralize(entry.more, 'more time', 'more times')}" if entry.more else ""
    return f"{range_text(entry.first.first, entry.first.last)}{more}"


def titles_decided(agency: Agency, listed: Sequence[TitleWithDays], closed: Sequence[Closure], today: date) -> str:
    """Return the answer to a choice of titles: what closes the agency now, and what is still undecided."""
    days = [ClosedDays(max(c.first_day, today), c.last_day, c.label) for c in closed]
    text = _closed_on(agency, days) if days else f"No coming day is listed as closed for {escape(agency.name)}."
    undecided = sum(entry.title.closes is None for entry in listed)
    rest = f" Nobody has decided yet about {pluralize(undecided, 'other title')}." if undecided else ""
    return f'{text}{rest} To change this: `/consortium agency holidays "{escape(agency.name)}"`'


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
