"""The whole days of an event and its repetitions, with all exceptions (RFC 5545, sections 3.8.4.4 and 3.8.5)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain

from handlers.holidays.rules import recurring
from handlers.holidays.rules.clocks import DAY, MIDNIGHT, Clock, Moment, Moments, clock_of, reading_clocks
from handlers.holidays.rules.events import Event, Span
from handlers.holidays.rules.left_out import TOO_LONG, EventLeftOut
from handlers.holidays.rules.recurring import Rule

Range = tuple[date, date, str]
"""The first and last day, and the label."""

LONGEST = 366
"""The days of the longest event that closes an agency. A longer one is an oversight."""

ALMOST_MIDNIGHT = timedelta(hours=23, minutes=59)
"""Programs that write the last minute or second of a day mean its end."""

CHECK_EVERY = 500
"""The number of occurrences after which the time is checked."""


@dataclass(frozen=True)
class Window:
    """The days that count. `check` raises an error when the time for finding them is over."""

    first: date
    last: date
    check: Callable[[], None]


@dataclass(frozen=True)
class _WholeDays:
    """How many days an event fills, the clock on which they begin at midnight, and the clock of its series.

    With `later`, the event begins during the day before the first one.
    """

    count: int
    midnight: Clock
    own: Clock
    later: bool = False

    def first_day(self, wall: datetime) -> date:
        """Return the first day of an occurrence that begins at a time of the series' clock."""
        if self.later:
            return self.midnight.wall(self.own.instant(wall)).date() + DAY
        if self.midnight == self.own:
            return wall.date()
        # in UTC, the hour of midnight shifts when clocks change; the nearest midnight is meant
        return (self.midnight.wall(self.own.instant(wall)) + DAY / 2).date()


@dataclass(frozen=True)
class _Variant:
    """What a series is from a time on: moved by `shift`, with these days; no days if it is canceled or has hours."""

    since: datetime
    days: _WholeDays | None
    label: str
    shift: timedelta = timedelta()


class Series:
    """An event, with the events that replace some of its occurrences.

    `beside` is the clock of the series that the event itself replaces a part of, if it does.
    """

    def __init__(
        self, event: Event, replacements: Sequence[Event], calendar: Clock, beside: Clock | None = None
    ) -> None:
        self._event = event
        self._calendar = calendar
        self.clock = clock_of(event.span.start, beside or calendar)
        self._beside = beside
        self._has_hours = isinstance(event.span.start, datetime)
        self._begins = self.clock.wall(event.span.start)
        own = _Variant(self._begins, self._measure(event.span), event.label)
        onward = [self._variant(r, r.instead) for r in replacements if r.onward and r.instead is not None]
        self._variants = [own, *sorted(onward, key=lambda variant: variant.since)]
        self._left_out = Moments(self.clock, whole_days=not self._has_hours)
        for moment in chain(event.excluded, (r.instead for r in replacements if r.instead is not None)):
            self._left_out.add(moment)

    def ranges(self, window: Window) -> Iterator[Range]:
        """Yield the ranges of days within the window. Raise `EventLeftOut` for one of more than a year."""
        since = datetime.combine(window.first, MIDNIGHT) - self._reach()
        for number, wall in enumerate(self._walls(window)):
            if number % CHECK_EVERY == 0:
                window.check()
            if wall >= since and wall not in self._left_out:
                variant = next(v for v in reversed(self._variants) if v.since <= wall or v is self._variants[0])
                yield from _within(window, variant.days, wall + variant.shift, variant.label)
        for span in self._event.added:
            wall = self.clock.wall(span.start)
            if (span.end or span.length) and wall not in self._left_out:
                yield from _within(window, self._measure(span), wall, self._event.label)

    # when it begins ------------------------------------------------------------------------------------

    def _walls(self, window: Window) -> Iterator[datetime]:
        """Yield when the occurrences begin by the series' clock, without regard to exceptions by date."""
        if all(variant.days is None for variant in self._variants):
            return
        until = datetime.combine(window.last, MIDNIGHT) + self._reach()
        excluded = {wall for rule in self._event.excluded_rules for wall in self._by_rule(rule, until)}
        added = (self._added(span.start) for span in self._event.added if not (span.end or span.length))
        by_rules = (wall for rule in self._event.rules for wall in self._by_rule(rule, until))
        for wall in chain([self._begins], added, by_rules):
            if wall not in excluded:
                yield wall

    def _reach(self) -> timedelta:
        """Return how far from its days an occurrence can begin: it may be moved, long, and in another zone."""
        return max(abs(v.shift) + (v.days.count if v.days else 0) * DAY for v in self._variants) + 2 * DAY

    def _by_rule(self, rule: Rule, until: datetime) -> Iterator[datetime]:
        last = recurring.last(rule)
        for wall in recurring.walls(rule, self._begins, until):
            if last is not None and self._is_past(wall, last):
                return
            yield wall

    def _is_past(self, wall: datetime, last: Moment) -> bool:
        return self.clock.is_past(wall, last if self._has_hours else self.clock.day(last))

    def _added(self, moment: Moment) -> datetime:
        """Return when an added occurrence begins: a day means the hour of the series, and the reverse."""
        if isinstance(moment, datetime) and self._has_hours:
            return self.clock.wall(moment)
        day = moment if self._has_hours else self.clock.day(moment)
        return datetime.combine(day, self._begins.time())

    # how long it lasts ---------------------------------------------------------------------------------

    def _variant(self, replacement: Event, instead: Moment) -> _Variant:
        """Return what the series is from a replacement on: all that follows is moved by as much (section 3.8.4.4)."""
        since = self.clock.wall(instead if self._has_hours else self.clock.day(instead))
        shift = self.clock.wall(replacement.span.start) - self._added(instead)
        clocks = (self.clock, *reading_clocks(replacement.span.start, self._calendar))
        # a replacement with a rule of its own is a series of its own
        ends = replacement.cancelled or replacement.rules
        days = None if ends else _measure(replacement.span, clocks, self.clock, all_day=replacement.all_day)
        return _Variant(since, days, replacement.label, shift)

    def _measure(self, span: Span) -> _WholeDays | None:
        if self._event.cancelled:
            return None
        beside = (self._beside,) if self._beside is not None else ()
        clocks = (*beside, *reading_clocks(self._event.span.start, self._calendar))
        return _measure(span, clocks, self.clock, all_day=self._event.all_day)


