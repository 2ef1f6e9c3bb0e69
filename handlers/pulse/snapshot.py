"""A closed round and its history as plain values, for the views."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from handlers.pulse.rules import results
from handlers.pulse.rules.disclosure import MIN_SHOWN
from handlers.pulse.rules.results import Asking, Change, Group, Level, Result, Shown
from storage import agencies, pulse
from storage.consortia import Consortium
from storage.pulse import PulseRound
from storage.vocabulary import AgencyId, Theme

HISTORY = 72
"""How many earlier rounds are read. Themes and sentences take turns, so that is twelve askings of each sentence."""

Rounds = Sequence[tuple[date, Sequence[str], Result]]


@dataclass(frozen=True)
class ThemeResult:
    """One theme of a round. `shown` is None where nothing may be shown.

    `askings` are those of the theme up to this round, whichever sentences they used.
    """

    theme: Theme
    key: str
    shown: Shown | None
    askings: Sequence[Asking]

    @property
    def level(self) -> Level | None:
        """Return how the result is interpreted; None if nothing or a band of several levels is shown."""
        return None if self.shown is None else results.level_of(self.shown)

    @property
    def mean(self) -> float | None:
        """Return the mean, if it is shown."""
        return self.askings[-1].mean

    @property
    def at_most(self) -> float:
        """Return the mean, or the upper end of the band."""
        return results.upper_end(self.shown)

    @property
    def change(self) -> Change | None:
        """Return how the result compares with the last three askings of the same sentence."""
        return results.change(self.askings)

    @property
    def history(self) -> Sequence[Asking]:
        """Return what was shown of this round's sentence, oldest first."""
        return results.same_sentence(self.askings)

    @property
    def falls(self) -> bool:
        """Return whether facilitators are notified that the theme falls."""
        return results.is_falling(self.askings)

    @property
    def low(self) -> bool:
        """Return whether facilitators are notified that the theme stays low."""
        return results.stays_low(self.askings)


@dataclass(frozen=True)
class RoundSnapshot:
    """A closed round as plain values. `names` are the names of the agencies, `rounds` this round and those before."""

    number: int
    day: date
    closed_at: datetime
    zone: str
    result: Result
    themes: Sequence[ThemeResult]
    names: Mapping[AgencyId, str]
    rounds: Rounds

    @property
    def concerns(self) -> list[ThemeResult]:
        """Return the themes about which facilitators are notified."""
        return [theme for theme in self.themes if theme.falls or theme.low]

    def change(self, group: Group, key: str) -> Change | None:
        """Return how a group's mean compares with the last three askings in which the same agencies were a group."""
        theirs = [
            (day, questions, Result(own.answered, own.answered, own.shown))
            for day, questions, result in self.rounds
            for own in result.groups
            if set(own.agencies) == set(group.agencies)
        ]
        return results.change(results.askings_of_theme(theirs, results.theme_of(key)))


def load_snapshot(session: Session, closed: PulseRound) -> RoundSnapshot:
    """Load a closed round, compared with the rounds before it."""
    rows = [*pulse.list_closed_before(session, closed, HISTORY), closed]
    rounds = [(row.day, row.questions, results.from_json(row.result)) for row in rows if row.result]
    result = results.from_json(closed.result or {})
    return RoundSnapshot(
        number=closed.number,
        day=closed.day,
        closed_at=closed.closes_at,
        zone=session.get_one(Consortium, closed.consortium_id).zone,
        result=result,
        themes=[
            ThemeResult(theme, key, result.shown.get(key), results.askings_of_theme(rounds, theme))
            for key in (closed.questions if result.answered >= MIN_SHOWN else ())
            for theme in [results.theme_of(key)]
        ],
        names={id_: agency.name for id_, agency in agencies.all_by_id(session, closed.consortium_id).items()},
        rounds=rounds,
    )
