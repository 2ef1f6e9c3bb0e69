"""When each message was due: the rules restated from what people did, without any code of the bot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.year.cast import ZONES, Human, monday, wall
from tests.year.facts import Facts
from tests.year.supervisor import Death

NINE, EIGHT, SIX, FIVE = time(9), time(8), time(18), time(17)
DAY = timedelta(days=1)
REMINDER = timedelta(hours=24)


@dataclass
class Message:
    """One message to a person: sent from `due` on, and only before `over`."""

    kind: str
    number: int
    place: int
    due: datetime
    over: datetime
    look: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.look = self.due


@dataclass(frozen=True)
class ExpectedMessage:
    """A message that was due to a person, and when."""

    kind: str
    number: int
    who: str
    at: datetime


class Times:
    """Answers questions about times: whether the bot was running, who was there, who was away."""

    def __init__(self, facts: Facts, deaths: Sequence[Death]) -> None:
        self.facts = facts
        self._deaths = [(death.at, death.back or death.at) for death in deaths]

    def alive(self, at: datetime) -> datetime:
        """Return the first time from `at` on at which the bot was running."""
        for died, back in self._deaths:
            if died <= at < back:
                at = back
        return at

    def there(self, at: datetime) -> list[Human]:
        """List the people who belonged to the consortium at a time."""
        return [human for human in self.facts.cast.values() if self.belongs(human, at)]

    def belongs(self, human: Human, at: datetime) -> bool:
        """Return whether a person had joined and not left."""
        joined, left = self.facts.joined.get(human.name), self.facts.left.get(human.name)
        return joined is not None and joined <= at and (left is None or left > at)

    def absent_until(self, human: Human, at: datetime) -> datetime | None:
        """Return until when a person is away, according to what they typed last."""
        said = [until for since, until in self.facts.away.get(human.name, ()) if since <= at]
        return said[-1] if said and said[-1] > at else None

    def pauses(self, human: Human, at: datetime, known: datetime) -> bool:
        """Return whether a person has paused the questions at a time, as far as was known."""
        said = [until for since, until in self.facts.paused.get(human.name, ()) if since <= known]
        return bool(said) and said[-1] > at

    def is_closed(self, agency: str, day: date, known: datetime) -> bool:
        """Return whether an agency is closed on a day, as far as was known."""
        typed = self.facts.closed.get(agency, ())
        return any(first <= day <= last for since, first, last in typed if since <= known)


def is_quiet(at: datetime, zone: str) -> bool:
    """Return whether it is evening, night or weekend in a zone."""
    there = at.astimezone(ZoneInfo(zone))
    return there.weekday() > 4 or not EIGHT <= there.time() < SIX


def open_from(at: datetime, zone: str) -> datetime:
    """Return the first time from `at` on that is outside quiet hours."""
    day = at.astimezone(ZoneInfo(zone)).date()
    while is_quiet(at, zone):
        morning = wall(day, EIGHT, zone)
        at, day = (max(morning, at)), day + DAY
    return at


def working_day(times: Times, human: Human, day: date, clock: time, known: datetime) -> datetime | None:
    """Return a time on the first open weekday from `day` on, or None if there is none within 60 days."""
    for ahead in range(60):
        on = day + ahead * DAY
        if on.weekday() < 5 and not times.is_closed(human.agency, on, known):
            return wall(on, clock, human.zone)
    return None


@dataclass(frozen=True)
class Round:
    """One round of the pulse: who is in it, and when it asks them.

    None for people whose agency is closed until it ends: they can answer, but get no message, and count as asked only
    if they do.
    """

    number: int
    monday: date
    closes: datetime
    asked: dict[str, datetime | None]


def rounds(times: Times, until: datetime) -> list[Round]:
    """List the rounds that opened before a time; there was none if nobody could be asked."""
    found: list[Round] = []
    for week in range(400):
        # its rows are written when its Monday begins in the easternmost zone
        opened = times.alive(datetime.combine(monday(week), time(), UTC) - timedelta(hours=14))
        if opened >= until:
            break
        there = times.there(opened)
        closes = max(wall(monday(week) + 3 * DAY, FIVE, zone) for zone in {ZONES[0], *(human.zone for human in there)})
        asked = {
            human.name: _asked(times, human, monday(week), opened, closes)
            for human in there
            if not _stays_out(times, human, monday(week), opened, closes)
        }
        if any(asked.values()):
            found.append(Round(len(found) + 1, monday(week), closes, asked))
    return found


def _asked(times: Times, human: Human, on: date, opened: datetime, closes: datetime) -> datetime | None:
    """Return when a round asks a person who is in it, or None if their agency is closed until it ends."""
    at = working_day(times, human, on, NINE, opened)
    return None if at is None or at >= closes else at


def _stays_out(times: Times, human: Human, on: date, opened: datetime, closes: datetime) -> bool:
    """Return whether a person has taken themselves out of a round: only they can, by a pause or an absence."""
    at, away = _asked(times, human, on, opened, closes), times.absent_until(human, opened)
    return times.pauses(human, at or closes, opened) or (away is not None and away >= closes)


def questions(number: int, at: datetime, closes: datetime) -> Iterator[Message]:
    """List the messages of a round to a person: the questions and a reminder."""
    for place, wait in enumerate((timedelta(), REMINDER)):
        if at + wait < closes:
            yield Message("pulse again" if place else "pulse", number, place, at + wait, closes)


def unheard(facts: Facts, human: Human) -> Iterator[Message]:
    """List the reminders about proposals to people who speak for an agency: on the last weekday before closing."""
    if human.seat not in {"representative", "alternate"}:
        return
    for proposal in facts.proposals.values():
        day = proposal.closes.astimezone(ZoneInfo(human.zone)).date() - DAY
        while day.weekday() > 4:
            day -= DAY
        yield Message("unheard", proposal.number, 0, wall(day, EIGHT, human.zone), proposal.closes)