def _within(window: Window, days: _WholeDays | None, wall: datetime, label: str) -> Iterator[Range]:
    if days is None:
        return
    first = days.first_day(wall)
    last = first + (days.count - 1) * DAY
    if first <= window.last and last >= window.first:
        if days.count > LONGEST:
            raise EventLeftOut(TOO_LONG)
        yield first, last, label


def _measure(span: Span, clocks: Sequence[Clock], own: Clock, *, all_day: bool) -> _WholeDays | None:
    """Return the whole days of a span on the first clock on which it has them; None for a span that fills no day."""
    if not isinstance(span.start, datetime):
        begins, ends = _bounds(span, own)
        return _WholeDays(max((ends.date() - begins.date()).days, 1), own, own)
    for clock in clocks:
        begins, ends = _bounds(span, clock)
        if begins.time() == ends.time() == MIDNIGHT and ends > begins:
            return _WholeDays((ends - begins).days, clock, own)
    if not all_day:
        return _filled(span, clocks[0], own)
    clock = next((clock for clock in clocks if _bounds(span, clock)[0].time() == MIDNIGHT), own)
    begins, ends = _bounds(span, clock)
    return _WholeDays(max(round((ends - begins) / DAY), 1), clock, own)


def _filled(span: Span, clock: Clock, own: Clock) -> _WholeDays | None:
    """Return the days that a span with hours fills from midnight to midnight, such as a break from noon to noon."""
    begins, ends = _bounds(span, clock)
    later = begins.time() != MIDNIGHT
    count = (ends.date() - begins.date()).days - later
    return _WholeDays(count, clock, own, later=later) if count > 0 else None


def _bounds(span: Span, clock: Clock) -> tuple[datetime, datetime]:
    """Return when a span begins and ends on a clock; the last minute of a day counts as the next midnight."""
    begins = clock.wall(span.start)
    if span.end is not None:
        ends = clock.wall(span.end)
    elif span.length is not None:
        ends = begins + span.length
    else:
        ends = begins if isinstance(span.start, datetime) else begins + DAY
    midnight = datetime.combine(ends.date(), MIDNIGHT)
    return begins, midnight + DAY if ends - midnight >= ALMOST_MIDNIGHT else ends
