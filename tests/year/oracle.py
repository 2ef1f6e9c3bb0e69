"""What had to be said to each person and when: one life after the other, from the first day to the last."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tests.year import council
from tests.year.cast import Human, Scale, wall
from tests.year.facts import Facts
from tests.year.rules import (
    DAY,
    EIGHT,
    Matter,
    Times,
    Told,
    is_quiet,
    open_from,
    questions,
    rounds,
    unheard,
    working_day,
)

SOON = "begins"
"""What cannot wait, and takes nothing along."""

TIMED = {"pulse", "minutes", "lack"}
"""What has an hour of its own."""

WRITTEN = {"chair", "notes", "begins", "minutes", "lack"}
"""What nobody needs any more when the minutes are there."""


def due(scale: Scale, times: Times, until: datetime) -> list[Told]:
    """List all that had to be said to people before a moment."""
    matters: dict[str, list[Matter]] = {name: [] for name in times.facts.joined}
    for one in rounds(times, until):
        for name, at in one.asked.items():
            matters[name] += questions(one.number, at, one.closes)
    found = []
    for human in [*times.facts.cast.values(), council.CHAIR]:
        if human.name in times.facts.joined:
            own = [*unheard(times.facts, human), *council.matters(scale, times, human, until)]
            found += Life(times, human, [*matters[human.name], *own]).told(until)
    return found


class Life:
    """One person, to whom things are told: in open hours, together, once a day, and not while away."""

    def __init__(self, times: Times, human: Human, matters: Sequence[Matter]) -> None:
        self._times, self._human = times, human
        self._waiting = list(matters)
        self._told_on: date | None = None
        self._told: list[Told] = []
        self._heard_of: dict[int, date] = {}
        """The day on which the person was last told of a round: no second time on the same."""

    @property
    def _facts(self) -> Facts:
        return self._times.facts

    def _day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self._human.zone)).date()

    def told(self, until: datetime) -> list[Told]:
        """Live through it, and list what had to be said."""
        while self._waiting:
            now = self._times.alive(min(matter.look for matter in self._waiting))
            if now >= until:
                break
            # who was heard in time is not even looked at
            needless = [m for m in self._waiting if m.kind == "unheard" and m.look == m.due <= now]
            needless = [m for m in needless if not self._is_wanted(m, now)]
            if needless:
                self._drop(*needless)
            else:
                self._moment(now)
        return self._told

    def _drop(self, *gone: Matter) -> None:
        self._waiting = [matter for matter in self._waiting if matter not in gone]

    def _moment(self, now: datetime) -> None:
        if not self._times.belongs(self._human, now):
            self._drop(*[matter for matter in self._waiting if matter.due <= now])
            return
        self._drop(*[matter for matter in self._waiting if matter.due <= now and matter.over <= now])
        fresh = sorted((m for m in self._waiting if m.due <= now), key=lambda m: (m.kind, m.number, m.place))
        away = self._times.absent_until(self._human, now)
        if away is not None:
            self._wait(fresh, away)
        elif is_quiet(now, self._human.zone):
            self._tell([matter for matter in fresh if matter.kind == SOON], now)
            self._wait([m for m in fresh if m.kind != SOON], open_from(now, self._human.zone))
        else:
            self._tell(fresh, now)

    def _wait(self, those: Sequence[Matter], until: datetime) -> None:
        for matter in those:
            matter.look = until
            if matter.over <= until:
                self._drop(matter)

    def _tell(self, fresh: Sequence[Matter], now: datetime) -> None:
        """Tell what has an hour of its own then, and the rest with it, or once a day."""
        timed = [matter for matter in fresh if matter.kind in TIMED]
        going = [matter for matter in fresh if matter.kind in TIMED or matter.kind == SOON]
        for matter in fresh:
            if matter not in going:
                turn = now if timed else self._turn(matter, now)
                matter.look = turn
                going += [matter] if turn <= now else []
        said = [matter for matter in self._in_order(going, now) if self._say(matter, now)]
        if any(matter.kind != SOON for matter in said):
            self._told_on = self._day(now)

    def _in_order(self, going: Sequence[Matter], now: datetime) -> list[Matter]:
        """Leave out a second reminder of the same round in one message."""
        rounds: dict[tuple[str, int], Matter] = {}
        for matter in sorted(going, key=lambda m: m.place):
            key = ("round" if matter.kind.startswith("pulse") else matter.kind, matter.number)
            if key in rounds:
                self._drop(matter)
            elif self._is_wanted(matter, now):
                rounds[key] = matter
            else:
                self._drop(matter)
        return list(rounds.values())

    def _is_wanted(self, matter: Matter, now: datetime) -> bool:
        key = (matter.number, self._human.name)
        if matter.kind in WRITTEN:
            return not (matter.number in self._facts.minutes and self._facts.minutes[matter.number] <= now)
        if matter.kind == "unheard":
            motion = next(m for m in self._facts.motions.values() if m.number == matter.number)
            return self._human.agency not in motion.heard or motion.heard[self._human.agency] > now
        done = [known[key] for known in (self._facts.answered, self._facts.skipped) if key in known]
        return not any(at <= now for at in done)

    def _say(self, matter: Matter, now: datetime) -> bool:
        """Say it, unless the agency is closed today: then on the next day that it is open."""
        there = now.astimezone(ZoneInfo(self._human.zone))
        if matter.kind.startswith("pulse") and self._times.is_closed(self._human.agency, there.date(), now):
            later = working_day(self._times, self._human, there.date(), there.time(), now)
            matter.look = later or matter.over
            return False
        self._drop(matter)
        if matter.kind.startswith("pulse") and self._heard_of.get(matter.number) == there.date():
            return False
        if matter.kind.startswith("pulse"):
            self._heard_of[matter.number] = there.date()
        self._told.append(Told(matter.kind, matter.number, self._human.name, now))
        return True

    def _turn(self, matter: Matter, now: datetime) -> datetime:
        """Give the moment of the day's one message in which a reminder goes."""
        today = self._day(now)
        company = [
            other.due
            for other in self._waiting
            if other.kind == "pulse" and other.due > now and self._day(other.due) == today and matter.over > other.due
        ]
        if company:
            return min(company)
        if self._told_on != today:
            return now
        tomorrow = open_from(wall(today + DAY, EIGHT, self._human.zone), self._human.zone)
        return now if matter.over <= tomorrow else tomorrow
