"""A closed round as it stands among the earlier ones: everything that views show, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from handlers.pulse.rules import results
from handlers.pulse.rules.results import Asking, Counts, Group, Result
from storage import agencies, consortia, pulse
from storage.pulse import Round
from storage.vocabulary import AgencyId, Theme

ROUNDS = 24
"""So many rounds are looked back upon; with themes taking turns that is twelve askings of each."""


@dataclass(frozen=True)
class Reading:
    """What one theme says. `change` is against its last asking, None where there was none; `askings` end with it."""

    theme: Theme
    counts: Sequence[int]
    mean: float
    spread: float
    change: float | None
    askings: Sequence[Asking]
    falls: bool
    low: bool

    @property
    def read_as(self) -> str:
        """Give what the mean is read as: address, talk or strength."""
        return results.reading(self.mean)


@dataclass(frozen=True)
class RoundSnapshot:
    """A closed round as plain values.

    `names` has the agencies' names. `before` has the counts of the groups shown when these themes were last asked
    about.
    """

    number: int
    day: date
    closed_at: datetime
    zone: str
    result: Result
    readings: Sequence[Reading]
    names: Mapping[AgencyId, str]
    before: Mapping[frozenset[AgencyId], Counts]

    @property
    def concerns(self) -> list[Reading]:
        """List the themes of which the facilitators are told."""
        return [reading for reading in self.readings if reading.falls or reading.low]

    def change(self, group: Group, theme: Theme) -> float | None:
        """Give how far a group's mean lies from the last time; only where the same agencies stood together."""
        earlier = results.by_theme(self.before.get(frozenset(group.agencies), {})).get(theme)
        if earlier is None:
            return None
        return round(results.mean(results.by_theme(group.counts)[theme]) - results.mean(earlier), 1)


def take(session: Session, closed: Round) -> RoundSnapshot:
    """Take the picture of a closed round."""
    result = results.load(closed.result or {})
    themes = set(results.by_theme(result.counts))
    earlier = [
        (one.day, results.load(one.result or {}))
        for one in reversed(pulse.closed_rounds(session, closed.consortium_id, ROUNDS))
        if one.number < closed.number
    ]
    alike = [(on, one) for on, one in earlier if themes & set(results.by_theme(one.counts))]
    story = results.history([*alike, (closed.day, result)])
    return RoundSnapshot(
        number=closed.number,
        day=closed.day,
        closed_at=closed.closes_at,
        zone=session.get_one(consortia.Consortium, closed.consortium_id).zone,
        result=result,
        readings=[_reading(theme, counts, story[theme]) for theme, counts in results.by_theme(result.counts).items()],
        names={id_: agency.name for id_, agency in agencies.every(session, closed.consortium_id).items()},
        before={frozenset(g.agencies): g.counts for g in alike[-1][1].groups} if alike else {},
    )


def _reading(theme: Theme, counts: Sequence[int], askings: Sequence[Asking]) -> Reading:
    return Reading(
        theme,
        counts,
        results.mean(counts),
        results.spread(counts),
        results.change(askings),
        askings,
        results.is_falling(askings),
        results.stays_low(askings),
    )
