"""The council's monthly meeting: when it is, who takes the minutes, and what is said about it to whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.year.cast import BEGIN, HOME, Human, Scale, agencies, wall
from tests.year.facts import Facts
from tests.year.rules import DAY, Matter, Times, open_from

PLANNED = '/meeting new "Council" 2026-12-10 14:00 for:90m every:month chair:@ana'
"""Each second Thursday; who takes the minutes goes round the agencies."""

CHAIR = Human("ana", "", HOME, "chair")
FIRST, BEGINS, LENGTH = date(2026, 12, 1), time(14), timedelta(minutes=90)
NEVER = datetime.max.replace(tzinfo=UTC)
ASKED = 3


@dataclass(frozen=True)
class Meeting:
    """One meeting. `month` tells them apart; `taker` is the agency whose turn the minutes are."""

    month: int
    starts: datetime
    taker: str

    @property
    def ends(self) -> datetime:
        """Give when it is over."""
        return self.starts.astimezone(UTC) + LENGTH

    def before(self, days: int) -> datetime:
        """Give a moment so many days before, at the same time of day."""
        return wall(self.starts.date() - days * DAY, BEGINS, HOME)


def month_of(at: datetime) -> int:
    """Number the months: everything said of a meeting is said in its own."""
    return at.year * 12 + at.month


def all_before(scale: Scale, until: datetime) -> Iterator[Meeting]:
    """List the meetings that begin before a moment."""
    names = agencies(scale)
    for place in range(200):
        year, month = divmod(FIRST.year * 12 + FIRST.month - 1 + place, 12)
        first = date(year, month + 1, 1)
        starts = wall(first + timedelta(days=(3 - first.weekday()) % 7 + 7), BEGINS, HOME)
        if starts >= until:
            return
        assert starts > BEGIN
        yield Meeting(month_of(starts), starts, names[place % len(names)])


def takers_around(scale: Scale, at: datetime) -> set[str]:
    """Name the agencies whose turn the minutes are within a month of a moment."""
    near = range(month_of(at) - 1, month_of(at) + 2)
    return {meeting.taker for meeting in all_before(scale, at + timedelta(days=90)) if meeting.month in near}


def takes_the_minutes(meeting: Meeting, facts: Facts) -> Human:
    """Name who takes the minutes: the representative; in this story none of them is away then."""
    return next(h for h in facts.cast.values() if h.agency == meeting.taker and h.seat == "representative")


def asks(meeting: Meeting, taker: Human) -> list[datetime]:
    """Give when the minutes are asked for: an hour after the end, twice again a day later, and then of the chair."""
    made = [open_from(meeting.ends + timedelta(hours=1), taker.zone)]
    while len(made) <= ASKED:
        there = made[-1].astimezone(ZoneInfo(taker.zone))
        made.append(open_from(wall(there.date() + DAY, there.time(), taker.zone), taker.zone))
    return made


def matters(scale: Scale, times: Times, human: Human, until: datetime) -> Iterator[Matter]:
    """List what somebody is told about meetings."""
    for meeting in all_before(scale, until + timedelta(days=8)):
        taker = takes_the_minutes(meeting, times.facts)
        asked = asks(meeting, taker)
        chairs, called = human.seat == "chair", meeting.before(7)
        if chairs:
            yield Matter("chair", meeting.month, 0, called, meeting.before(1))
            yield Matter("lack", meeting.month, 0, asked[ASKED], NEVER)
        if chairs or _speaks(times, human, meeting):
            yield Matter("begins", meeting.month, 0, meeting.starts - timedelta(minutes=15), meeting.ends)
        if human == taker:
            yield Matter("notes", meeting.month, 0, called, meeting.ends)
            for place in range(ASKED):
                yield Matter("minutes", meeting.month, place, asked[place], asked[place + 1])


def _speaks(times: Times, human: Human, meeting: Meeting) -> bool:
    """Tell whether somebody speaks for their agency there: the alternate does where the representative is away."""
    seats = {h.seat: h for h in times.facts.cast.values() if h.agency == human.agency}
    known = times.alive(meeting.starts - timedelta(minutes=15))
    for seat in ("representative", "alternate"):
        until = times.absent_until(seats[seat], known)
        if until is None or until <= meeting.starts:
            return human == seats[seat]
    return False
