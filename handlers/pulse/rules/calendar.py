"""When a pulse comes and what it asks: pure functions on days, zones and themes.

The rules are those of docs/rules.md, "The pulse".
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

from handlers.kit import quiet_hours as quiet
from handlers.kit.dates import local
from storage.vocabulary import Every, Theme

FRIDAY = 4
MOST_QUESTIONS = 5
WORDINGS = 3
"""Each theme has so many wordings, which take turns."""

EARLIEST = timezone(timedelta(hours=14))
"""Where a day begins first."""

WORKING_DAYS = 3
"""A round closes on this working day after its own day."""

EVENING = time(17, 0)
NEVER = 60
"""An agency that is closed for so many days on end is not asked in this round."""

REMINDERS = (timedelta(hours=24), timedelta(hours=72))


def first_day(on: int, starts_on: date) -> date:
    """Give the first day on a weekday (Monday is 0) that is not before `starts_on`."""
    return starts_on + timedelta(days=(on - starts_on.weekday()) % 7)


def next_day(every: Every, first: date, after: date) -> date:
    """Give the first day of a pulse that comes after another day.

    Monthly means the same weekday of the month as the first day: "the second Tuesday"; a fifth one is the last.
    """
    begin = datetime.combine(first, time())
    if every is Every.MONTH:
        place = (first.day - 1) // 7 + 1
        week = weekday(first.weekday(), place if place < 5 else -1)
        days = rrule(MONTHLY, dtstart=begin, byweekday=week)
    else:
        days = rrule(WEEKLY, dtstart=begin, interval=2 if every is Every.TWO_WEEKS else 1)
    found = days.after(datetime.combine(after, time()))
    if found is None:
        raise ValueError("this never happens: the rules have no end")
    return found.date()


def opens_at(day: date) -> datetime:
    """Give the moment at which a round's rows are written: when its day begins anywhere."""
    return datetime.combine(day, time(), EARLIEST).astimezone(UTC)


def due_at(
    day: date, clock: time, zone: str, closed: Collection[date], quiet_hours: tuple[time, time]
) -> datetime | None:
    """Give the moment at which a person is asked: the chosen time on the first open day from `day` on.

    Weekends and days when the agency is closed are passed over; a time in quiet hours waits for their end. None
    where the agency stays closed for two months.
    """
    for ahead in range(NEVER):
        on = day + timedelta(days=ahead)
        if on.weekday() <= FRIDAY and on not in closed:
            return quiet.next_open(local(datetime.combine(on, clock), zone), zone, quiet_hours)
    return None


def closes_at(day: date, zones: Collection[str]) -> datetime:
    """Give when a round closes: 17:00 on the third working day after `day`, where that comes last."""
    on, left = day, WORKING_DAYS
    while left:
        on += timedelta(days=1)
        left -= on.weekday() <= FRIDAY
    return max(local(datetime.combine(on, EVENING), zone) for zone in zones)


def questions(themes: Sequence[Theme], asked_before: int) -> list[str]:
    """Choose a round's questions by their keys, after so many rounds.

    At most five; the themes take turns so that each comes at least in every second round, and so do the wordings
    of each theme.
    """
    ordered = [theme for theme in Theme if theme in themes]
    if len(ordered) <= WORDINGS:
        return [f"{theme.value}-{asked_before % WORDINGS + 1}" for theme in ordered]
    half = -(-len(ordered) // 2)
    part = ordered[:half] if asked_before % 2 == 0 else ordered[half:]
    return [f"{theme.value}-{asked_before // 2 % WORDINGS + 1}" for theme in part]
