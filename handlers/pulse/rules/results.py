"""What may be told of a round, and what it says: pure functions on answers and counts.

Withholding follows docs/rules.md, "What the pulse shows": nothing of fewer than five, and nothing that could be
had by subtracting what is shown from what is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import sqrt
from typing import Any

from storage.vocabulary import AgencyId, Theme

ENOUGH = 5
"""Results, a group's results, and comments appear from so many on."""

TELLING = 8
"""From so many answers on a theme's fall is told to the facilitators."""

FALL = 0.5
ADDRESS = 3.0
STRENGTH = 4.0
ROUNDING = 1e-9
BEFORE = 3
"""A theme is compared with so many of its earlier askings."""

POINTS = range(1, 6)

Counts = Mapping[str, Sequence[int]]
"""How often each of 1 to 5 was chosen, by question."""


@dataclass(frozen=True)
class Answer:
    """One person's answer, without the person."""

    agency: AgencyId
    scores: Mapping[str, int]
    comment: str = ""


@dataclass(frozen=True)
class Group:
    """Agencies whose answers are shown together."""

    agencies: Sequence[AgencyId]
    answered: int
    counts: Counts


@dataclass(frozen=True)
class Result:
    """All that is kept of a round. `counts` is empty where fewer than five answered."""

    asked: int
    answered: int
    counts: Counts = field(default_factory=dict)
    groups: Sequence[Group] = ()
    comments: Sequence[str] = ()
    comments_withheld: bool = False


def summarise(asked: int, questions: Sequence[str], answers: Sequence[Answer]) -> Result:
    """Make of a round's answers what may be kept; the answers come shuffled, and so do the comments."""
    comments = [answer.comment for answer in answers if answer.comment]
    if len(answers) < ENOUGH:
        # not even whether there were comments: of one answer, that would tell what its person did
        return Result(asked, len(answers))
    enough = len(comments) >= ENOUGH
    return Result(
        asked,
        len(answers),
        count(questions, answers),
        _grouped(questions, answers),
        comments if enough else (),
        bool(comments) and not enough,
    )


def count(questions: Sequence[str], answers: Sequence[Answer]) -> dict[str, list[int]]:
    """Count how often each of 1 to 5 was chosen."""
    return {key: [sum(answer.scores[key] == point for answer in answers) for point in POINTS] for key in questions}


def _grouped(questions: Sequence[str], answers: Sequence[Answer]) -> list[Group]:
    theirs: dict[AgencyId, list[Answer]] = {}
    for answer in answers:
        theirs.setdefault(answer.agency, []).append(answer)
    made = []
    for agencies in groups({agency: len(found) for agency, found in theirs.items()}):
        together = [answer for agency in agencies for answer in theirs[agency]]
        made.append(Group(agencies, len(together), count(questions, together)))
    return made


def groups(sizes: Mapping[AgencyId, int]) -> list[list[AgencyId]]:
    """Divide the agencies into groups that may be shown beside the whole, by how many of each answered.

    An agency with five answers stands by itself; the others are pooled. A pool of fewer than five could be had by
    subtraction, so it is joined to the smallest group shown. A single group would only repeat the whole: none.
    """
    order = sorted((agency for agency in sizes if sizes[agency]), key=lambda agency: (-sizes[agency], agency))
    shown = [[agency] for agency in order if sizes[agency] >= ENOUGH]
    pool = [agency for agency in order if sizes[agency] < ENOUGH]
    if sum(sizes[agency] for agency in pool) >= ENOUGH:
        shown.append(pool)
    elif pool and shown:
        shown[-1].extend(pool)
    return shown if len(shown) > 1 else []


def dump(result: Result) -> dict[str, Any]:
    """Turn a result into what the database keeps."""
    return {
        "asked": result.asked,
        "answered": result.answered,
        "counts": dict(result.counts),
        "groups": [{"agencies": list(g.agencies), "answered": g.answered, "counts": g.counts} for g in result.groups],
        "comments": list(result.comments),
        "comments_withheld": result.comments_withheld,
    }


def load(kept: Mapping[str, Any]) -> Result:
    """Read a result that was kept."""
    return Result(
        kept["asked"],
        kept["answered"],
        kept["counts"],
        [Group([AgencyId(a) for a in g["agencies"]], g["answered"], g["counts"]) for g in kept["groups"]],
        kept["comments"],
        kept["comments_withheld"],
    )


def mean(counts: Sequence[int]) -> float:
    """Give the mean of points counted 1 to 5."""
    return sum(point * n for point, n in zip(POINTS, counts, strict=True)) / sum(counts)


def spread(counts: Sequence[int]) -> float:
    """Give the standard deviation of points counted 1 to 5: 0 where all agree, 2 where half say 1 and half 5."""
    middle, total = mean(counts), sum(counts)
    return sqrt(sum(n * (point - middle) ** 2 for point, n in zip(POINTS, counts, strict=True)) / total)


def theme_of(key: str) -> Theme:
    """Give the theme of a question."""
    return Theme(key.rpartition("-")[0])


def by_theme(counts: Counts) -> dict[Theme, list[int]]:
    """Give the counts of each theme."""
    return {theme_of(key): list(found) for key, found in counts.items()}


@dataclass(frozen=True)
class Asking:
    """How a theme stood in one round."""

    day: date
    answered: int
    mean: float


def history(rounds: Sequence[tuple[date, Result]]) -> dict[Theme, list[Asking]]:
    """Give for each theme its askings in the order of the rounds, which is oldest first."""
    found: dict[Theme, list[Asking]] = {}
    for day, result in rounds:
        for theme, counts in by_theme(result.counts).items():
            found.setdefault(theme, []).append(Asking(day, result.answered, mean(counts)))
    return found


def change(askings: Sequence[Asking]) -> float | None:
    """Give how far the last asking lies from the one before, or None where there is none before."""
    return round(askings[-1].mean - askings[-2].mean, 1) if len(askings) > 1 else None


def is_falling(askings: Sequence[Asking]) -> bool:
    """Tell whether a theme fell by half a point against the mean of its last three askings."""
    *earlier, last = askings
    before = [asking.mean for asking in earlier[-BEFORE:]]
    return last.answered >= TELLING and bool(before) and sum(before) / len(before) - last.mean >= FALL - ROUNDING


def stays_low(askings: Sequence[Asking]) -> bool:
    """Tell whether a theme was below 3.0 in its last two askings."""
    low = len(askings) > 1 and all(asking.mean < ADDRESS for asking in askings[-2:])
    return low and askings[-1].answered >= TELLING


def reading(value: float) -> str:
    """Say what a mean is read as; it is judged as it is shown, to one decimal."""
    shown = round(value, 1)
    if shown < ADDRESS:
        return "address"
    return "strength" if shown >= STRENGTH else "talk"
