"""Parse the closed days of a calendar file. The file may be hostile, so its size, counts, and time are limited."""

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
from handlers.kit.text import sanitize, truncate
from storage.vocabulary import LONGEST_LABEL, ClosedDays

MOST_BYTES = 2_000_000
MOST_EVENTS = 5_000
MOST_LINES = 40_000
MOST_DATES = 10_000
"""The number of single dates that a file may add to its series or exclude from them."""

MOST_FOUND = 2_000
WINDOW = relativedelta(months=18)
"""How far ahead closed days are taken from a calendar."""

LONGEST = timedelta(days=366)
EARLIEST, LATEST = date(1970, 1, 1), date(2200, 1, 1)
SECONDS = 5.0
"""The real time spent on one file, so that no file delays other work."""

LARGE = "The file is larger than 2 MB. Try a calendar with only the closed days; it is much smaller."
NO_CALENDAR = "This is not a calendar file. Calendars are exported as a file whose name ends in .ics."
A_PAGE = "This is a web page, not a calendar. Look on the page for an address that ends in .ics, or download the file."
BROKEN = "The calendar file is broken. Export it again, or type the days."
MANY = "The calendar has more than 5,000 events. Export one with only the closed days."
ENDLESS = "The calendar repeats its events in a way that takes too long to compute. Type the days instead."

_NEEDED = frozenset(
    "DTSTART DTEND DURATION RRULE RDATE EXDATE SUMMARY UID RECURRENCE-ID STATUS".split()  # noqa: SIM905 - readable
)
_NAME = re.compile(r"([A-Za-z0-9-]+)[;:]")


class Deadline:
    """The time at which work on a file has to stop."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def check(self) -> None:
        """Raise `Unreadable` when the time is over."""
        if time.monotonic() > self._ends:
            raise Unreadable(ENDLESS)


def closed(content: bytes, today: date, seconds: float = SECONDS) -> list[ClosedDays]:
    """Return the all-day events of a calendar in the 18 months from `today`, as ranges of closed days, in order.

    An event with hours closes nothing, unless it lasts whole days from midnight to midnight. Raise `Unreadable` when
    the file is broken or exceeds a limit.
    """
    deadline = Deadline(seconds)
    try:
        events = [event for calendar in _parse(_lean(content)) for event in calendar.walk("VEVENT")]
        return _closed_days(events, today, deadline)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError) as error:
        # an error that a library raises over a stranger's file is a fault of the file
        raise Unreadable(BROKEN) from error


# the text ----------------------------------------------------------------------------------------------


def _lean(content: bytes) -> str:
    """Return a calendar with only the lines needed, so that a flood of others costs nothing. Raise `Unreadable`."""
    if len(content) > MOST_BYTES:
        raise Unreadable(LARGE)
    text = content.decode("utf-8-sig", "replace")
    if "BEGIN:VCALENDAR" not in text[:10_000].upper():
        raise Unreadable(A_PAGE if re.search(r"(?i)<(!doctype|html|head|body)\b", text[:10_000]) else NO_CALENDAR)
    lines = re.sub(r"\r?\n[ \t]", "", text.replace("\x00", "")).splitlines()
    kept = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//lean//EN", *_event_lines(lines), "END:VCALENDAR"]
    return "\r\n".join(kept) + "\r\n"


def _event_lines(lines: Iterable[str]) -> Iterator[str]:
    """Yield the needed lines of events, without nested parts such as alarms."""
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
    """An all-day event. `more` is its length beyond the first day; `added` and `left_out` change single days."""

    first: date
    more: timedelta
    label: str
    rule: object = None
    added: list[date] = field(default_factory=list)
    left_out: set[date] = field(default_factory=set)


def _closed_days(events: list[Component], today: date, deadline: Deadline) -> list[ClosedDays]:
    until = today + WINDOW
    moved = _moved(events)
    labels: dict[tuple[date, date], str] = {}
    for component in events:
        deadline.check()
        event = _event(component)
        if event is None or event.more >= LONGEST:
            continue
        event.left_out |= moved.get(str(component.get("UID", "")), set()) if "RECURRENCE-ID" not in component else set()
        for first in _firsts(event, today - event.more, until, deadline):
            last = first + event.more
            if first <= until and last >= today and first not in event.left_out:
                labels.setdefault((first, last), event.label)
        if len(labels) > MOST_FOUND:
            raise Unreadable(ENDLESS)
    return [ClosedDays(first, last, label) for (first, last), label in sorted(labels.items())]


def _moved(events: list[Component]) -> dict[str, set[date]]:
    """Map the UIDs of series to the days that a separate event replaces or cancels."""
    moved: dict[str, set[date]] = defaultdict(set)
    for component in events:
        instead = _day(_value(component, "RECURRENCE-ID"))
        if instead is not None:
            moved[str(component.get("UID", ""))].add(instead)
    return moved


def _event(component: Component) -> _Event | None:
    """Parse an event; None when it closes no day: it has hours, is cancelled, or is out of bounds."""
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
    text = summary[0] if isinstance(summary, list) else summary
    return truncate(" ".join(sanitize(str(text)).split()), LONGEST_LABEL)


def _length(begins: object, ends: object, duration: object) -> timedelta | None:
    """Return how long an event lasts, in whole days; None when it has hours."""
    if isinstance(duration, timedelta) and ends is None and isinstance(begins, date):
        ends = begins + duration
    if isinstance(begins, datetime):
        if not isinstance(ends, datetime) or ends.replace(tzinfo=None) <= begins.replace(tzinfo=None):
            return None
        span = ends.replace(tzinfo=None) - begins.replace(tzinfo=None)
        midnight = begins.hour == begins.minute == begins.second == 0
        return span if midnight and not span % timedelta(days=1) else None
    end = _day(ends)
    return end - begins if isinstance(begins, date) and end is not None else timedelta(days=1)


def _firsts(event: _Event, since: date, until: date, deadline: Deadline) -> Iterator[date]:
    """Yield the first days of an event's occurrences between two days."""
    yield event.first
    yield from event.added
    if event.rule is not None:
        for number, first in enumerate(recurring.days(event.rule, event.first, since, until)):
            if number % 500 == 0:
                deadline.check()
            yield first


def _value(component: Component, name: str) -> object:
    """Return the value of a property; None when it is missing or cannot be parsed."""
    return getattr(component.get(name), "dt", None)


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _dates(component: Component, name: str) -> Iterator[date]:
    """Yield the days of a list of dates; for a period, its first day."""
    lines = component.get(name)
    for line in lines if isinstance(lines, list) else [lines]:
        for item in getattr(line, "dts", ()):
            value = item.dt
            day = _day(value[0] if isinstance(value, tuple) else value)
            if day is not None:
                yield day
