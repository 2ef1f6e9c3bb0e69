"""When each thing was due: the rules read anew, from what people did, without a line of the bot's code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.year.cast import ZONES, Human, monday, wall
from tests.year.facts import Facts
from tests.year.keeper import Death

NINE, EIGHT, SIX, FIVE = time(9), time(8), time(18), time(17)
DAY = timedelta(days=1)
REMINDERS = (timedelta(hours=24), timedelta(hours=72))
ENOUGH_LEFT = timedelta(hours=4)


@dataclass
class Matter:
    """One thing that a person is told: from `due` on, and only before `over`."""

    kind: str
    number: int
    place: int
    due: datetime
    over: datetime
    look: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.look = self.due


@dataclass(frozen=True)
class Told:
    """Something that had to be said to somebody, and when."""

    kind: str
    number: int
    who: str
    at: datetime


class Times:
    """Answers about moments: whether the bot lived, who was there, whether it was quiet."""

    def __init__(self, facts: Facts, deaths: Sequence[Death]) -> None:
        self.facts = facts
        self._deaths = [(death.at, death.back or death.at) for death in deaths]

    def alive(self, at: datetime) -> datetime:
        """Give the first moment from `at` on at which the bot lived."""
        for died, back in self._deaths:
            if died <= at < back:
                at = back
        return at

    def there(self, at: datetime) -> list[Human]:
        """List who belonged to the consortium at a moment."""
        return [human for human in self.facts.cast.values() if self.belongs(human, at)]

    def belongs(self, human: Human, at: datetime) -> bool:
        """Tell whether somebody had come and not gone."""
        joined, left = self.facts.joined.get(human.name), self.facts.left.get(human.name)
        return joined is not None and joined <= at and (left is None or left > at)

    def absent_until(self, human: Human, at: datetime) -> datetime | None:
        """Give until when somebody is away, by what they said last."""
        said = [until for since, until in self.facts.away.get(human.name, ()) if since <= at]
        return said[-1] if said and said[-1] > at else None

    def pauses(self, human: Human, at: datetime, known: datetime) -> bool:
        """Tell whether somebody wants no questions then, as far as was known."""
        said = [until for since, until in self.facts.paused.get(human.name, ()) if since <= known]
        return bool(said) and said[-1] > at

    def is_closed(self, agency: str, day: date, known: datetime) -> bool:
        """Tell whether an agency is closed on a day, as far as was known."""
        typed = self.facts.closed.get(agency, ())
        return any(first <= day <= last for since, first, last in typed if since <= known)


def is_quiet(at: datetime, zone: str) -> bool:
    """Tell whether it is evening, night or weekend for somebody."""
    there = at.astimezone(ZoneInfo(zone))
    return there.weekday() > 4 or not EIGHT <= there.time() < SIX


def open_from(at: datetime, zone: str) -> datetime:
    """Give the first moment from `at` on that is not quiet."""
    day = at.astimezone(ZoneInfo(zone)).date()
    while is_quiet(at, zone):
        morning = wall(day, EIGHT, zone)
        at, day = (max(morning, at)), day + DAY
    return at


def working_day(times: Times, human: Human, day: date, clock: time, known: datetime) -> datetime | None:
    """Give a time of day on the first day from `day` on that is neither weekend nor closed, or None for long."""
    for ahead in range(60):
        on = day + ahead * DAY
        if on.weekday() < 5 and not times.is_closed(human.agency, on, known):
            return wall(on, clock, human.zone)
    return None


@dataclass(frozen=True)
class Round:
    """One round of the pulse: whom it asked, and when each of them."""

    number: int
    monday: date
    closes: datetime
    asked: dict[str, datetime]


def rounds(times: Times, until: datetime) -> list[Round]:
    """List the rounds that opened before a moment; where nobody could be asked there was none."""
    found: list[Round] = []
    for week in range(400):
        # its rows are written as its Monday begins where days begin first
        opened = times.alive(datetime.combine(monday(week), time(), UTC) - timedelta(hours=14))
        if opened >= until:
            break
        there = times.there(opened)
        closes = max(wall(monday(week) + 3 * DAY, FIVE, zone) for zone in {ZONES[0], *(human.zone for human in there)})
        asked = {human.name: at for human in there if (at := _asked(times, human, monday(week), opened, closes))}
        if asked:
            found.append(Round(len(found) + 1, monday(week), closes, asked))
    return found


def _asked(times: Times, human: Human, on: date, opened: datetime, closes: datetime) -> datetime | None:
    """Say when a round asks somebody; None where it does not."""
    at, away = working_day(times, human, on, NINE, opened), times.absent_until(human, opened)
    if at is None or at >= closes or times.pauses(human, at, opened) or (away is not None and away >= closes):
        return None
    return at


def questions(number: int, at: datetime, closes: datetime) -> Iterator[Matter]:
    """List what somebody is told of a round: the questions and two reminders."""
    for place, wait in enumerate((timedelta(), *REMINDERS)):
        if at + wait < closes:
            yield Matter("pulse again" if place else "pulse", number, place, at + wait, closes)


def unheard(facts: Facts, human: Human) -> Iterator[Matter]:
    """List the reminders of proposals for somebody who speaks for an agency: a day before closing, in open hours."""
    if human.seat not in {"representative", "alternate"}:
        return
    for motion in facts.motions.values():
        due = open_from(motion.closes - DAY, human.zone)
        if due > motion.closes - ENOUGH_LEFT:
            due = _last_open(motion.closes - DAY, human.zone)
        yield Matter("unheard", motion.number, 0, due, motion.closes)


def _last_open(before: datetime, zone: str) -> datetime:
    hour = before.replace(minute=0, second=0, microsecond=0)
    while is_quiet(hour, zone):
        hour -= timedelta(hours=1)
    return hour
