"""The people of the year: agencies, their members, and where they live."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox import Channel, Workspace
from bot.sandbox import Person as Known

ZONES = (
    "America/Denver",
    "America/Los_Angeles",
    "America/Chicago",
    "America/New_York",
    "America/Phoenix",
    "America/Anchorage",
    "Pacific/Honolulu",
    "Europe/Berlin",
    "Asia/Kolkata",
)
HOME = ZONES[0]
"""The consortium's time zone."""

BEGIN = datetime.fromisoformat("2026-11-27T15:10:00+00:00")
"""A Friday; the first round of the pulse is on the following Monday."""

MONDAY = date(2026, 11, 30)


@dataclass(frozen=True)
class Scale:
    """The size of the story, and its random seed."""

    agencies: int = 12
    people: int = 250
    weeks: int = 52
    seed: int = 1
    trouble: float = 0.01
    kills: bool = True

    def random(self, *about: object) -> random.Random:
        """Return a generator that yields the same numbers each time for the same subject."""
        return random.Random("/".join(str(word) for word in (self.seed, *about)))


SHORT = Scale(agencies=4, people=40, weeks=4)


@dataclass(frozen=True)
class Human:
    """One person. `seat` is representative, alternate or member. `comes` and `goes` are weeks of the story."""

    name: str
    agency: str
    zone: str
    seat: str
    comes: int = 0
    goes: int | None = None

    @property
    def at_home(self) -> ZoneInfo:
        """Return the person's time zone."""
        return ZoneInfo(self.zone)


def agencies(scale: Scale) -> list[str]:
    """List the names of the agencies."""
    return [f"Agency {n:02}" for n in range(1, scale.agencies + 1)]


def people(scale: Scale) -> list[Human]:
    """List everyone who ever belongs to the consortium; about one in eight joins or leaves during the story."""
    dice, names, made = scale.random("people"), agencies(scale), []
    moving = max(2, scale.people // 16)
    for n in range(scale.people + moving):
        place = n // scale.agencies if n < scale.people else 2
        seat = ("representative", "alternate")[place] if place < 2 else "member"
        comes = dice.randrange(1, scale.weeks) if n >= scale.people else 0
        goes = dice.randrange(1, scale.weeks) if scale.people - moving <= n < scale.people else None
        made.append(Human(f"p{n:03}", names[n % scale.agencies], dice.choice(ZONES), seat, comes, goes))
    return made


def workspace(cast: list[Human]) -> Workspace:
    """Return a workspace with everyone who is there from the start. Ana facilitates and belongs to no agency."""
    there = [human for human in cast if human.comes == 0]
    names = ("ana", *(human.name for human in there))
    known = [Known("ana", "Ana", "ana@example.org", HOME)]
    known += [Known(h.name, f"Person {h.name}", f"{h.name}@example.org", h.zone) for h in there]
    council = Channel("council", names, topic="Where the agencies decide")
    return Workspace("Northern Valleys", "northern-valleys", tuple(known), (council,))


def wall(day: date, clock: time, zone: str) -> datetime:
    """Return the time at which clocks in a zone show `clock`; no time in the story falls into a gap."""
    return datetime.combine(day, clock, ZoneInfo(zone))


def monday(week: int) -> date:
    """Return the day of a week's round; weeks count from 0."""
    return MONDAY + timedelta(weeks=week)
