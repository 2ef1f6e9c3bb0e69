"""A closed round and its history as plain values, for the views."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from handlers.pulse.rules import results
from handlers.pulse.rules.results import Counts, Group, Result, ThemeScore
from storage import agencies, pulse
from storage.consortia import Consortium
from storage.pulse import PulseRound
from storage.vocabulary import AgencyId, Theme

HISTORY = 24
"""How many earlier rounds are read. Themes take turns, so that is twelve scores of each."""


@dataclass(frozen=True)
class ThemeResult:
    """One theme of a round. `change` compares it with the previous score, if any. `scores` includes this round."""

    theme: Theme
    counts: Sequence[int]
    mean: float
    spread: float
    change: float | None
    scores: Sequence[ThemeScore]
    falls: bool
    low: bool

    @property
    def interpretation(self) -> str:
        """Return how the mean is interpreted: `address`, `talk` or `strength`."""
        return results.interpret(self.mean)


@dataclass(frozen=True)
class RoundSnapshot:
    """A closed round as plain values.

    `names` are the names of the agencies. `previous_groups` are the counts of the groups that were shown when these
    themes were last asked about.
    """

    number: int
    day: date
    closed_at: datetime
    zone: str
    result: Result
    themes: Sequence[ThemeResult]
    names: Mapping[AgencyId, str]
    previous_groups: Mapping[frozenset[AgencyId], Counts]

    @property
    def concerns(self) -> list[ThemeResult]:
        """Return the themes about which facilitators are notified."""
        return [theme for theme in self.themes if theme.falls or theme.low]

    def change(self, group: Group, theme: Theme) -> float | None:
        """Return how far a group's mean is from the last time; None unless the same agencies were shown together."""
        previous = results.counts_by_theme(self.previous_groups.get(frozenset(group.agencies), {})).get(theme)
        if previous is None:
            return None
        return round(results.mean(results.counts_by_theme(group.counts)[theme]) - results.mean(previous), 1)


def load_snapshot(session: Session, closed: PulseRound) -> RoundSnapshot:
    """Load a closed round, compared with the rounds before it."""
    result = results.from_json(closed.result or {})
    themes = set(results.counts_by_theme(result.counts))
    earlier = [
        (row.day, results.from_json(row.result or {}))
        for row in reversed(pulse.list_closed_rounds(session, closed.consortium_id, HISTORY))
        if row.number < closed.number
    ]
    comparable = [(day, older) for day, older in earlier if themes & set(results.counts_by_theme(older.counts))]
    scores = results.scores_by_theme([*comparable, (closed.day, result)])
    return RoundSnapshot(
        number=closed.number,
        day=closed.day,
        closed_at=closed.closes_at,
        zone=session.get_one(Consortium, closed.consortium_id).zone,
        result=result,
        themes=[
            _theme(theme, counts, scores[theme]) for theme, counts in results.counts_by_theme(result.counts).items()
        ],
        names={id_: agency.name for id_, agency in agencies.all_by_id(session, closed.consortium_id).items()},
        previous_groups={frozenset(g.agencies): g.counts for g in comparable[-1][1].groups} if comparable else {},
    )


def _theme(theme: Theme, counts: Sequence[int], scores: Sequence[ThemeScore]) -> ThemeResult:
    return ThemeResult(
        theme,
        counts,
        results.mean(counts),
        results.spread(counts),
        results.change(scores),
        scores,
        results.is_falling(scores),
        results.stays_low(scores),
    )
