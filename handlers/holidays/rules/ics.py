"""Closed days out of a calendar file: bytes in, stretches of days out. The file is hostile until it was read."""

import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import icalendar
from dateutil.relativedelta import relativedelta
from icalendar.cal import Component

from handlers.holidays.rules import recurring
from handlers.kit.fetch import Unreadable
from handlers.kit.text import clean, cut
from storage.vocabulary import LABEL, Days

MOST_BYTES = 2_000_000
MOST_EVENTS = 5_000
MOST_LINES = 40_000
MOST_DATES = 10_000
"""So many single dates may be listed in a file as added to a series or left out of it."""

MOST_FOUND = 2_000
WINDOW = relativedelta(months=18)
LONGEST = timedelta(days=366)
EARLIEST, LATEST = date(1970, 1, 1), date(2200, 1, 1)
SECONDS = 5.0
"""So long is a file worked on, of real time; what it says in it keeps nobody else waiting."""

LARGE = "The file is larger than 2 MB. A calendar with only the closed days in it is much smaller; try that one."
NO_CALENDAR = "This is no calendar file. Calendars are exported as a file whose name ends in .ics."
A_PAGE = "There is a web page and not a calendar. Look on it for an address that ends in .ics, or download the file."
BROKEN = "The calendar file is broken, so I kept nothing of it. Export it once more, or type the days."
MANY = "The calendar has more than 5,000 events. Export one with only the closed days in it."
ENDLESS = "The calendar repeats its events in a way that takes too long to work out. Type the days instead."

_NEEDED = frozenset(
    "DTSTART DTEND DURATION RRULE RDATE EXDATE SUMMARY UID RECURRENCE-ID STATUS".split()  # noqa: SIM905 - readable
)
_NAME = re.compile(r"([A-Za-z0-9-]+)[;:]")


class Patience:
    """How long a file may still be worked on."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def check(self) -> None:
        """Raise Unreadable when it is over."""
        if time.monotonic() > self._ends:
            raise Unreadable(ENDLESS)


def closed(content: bytes, today: date, seconds: float = SECONDS) -> list[Days]:
    """List the all-day events of a calendar from `today` on for 18 months, as stretches of closed days, in order.

    An event that has hours closes nothing, unless they are whole days from midnight to midnight. Raises Unreadable.
    """
    patience = Patience(seconds)
    try:
        events = [event for calendar in _parse(_lean(content)) for event in calendar.walk("VEVENT")]
        return _stretches(events, today, patience)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError) as error:
        # whatever a library trips over in a stranger's file is the file's fault
        raise Unreadable(BROKEN) from error


# the text ----------------------------------------------------------------------------------------------


def _lean(content: bytes) -> str:
    """Keep of a file only what says when something is: a flood of other lines costs nothing. Raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable(LARGE)
    text = content.decode("utf-8-sig", "replace")
    if "BEGIN:VCALENDAR" not in text[:10_000].upper():
        raise Unreadable(A_PAGE if re.search(r"(?i)<(!doctype|html|head|body)\b", text[:10_000]) else NO_CALENDAR)
    lines = re.sub(r"\r?\n[ \t]", "", text.replace("\x00", "")).splitlines()
    kept = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//lean//EN", *_event_lines(lines), "END:VCALENDAR"]
    return "\r\n".join(kept) + "\r\n"


def _event_lines(lines: Iterable[str]) -> Iterator[str]:
    """Give the lines of events that are needed, without what is nested in them, such as alarms."""
    inside: list[str] = []
    events = dates = lines_kept = 0
    for line in lines:
        word = line.strip().upper()
        if word.startswith("BEGIN:"):
            inside.append(word[6:])
            if len(inside) > 20:
                raise Unreadable(BROKEN)
        in_event = inside[-1:] == ["VEVENT"]
        if in_event and word == "BEGIN:VEVENT":
            events += 1
            if events > MOST_EVENTS:
                raise Unreadable(MANY)
        name = _NAME.match(line)
        needed = name is not None and name[1].upper() in _NEEDED
        if in_event and (needed or word in {"BEGIN:VEVENT", "END:VEVENT"}):
            if name is not None and name[1].upper() in {"RDATE", "EXDATE"}:
                dates += line.count(",") + 1
                if dates > MOST_DATES:
                    raise Unreadable(ENDLESS)
            lines_kept += 1
            if lines_kept > MOST_LINES:
                raise Unreadable(MANY)
            yield line
        if word.startswith("END:") and (not inside or inside.pop() != word[4:]):
            raise Unreadable(BROKEN)
    if inside:
        raise Unreadable(BROKEN)


