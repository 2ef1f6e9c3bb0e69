"""Days and times of the pulse, and the questions of each round: pure functions.

Source: docs/rules.md, "The pulse".
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

from handlers.kit import quiet_hours as quiet
from handlers.kit.dates import local_to_utc
from handlers.kit.working_days import is_working_day, working_days_after
from handlers.pulse.question_bank import SENTENCES
from handlers.pulse.rules.results import theme_of
from storage.vocabulary import PulseInterval, Theme

FEW_THEMES = 3
"""This many themes are all asked about in every round."""

EARLIEST_ZONE = timezone(timedelta(hours=14))
"""Where a day begins first."""

WORKING_DAYS = 3
"""A round closes on this working day after its own day."""

EVENING = time(17, 0)
MAX_CLOSED_DAYS = 60
"""People whose agency is closed this long are not asked in the round."""

REMINDER = timedelta(hours=24)
"""How long after the questions the one reminder comes."""


def first_day(on: int, starts_on: date) -> date:
    """Return the first day on weekday `on` (Monday is 0) that is not before `starts_on`."""
    return starts_on + timedelta(days=(on - starts_on.weekday()) % 7)


def next_day(every: PulseInterval, first: date, after: date) -> date:
    """Return the first day of the schedule that is later than `after`.

    Monthly means the same weekday of the month as the first day, such as the second Tuesday. A fifth one means the
    last of the month.
    """
    begin = datetime.combine(first, time())
    if every is PulseInterval.MONTH:
        place = (first.day - 1) // 7 + 1
        week = weekday(first.weekday(), place if place < 5 else -1)
        days = rrule(MONTHLY, dtstart=begin, byweekday=week)
    else:
        days = rrule(WEEKLY, dtstart=begin, interval=2 if every is PulseInterval.TWO_WEEKS else 1)
    day = days.after(datetime.combine(after, time()))
    if day is None:
        raise ValueError("a rule without an end always has a next day")
    return day.date()


def opens_at(day: date) -> datetime:
    """Return when a round's rows are written: as soon as its day begins anywhere."""
    return datetime.combine(day, time(), EARLIEST_ZONE).astimezone(UTC)


def due_at(
    day: date, clock: time, zone: str, closed: Collection[date], quiet_hours: tuple[time, time]
) -> datetime | None:
    """Return when a person is asked: at `clock` on the first open day from `day` on, after any quiet hours.

    Weekends and days when the agency is closed are not open. None if the agency is closed for two months.
    """
    for ahead in range(MAX_CLOSED_DAYS):
        on = day + timedelta(days=ahead)
        if is_working_day(on) and on not in closed:
            return quiet.next_open_time(local_to_utc(datetime.combine(on, clock), zone), zone, quiet_hours)
    return None


def closes_at(day: date, zones: Collection[str]) -> datetime:
    """Return when a round closes: at 17:00 on the third working day after `day`, in the zone where that is latest."""
    on = working_days_after(day, WORKING_DAYS)
    return max(local_to_utc(datetime.combine(on, EVENING), zone) for zone in zones)


def choose_questions(themes: Sequence[Theme], asked: Sequence[Sequence[str]]) -> list[str]:
    """Return the keys of a round's questions, at most five. `asked` are the questions of all rounds before, in order.

    Themes take turns, so that each is asked about at least in every second round. A sentence returns only after all
    the other sentences of its theme have been asked, whatever was planned in between.
    """
    last = {key: number for number, keys in enumerate(asked) for key in keys}
    # also with sentences that are no longer asked
    last_of_theme = dict.fromkeys(Theme, -1) | {
        theme_of(key): number for number, keys in enumerate(asked) for key in keys
    }
    chosen = [theme for theme in Theme if theme in themes]
    if len(chosen) > FEW_THEMES:
        half = -(-len(chosen) // 2)
        rested = sum(last_of_theme[theme] < len(asked) - 1 for theme in chosen)
        size = half if rested >= half or not asked else len(chosen) - half
        due = sorted(chosen, key=lambda theme: last_of_theme[theme])[:size]
        chosen = [theme for theme in Theme if theme in due]
    return [min(SENTENCES[theme], key=lambda key: last.get(key, -1)) for theme in chosen]
