"""The council's monthly meeting: its time, its note-taker, and the messages about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.year.cast import BEGIN, HOME, Human, Scale, agencies, wall
from tests.year.facts import Facts
from tests.year.rules import DAY, Message, Times, open_from

PLANNED = '/meeting new "Council" 2026-12-10 14:00 for:90m every:month chair:@ana'
"""The second Thursday of each month; the agencies take turns with the minutes."""

CHAIR = Human("ana", "", HOME, "chair")
FIRST, BEGINS, LENGTH = date(2026, 12, 1), time(14), timedelta(minutes=90)
NEVER = datetime.max.replace(tzinfo=UTC)
ASKED = 3


@dataclass(frozen=True)
class Meeting:
    """One meeting. `month` identifies it; `taker` is the agency whose turn the minutes are."""

    month: int
    starts: datetime
    taker: str

    @property
    def ends(self) -> datetime:
        """Return when it ends."""
        return self.starts.astimezone(UTC) + LENGTH

    def before(self, days: int) -> datetime:
        """Return the same time of day, `days` earlier."""
        return wall(self.starts.date() - days * DAY, BEGINS, HOME)


def month_of(at: datetime) -> int:
    """Number the months: all messages about a meeting arrive in its month."""
    return at.year * 12 + at.month


IsClosed = Callable[[str, date, datetime], bool]
"""Whether an agency is closed on a day, as far as was known at a time."""


def all_before(scale: Scale, until: datetime, is_closed: IsClosed = lambda *_: False) -> Iterator[Meeting]:
    """List the meetings that begin before a time. An agency that is closed that day is skipped, and comes next."""
    turns = agencies(scale)
    for place in range(200):
        year, month = divmod(FIRST.year * 12 + FIRST.month - 1 + place, 12)
        first = date(year, month + 1, 1)
        starts = wall(first + timedelta(days=(3 - first.weekday()) % 7 + 7), BEGINS, HOME)
        if starts >= until:
            return
        assert starts > BEGIN
        called = wall(starts.date() - 7 * DAY, BEGINS, HOME)
        taker = next((name for name in turns if not is_closed(name, starts.date(), called)), turns[0])
        turns = [*(name for name in turns if name != taker), taker]
        yield Meeting(month_of(starts), starts, taker)


def takers_around(scale: Scale, at: datetime) -> set[str]:
    """Return the agencies whose turn the minutes may be within a month of a time, even if one of them is closed."""
    near = range(month_of(at) - 1, month_of(at) + 3)
    return {meeting.taker for meeting in all_before(scale, at + timedelta(days=120)) if meeting.month in near}


def takes_the_minutes(meeting: Meeting, facts: Facts) -> Human:
    """Return the note-taker: the representative, who is never away at that time in this story."""
    return next(h for h in facts.cast.values() if h.agency == meeting.taker and h.seat == "representative")


def asks(meeting: Meeting, taker: Human) -> list[datetime]:
    """List when the minutes are requested: an hour after the end, twice more a day apart, then from the chair."""
    made = [open_from(meeting.ends + timedelta(hours=1), taker.zone)]
    while len(made) <= ASKED:
        there = made[-1].astimezone(ZoneInfo(taker.zone))
        made.append(open_from(wall(there.date() + DAY, there.time(), taker.zone), taker.zone))
    return made


def messages(scale: Scale, times: Times, human: Human, until: datetime) -> Iterator[Message]:
    """List the messages to a person about meetings and, to the chair, who also facilitates, about people who left."""
    if human.seat == "chair":
        for name, left in times.facts.left.items():
            # those who leave within a minute are told of together
            yield Message("left", int(name[1:]), 0, left.replace(second=0, microsecond=0), NEVER)
    for meeting in all_before(scale, until + timedelta(days=8), times.is_closed):
        taker = takes_the_minutes(meeting, times.facts)
        asked = asks(meeting, taker)
        chairs, called = human.seat == "chair", meeting.before(7)
        if chairs:
            yield Message("chair", meeting.month, 0, called, meeting.before(1))
            yield Message("lack", meeting.month, 0, asked[ASKED], NEVER)
        if chairs or _speaks(times, human, meeting):
            yield Message("begins", meeting.month, 0, meeting.starts - timedelta(minutes=15), meeting.ends)
        if human == taker:
            yield Message("notes", meeting.month, 0, called, meeting.ends)
            for place in range(ASKED):
                yield Message("minutes", meeting.month, place, asked[place], asked[place + 1])


def _speaks(times: Times, human: Human, meeting: Meeting) -> bool:
    """Return whether a person speaks for their agency there: the alternate does if the representative is away."""
    seats = {h.seat: h for h in times.facts.cast.values() if h.agency == human.agency}
    known = times.alive(meeting.starts - timedelta(minutes=15))
    for seat in ("representative", "alternate"):
        until = times.absent_until(seats[seat], known)
        if until is None or until <= meeting.starts:
            return human == seats[seat]
    return False
