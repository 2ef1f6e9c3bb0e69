"""The clock on which the moments of a series are compared.

A series can name its moments in several ways: UNTIL in UTC beside a start in Berlin, an exception as a day beside a
start with an hour, and the reverse. All of them count on the clock of the series' DTSTART (RFC 5545, section 3.3.10). A
series of whole days, or without a zone, counts on the calendar's clock; beside whole days, a midnight of any zone names
its date.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from handlers.holidays.rules.zones import UTC_NAMES

Moment = date
"""A day, or a time with or without a zone (`datetime` is a kind of `date`)."""

DAY = timedelta(days=1)
MIDNIGHT = time()


@dataclass(frozen=True)
class Clock:
    """The clock of a zone."""

    zone: tzinfo

    def wall(self, moment: Moment) -> datetime:
        """Return what the clock shows at a moment: for a day, its midnight; for a time without a zone, itself."""
        if not isinstance(moment, datetime):
            return datetime.combine(moment, MIDNIGHT)
        return moment if moment.tzinfo is None else moment.astimezone(self.zone).replace(tzinfo=None, fold=0)

    def day(self, moment: Moment) -> date:
        """Return the day that a moment names beside a series of whole days.

        A midnight names its date, whatever its zone: many programs write the day so. Any other time counts here.
        """
        is_midnight = isinstance(moment, datetime) and moment.time() == MIDNIGHT
        return moment.date() if isinstance(moment, datetime) and is_midnight else self.wall(moment).date()

    def instant(self, moment: Moment) -> datetime:
        """Return a moment in UTC. A time that the clock skips or shows twice is taken before the change."""
        if isinstance(moment, datetime) and moment.tzinfo is not None:
            return moment.astimezone(UTC)
        return self.wall(moment).replace(tzinfo=self.zone, fold=0).astimezone(UTC)

    def is_past(self, wall: datetime, last: Moment) -> bool:
        """Return whether a wall-clock time is after a last moment; a last day is included as a whole."""
        if not isinstance(last, datetime):
            return wall.date() > last
        return self.instant(wall) > self.instant(last)


@dataclass
class Moments:
    """A set of moments on one clock: days, which hold all their times, and single times."""

    clock: Clock
    whole_days: bool = False
    days: set[date] = field(default_factory=set)
    instants: set[datetime] = field(default_factory=set)

    def add(self, moment: Moment) -> None:
        """Add a moment. Beside a series of whole days, a time stands for its day."""
        if self.whole_days or not isinstance(moment, datetime):
            self.days.add(self.clock.day(moment))
        else:
            self.instants.add(self.clock.instant(moment))

    def __contains__(self, wall: datetime) -> bool:
        return wall.date() in self.days or (bool(self.instants) and self.clock.instant(wall) in self.instants)


def clock_of(start: Moment, calendar: Clock) -> Clock:
    """Return the clock of a series: that of its start, or the calendar's for a day or a time without a zone."""
    if isinstance(start, datetime) and start.tzinfo is not None:
        return Clock(start.tzinfo)
    return calendar


def reading_clocks(start: Moment, calendar: Clock) -> tuple[Clock, ...]:
    """Return the clocks on which an event may last whole days.

    Programs that write everything in UTC mean the calendar's midnight, or UTC's if they do not know the zone.
    """
    own = clock_of(start, calendar)
    is_utc = own.zone is UTC or (isinstance(own.zone, ZoneInfo) and own.zone.key in UTC_NAMES)
    return (calendar, own) if is_utc and own != calendar else (own,)
