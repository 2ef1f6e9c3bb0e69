"""What a round showed, as numbers and bands, and how it is interpreted: pure functions on plain values.

Source: docs/rules.md, "The pulse".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import sqrt
from typing import Any, Literal

from storage.vocabulary import AgencyId, Theme

CONCERN_ANSWERS = 8
"""Facilitators are notified about a theme from this number of answers on."""

FALL = 0.5
LOW = 3.0
STRENGTH = 4.0
ROUNDING = 1e-9
COMPARED = 3
"""A result is compared with the mean of this number of earlier askings of the same sentence."""

POINTS = range(1, 6)

Level = Literal["address", "talk", "strength"]
LEVELS: tuple[Level, ...] = ("address", "talk", "strength")

_TOPS = (LOW - 0.1, STRENGTH - 0.1, float(POINTS[-1]))
"""The highest mean of each level, to one decimal."""

Counts = tuple[int, ...]
"""How often each of 1 to 5 was chosen."""


@dataclass(frozen=True)
class Band:
    """A range in place of a number: from one level to another, as places in `LEVELS`."""

    first: int
    last: int

    @property
    def level(self) -> Level | None:
        """Return the level if there is only one."""
        return LEVELS[self.first] if self.first == self.last else None


Shown = Counts | Band
"""What is shown of a sentence: how often each point was chosen, or only a band."""

ShownByKey = Mapping[str, Shown]
"""What is shown, by question key. Nothing is shown of keys that are missing."""


@dataclass(frozen=True)
class Group:
    """Agencies whose answers are shown together."""

    agencies: Sequence[AgencyId]
    answered: int
    shown: ShownByKey = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """Everything that is kept of a round. `shown` is empty if fewer than five people answered.

    `blank` are the sentences of which nothing is shown because of what was answered: fewer than five people rated them,
    or too many chose that they do not apply.
    """

    asked: int
    answered: int
    shown: ShownByKey = field(default_factory=dict)
    groups: Sequence[Group] = ()
    comments: Sequence[str] = ()
    comments_withheld: bool = False
    blank: Sequence[str] = ()


def to_json(result: Result) -> dict[str, Any]:
    """Convert a result to the JSON that the database keeps."""
    return {
        "asked": result.asked,
        "answered": result.answered,
        **_shown_to_json(result.shown),
        "groups": [
            {"agencies": list(g.agencies), "answered": g.answered} | _shown_to_json(g.shown) for g in result.groups
        ],
        "comments": list(result.comments),
        "comments_withheld": result.comments_withheld,
        "blank": list(result.blank),
    }


def _shown_to_json(shown: ShownByKey) -> dict[str, Any]:
    return {
        "counts": {key: list(value) for key, value in shown.items() if not isinstance(value, Band)},
        "bands": {key: [value.first, value.last] for key, value in shown.items() if isinstance(value, Band)},
    }


def from_json(kept: Mapping[str, Any]) -> Result:
    """Convert the JSON that the database keeps to a result."""
    return Result(
        kept["asked"],
        kept["answered"],
        _shown_from_json(kept),
        [Group([AgencyId(a) for a in g["agencies"]], g["answered"], _shown_from_json(g)) for g in kept["groups"]],
        kept["comments"],
        kept["comments_withheld"],
        # version 0.1.0 had no sentences that do not apply
        kept.get("blank", ()),
    )


def _shown_from_json(kept: Mapping[str, Any]) -> dict[str, Shown]:
    shown: dict[str, Shown] = {key: tuple(counts) for key, counts in kept["counts"].items()}
    # version 0.1.0 kept no bands
    return shown | {key: Band(*levels) for key, levels in kept.get("bands", {}).items()}


def mean(counts: Sequence[int]) -> float:
    """Return the mean of scores counted from 1 to 5."""
    return sum(point * n for point, n in zip(POINTS, counts, strict=True)) / sum(counts)


def spread(counts: Sequence[int]) -> float:
    """Return the standard deviation: 0 if all scores are equal, 2 if half are 1 and half are 5."""
    middle, total = mean(counts), sum(counts)
    return sqrt(sum(n * (point - middle) ** 2 for point, n in zip(POINTS, counts, strict=True)) / total)


def interpret(value: float) -> Level:
    """Interpret a mean as it is shown, to one decimal: address it, talk about it, or a strength."""
    shown = round(value, 1)
    if shown < LOW:
        return "address"
    return "strength" if shown >= STRENGTH else "talk"


def level_of(shown: Shown) -> Level | None:
    """Interpret what is shown; None for a band of several levels."""
    return shown.level if isinstance(shown, Band) else interpret(mean(shown))


def upper_end(shown: Shown | None) -> float:
    """Return the mean to one decimal, or the highest mean of a band; 5 if nothing is shown."""
    if shown is None:
        return float(POINTS[-1])
    return _TOPS[shown.last] if isinstance(shown, Band) else round(mean(shown), 1)


def hull(bands: Iterable[Band]) -> Band:
    """Return the band that reaches from the lowest to the highest level of these."""
    every = list(bands)
    return Band(min(band.first for band in every), max(band.last for band in every))


def theme_of(key: str) -> Theme:
    """Return the theme of a question."""
    return Theme(key.rpartition("-")[0])


@dataclass(frozen=True)
class Asking:
    """What one round showed of one sentence; `shown` is None if it showed nothing.

    `answered` is how many rated it. Where no number is shown, only how many answered the round is known.
    """

    day: date
    key: str
    answered: int
    shown: Shown | None

    @property
    def mean(self) -> float | None:
        """Return the mean, if it is shown."""
        return None if self.shown is None or isinstance(self.shown, Band) else mean(self.shown)


def askings_of_theme(rounds: Iterable[tuple[date, Sequence[str], Result]], theme: Theme) -> list[Asking]:
    """List a theme's askings in the order of the rounds, whichever sentences they used."""
    return [
        Asking(day, key, result.answered if shown is None or isinstance(shown, Band) else sum(shown), shown)
        for day, questions, result in rounds
        for key in questions
        if theme_of(key) is theme
        for shown in [result.shown.get(key)]
    ]


def same_sentence(askings: Sequence[Asking]) -> list[Asking]:
    """Return those askings that used the sentence of the last one and showed something."""
    return [asking for asking in askings if asking.key == askings[-1].key and asking.shown is not None]


@dataclass(frozen=True)
class Change:
    """How far a mean is from the mean of up to three earlier askings of the same sentence, and when these were."""

    by: float
    days: tuple[date, ...]


def change(askings: Sequence[Asking]) -> Change | None:
    """Return how the last asking compares with the three before it that used the same sentence and showed a number.

    None if one of the two sides is missing.
    """
    *earlier, last = askings
    numbers = [
        (asking.day, value) for asking in earlier if asking.key == last.key and (value := asking.mean) is not None
    ]
    before = numbers[-COMPARED:]
    if last.mean is None or not before:
        return None
    return Change(last.mean - sum(value for _, value in before) / len(before), tuple(day for day, _ in before))


def is_falling(askings: Sequence[Asking]) -> bool:
    """Return whether the last asking is half a point or more below the last three of the same sentence."""
    compared = change(askings)
    return compared is not None and askings[-1].answered >= CONCERN_ANSWERS and compared.by <= ROUNDING - FALL


def stays_low(askings: Sequence[Asking]) -> bool:
    """Return whether the theme's last two askings are shown to be below 3.0, whichever sentences they used."""
    low = len(askings) > 1 and all(
        asking.shown is not None and level_of(asking.shown) == "address" for asking in askings[-2:]
    )
    return low and askings[-1].answered >= CONCERN_ANSWERS
