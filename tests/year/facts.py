"""What people did and the bot acknowledged: all that the reckoning knows of the story."""

from dataclasses import dataclass, field
from datetime import date, datetime

from tests.year.cast import Human


@dataclass
class Motion:
    """One proposal, and since when each agency was heard on it."""

    number: int
    made: datetime
    closes: datetime
    heard: dict[str, datetime] = field(default_factory=dict)


@dataclass
class Facts:
    """Who was there when, and who said what; moments are those of acknowledgements."""

    cast: dict[str, Human]
    ids: dict[str, str] = field(default_factory=dict)
    joined: dict[str, datetime] = field(default_factory=dict)
    left: dict[str, datetime] = field(default_factory=dict)
    away: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=dict)
    paused: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=dict)
    closed: dict[str, list[tuple[datetime, date, date]]] = field(default_factory=dict)
    answered: dict[tuple[int, str], datetime] = field(default_factory=dict)
    skipped: dict[tuple[int, str], datetime] = field(default_factory=dict)
    motions: dict[int, Motion] = field(default_factory=dict)
    minutes: dict[int, datetime] = field(default_factory=dict)
    settled: int = 0
    """How often somebody looked for a post of which the bot could not know, and said so."""
    reposted: list[datetime] = field(default_factory=list)
    """When somebody found such a post missing and had it posted again."""
    odd: list[str] = field(default_factory=list)
    """What the bot answered to a vote and nobody had reckoned with."""
    again: int = 0
    """How often somebody had to do a thing again, since the bot did not take it."""
