"""The closed days of a calendar file. The file may be hostile, so its size, counts, and time are limited."""

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from handlers.holidays.rules import content_lines, events
from handlers.holidays.rules.clocks import Clock, clock_of
from handlers.holidays.rules.content_lines import CalendarLines, EventLines
from handlers.holidays.rules.events import Event
from handlers.holidays.rules.left_out import BROKEN, TOO_LONG, TOO_MANY, EventLeftOut, LeftOut
from handlers.holidays.rules.presets import Presets
from handlers.holidays.rules.series import Range, Series, Window
from handlers.holidays.rules.zones import Zones, find_known
from handlers.kit.fetch import Unreadable
from storage.vocabulary import ClosedDays

MOST_DATES = 10_000
"""The number of single dates that a file may add to its series or exclude from them."""

MOST_FOUND = 2_000
WINDOW = relativedelta(months=18)
"""How far ahead closed days are taken from a calendar."""

EARLIEST, LATEST = date(1970, 1, 1), date(2200, 1, 1)
SECONDS = 5.0
"""The real time spent on one file, so that no file delays other work."""

NONE_READABLE = "I cannot read any of its events. Export the calendar again, or type the days."
ENDLESS = "The calendar repeats its events in a way that takes too long to compute. Type the days instead."


@dataclass(frozen=True)
class CalendarReading:
    """The whole days of a calendar by title, the titles that sound like closed days, and the events left out."""

    days: Sequence[ClosedDays] = ()
    suggested: Collection[str] = ()
    left_out: Sequence[LeftOut] = ()


class Deadline:
    """The time at which work on a file has to stop."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def check(self) -> None:
        """Raise `Unreadable` when the time is over."""
        if time.monotonic() > self._ends:
            raise Unreadable(ENDLESS)


def read(content: bytes, today: date, zone: str, seconds: float = SECONDS) -> CalendarReading:
    """Return the whole days of a calendar in the 18 months from `today`, as ranges with their titles, in order.

    `zone` is the agency's; it counts where the calendar names none. An event with hours is not among them, unless it
    lasts whole days. An event that cannot be read, or lasts longer than a year, is left out. Raise `Unreadable` if the
    file is broken or exceeds a limit, or if none of its events can be read.
    """
    reader = _FileReader(Window(today, today + WINDOW, Deadline(seconds).check))
    for calendar in content_lines.read(content):
        reader.read(calendar, Clock(find_known(calendar.zone) or ZoneInfo(zone)))
    return reader.result()


class _FileReader:
    """Collects the closed days of a file's calendars, event by event."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._found: set[Range] = set()
        self._presets = Presets()
        self._left_out: list[LeftOut] = []
        self._readable = self._dates = 0

    def result(self) -> CalendarReading:
        if not self._readable and any(event.why != TOO_LONG for event in self._left_out):
            raise Unreadable(NONE_READABLE)
        days = [ClosedDays(*found) for found in sorted(self._found)]
        return CalendarReading(days, self._presets.of(label for *_, label in self._found), self._left_out)

    def read(self, calendar: CalendarLines, clock: Clock) -> None:
        zones = Zones(calendar.zones)
        parsed = _newest([event for lines in calendar.events if (event := self._parse(lines, zones)) is not None])
        replacements = _latest(parsed)
        series_clocks = {event.uid: clock_of(event.span.start, clock) for event in parsed if event.instead is None}
        for event in parsed:
            self._presets.add(event)
            if event.instead is None:
                self._add(event, replacements.get(event.uid, ()), clock)
        for uid, several in replacements.items():
            for event in several:
                self._add(event, (), clock, series_clocks.get(uid))

    def _parse(self, lines: EventLines, zones: Zones) -> Event | None:
        """Parse an event; None for one that closes no day, or is left out."""
        self._window.check()
        try:
            self._count_dates(lines)
            event = events.parse(lines, zones)
            _check_instead(event)
        except (EventLeftOut, *events.ERRORS) as error:
            self._leave_out(events.label_of(lines), error)
            return None
        if event is not None and EARLIEST <= _day(event.span.start) <= LATEST:
            return event
        self._readable += 1
        return None

    def _count_dates(self, lines: EventLines) -> None:
        """Raise `EventLeftOut` for an event with which the file would have too many dates."""
        count = sum(line.count(",") + 1 for line in lines.lines if line[:6].upper() in {"RDATE;", "RDATE:", "EXDATE"})
        if self._dates + count > MOST_DATES:
            raise EventLeftOut(TOO_MANY)
        self._dates += count

    def _add(self, event: Event, replacements: Sequence[Event], clock: Clock, beside: Clock | None = None) -> None:
        self._window.check()
        try:
            ranges = list(self._ranges(Series(event, replacements, clock, beside)))
        except (EventLeftOut, *events.ERRORS) as error:
            self._leave_out(event.label, error)
            return
        self._readable += 1
        self._found.update(ranges)
        if len(self._found) > MOST_FOUND:
            raise Unreadable(ENDLESS)

    def _ranges(self, series: Series) -> Iterator[Range]:
        for number, found in enumerate(series.ranges(self._window)):
            if number > MOST_FOUND:
                raise EventLeftOut(TOO_MANY)
            yield found

    def _leave_out(self, title: str, error: Exception) -> None:
        # an error that a library raises over a stranger's file is a fault of the file
        self._left_out.append(LeftOut(title, error.why if isinstance(error, EventLeftOut) else BROKEN))


def _newest(parsed: Sequence[Event]) -> list[Event]:
    """Leave out events that the file itself has in a newer version. Some programs give many events one UID."""
    newest: dict[str, int] = {}
    for event in parsed:
        if event.uid and event.instead is None:
            newest[event.uid] = max(event.sequence, newest.get(event.uid, 0))
    return [event for event in parsed if event.instead is not None or event.sequence >= newest.get(event.uid, 0)]


def _latest(parsed: Sequence[Event]) -> dict[str, list[Event]]:
    """Map UIDs to the replacements in their latest versions, and a single one before one that holds onward."""
    latest: dict[tuple[str, date], Event] = {}
    for event in sorted(parsed, key=lambda event: (event.sequence, not event.onward)):
        if event.instead is not None:
            latest[event.uid, event.instead] = event
    replacements: dict[str, list[Event]] = {}
    for event in latest.values():
        replacements.setdefault(event.uid, []).append(event)
    return replacements


def _check_instead(event: Event | None) -> None:
    """Raise `EventLeftOut` for a replacement of a day that no series can have."""
    if event is not None and event.instead is not None and not EARLIEST <= _day(event.instead) <= LATEST:
        raise EventLeftOut(BROKEN)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
