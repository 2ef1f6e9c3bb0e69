"""What people did and the bot acknowledged: the only input of the comparison."""

from dataclasses import dataclass, field
from datetime import date, datetime

from tests.year.cast import Human


@dataclass
class ProposalFacts:
    """One proposal, and since when each agency has been heard on it."""

    number: int
    made: datetime
    closes: datetime
    heard: dict[str, datetime] = field(default_factory=dict)


@dataclass
class Facts:
    """Who was there when, and who said what; times are those of acknowledgments."""

    cast: dict[str, Human]
    ids: dict[str, str] = field(default_factory=dict)
    joined: dict[str, datetime] = field(default_factory=dict)
    left: dict[str, datetime] = field(default_factory=dict)
    away: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=dict)
    paused: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=dict)
    closed: dict[str, list[tuple[datetime, date, date]]] = field(default_factory=dict)
    answered: dict[tuple[int, str], datetime] = field(default_factory=dict)
    skipped: dict[tuple[int, str], datetime] = field(default_factory=dict)
    proposals: dict[int, ProposalFacts] = field(default_factory=dict)
    minutes: dict[int, datetime] = field(default_factory=dict)
    settled: int = 0
    """How many unknown posts people have settled."""
    reposted: list[datetime] = field(default_factory=list)
    """When people had a missing post posted again."""
    odd: list[str] = field(default_factory=list)
    """Unexpected answers to votes."""
    again: int = 0
    """How many actions had to be repeated because the bot did not accept them."""