def _parse(text: str) -> list[Component]:
    return list(icalendar.Calendar.from_ical(text, multiple=True))


# the events --------------------------------------------------------------------------------------------


@dataclass
class _Event:
    """An all-day event: its first day, how many days more it lasts, and the single days that were changed."""

    first: date
    more: timedelta
    label: str
    rule: object = None
    added: list[date] = field(default_factory=list)
    left_out: set[date] = field(default_factory=set)


def _stretches(events: list[Component], today: date, patience: Patience) -> list[Days]:
    until = today + WINDOW
    moved = _moved(events)
    found: dict[tuple[date, date], str] = {}
    for component in events:
        patience.check()
        event = _event(component)
        if event is None or event.more >= LONGEST:
            continue
        event.left_out |= moved.get(str(component.get("UID", "")), set()) if "RECURRENCE-ID" not in component else set()
        for first in _firsts(event, today - event.more, until, patience):
            last = first + event.more
            if first <= until and last >= today and first not in event.left_out:
                found.setdefault((first, last), event.label)
        if len(found) > MOST_FOUND:
            raise Unreadable(ENDLESS)
    return [Days(first, last, label) for (first, last), label in sorted(found.items())]


def _moved(events: list[Component]) -> dict[str, set[date]]:
    """Map series to those of their days that an event of its own stands for, or takes away."""
    found: dict[str, set[date]] = defaultdict(set)
    for component in events:
        instead = _day(_value(component, "RECURRENCE-ID"))
        if instead is not None:
            found[str(component.get("UID", ""))].add(instead)
    return found


def _event(component: Component) -> _Event | None:
    """Read an event; None where it closes no day: it has hours, was cancelled or lies outside all times."""
    if str(component.get("STATUS", "")).upper() == "CANCELLED":
        return None
    begins, ends = _value(component, "DTSTART"), _value(component, "DTEND")
    first = _day(begins)
    if first is None or not EARLIEST <= first <= LATEST:
        return None
    length = _length(begins, ends, _value(component, "DURATION"))
    if length is None:
        return None
    return _Event(
        first,
        max(length - timedelta(days=1), timedelta()),
        _label(component.get("SUMMARY", "")),
        component.get("RRULE"),
        list(_dates(component, "RDATE")),
        set(_dates(component, "EXDATE")),
    )


def _label(summary: object) -> str:
    said = summary[0] if isinstance(summary, list) else summary
    return cut(" ".join(clean(str(said)).split()), LABEL)


def _length(begins: object, ends: object, lasts: object) -> timedelta | None:
    """Give how long an event lasts in whole days; None where it has hours."""
    if isinstance(lasts, timedelta) and ends is None and isinstance(begins, date):
        ends = begins + lasts
    if isinstance(begins, datetime):
        if not isinstance(ends, datetime) or ends.replace(tzinfo=None) <= begins.replace(tzinfo=None):
            return None
        span = ends.replace(tzinfo=None) - begins.replace(tzinfo=None)
        midnight = begins.hour == begins.minute == begins.second == 0
        return span if midnight and not span % timedelta(days=1) else None
    end = _day(ends)
    return end - begins if isinstance(begins, date) and end is not None else timedelta(days=1)


def _firsts(event: _Event, since: date, until: date, patience: Patience) -> Iterator[date]:
    """Give the days on which an event begins, between two days."""
    yield event.first
    yield from event.added
    if event.rule is not None:
        for number, first in enumerate(recurring.days(event.rule, event.first, since, until)):
            if number % 500 == 0:
                patience.check()
            yield first


def _value(component: Component, name: str) -> object:
    """Give a property's value; None where it is missing or cannot be read."""
    return getattr(component.get(name), "dt", None)


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _dates(component: Component, name: str) -> Iterator[date]:
    """Give the days of a list of dates; of a period, the day on which it begins."""
    held = component.get(name)
    for line in held if isinstance(held, list) else [held]:
        for item in getattr(line, "dts", ()):
            value = item.dt
            found = _day(value[0] if isinstance(value, tuple) else value)
            if found is not None:
                yield found
