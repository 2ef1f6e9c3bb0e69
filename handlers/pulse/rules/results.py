"""What of a round may be shown, and how it is interpreted: pure functions on answers and counts.

Source: docs/rules.md, "What the pulse shows". Nothing is shown about fewer than five people, and nothing from which
that could be worked out by subtraction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import sqrt
from typing import Any, Literal

from storage.vocabulary import AgencyId, Theme

MIN_SHOWN = 5
"""Answers of a round, answers of a group, and comments are shown if there are at least this many."""

CONCERN_ANSWERS = 8
"""Facilitators are notified about a theme from this number of answers on."""

FALL = 0.5
LOW = 3.0
STRENGTH = 4.0
ROUNDING = 1e-9
COMPARED = 3
"""A theme is compared with the mean of this number of earlier scores."""

POINTS = range(1, 6)

Counts = Mapping[str, Sequence[int]]
"""How often each of 1 to 5 was chosen, by question key."""


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
    """Everything that is kept of a round. `counts` is empty if fewer than five people answered."""

    asked: int
    answered: int
    counts: Counts = field(default_factory=dict)
    groups: Sequence[Group] = ()
    comments: Sequence[str] = ()
    comments_withheld: bool = False


def summarize(asked: int, questions: Sequence[str], answers: Sequence[Answer]) -> Result:
    """Reduce a round's answers to what may be kept. Answers come shuffled, so comments are shuffled too."""
    comments = [answer.comment for answer in answers if answer.comment]
    if len(answers) < MIN_SHOWN:
        # do not even keep whether there were comments: with one answer, that would be about one person
        return Result(asked, len(answers))
    enough = len(comments) >= MIN_SHOWN
    return Result(
        asked,
        len(answers),
        count(questions, answers),
        _count_groups(questions, answers),
        comments if enough else (),
        bool(comments) and not enough,
    )


def count(questions: Sequence[str], answers: Sequence[Answer]) -> dict[str, list[int]]:
    """Count how often each of 1 to 5 was chosen."""
    return {key: [sum(answer.scores[key] == point for answer in answers) for point in POINTS] for key in questions}


def _count_groups(questions: Sequence[str], answers: Sequence[Answer]) -> list[Group]:
    by_agency: dict[AgencyId, list[Answer]] = {}
    for answer in answers:
        by_agency.setdefault(answer.agency, []).append(answer)
    counted = []
    for agencies in group_agencies({agency: len(own) for agency, own in by_agency.items()}):
        together = [answer for agency in agencies for answer in by_agency[agency]]
        counted.append(Group(agencies, len(together), count(questions, together)))
    return counted


def group_agencies(sizes: Mapping[AgencyId, int]) -> list[list[AgencyId]]:
    """Divide agencies, by how many people of each answered, into groups that may be shown beside the total.

    An agency with five answers is a group of its own. The others are pooled. A pool of fewer than five could be
    worked out by subtraction, so it joins the smallest group. A single group would only repeat the total, so then
    there are none.
    """
    order = sorted((agency for agency in sizes if sizes[agency]), key=lambda agency: (-sizes[agency], agency))
    shown = [[agency] for agency in order if sizes[agency] >= MIN_SHOWN]
    pool = [agency for agency in order if sizes[agency] < MIN_SHOWN]
    if sum(sizes[agency] for agency in pool) >= MIN_SHOWN:
        shown.append(pool)
    elif pool and shown:
        shown[-1].extend(pool)
    return shown if len(shown) > 1 else []


def to_json(result: Result) -> dict[str, Any]:
    """Convert a result to the JSON that the database keeps."""
    return {
        "asked": result.asked,
        "answered": result.answered,
        "counts": dict(result.counts),
        "groups": [{"agencies": list(g.agencies), "answered": g.answered, "counts": g.counts} for g in result.groups],
        "comments": list(result.comments),
        "comments_withheld": result.comments_withheld,
    }


def from_json(kept: Mapping[str, Any]) -> Result:
    """Convert the JSON that the database keeps to a result."""
    return Result(
        kept["asked"],
        kept["answered"],
        kept["counts"],
        [Group([AgencyId(a) for a in g["agencies"]], g["answered"], g["counts"]) for g in kept["groups"]],
        kept["comments"],
        kept["comments_withheld"],
    )


def mean(counts: Sequence[int]) -> float:
    """Return the mean of scores counted from 1 to 5."""
    return sum(point * n for point, n in zip(POINTS, counts, strict=True)) / sum(counts)


def spread(counts: Sequence[int]) -> float:
    """Return the standard deviation: 0 if all scores are equal, 2 if half are 1 and half are 5."""
    middle, total = mean(counts), sum(counts)
    return sqrt(sum(n * (point - middle) ** 2 for point, n in zip(POINTS, counts, strict=True)) / total)


def theme_of(key: str) -> Theme:
    """Return the theme of a question."""
    return Theme(key.rpartition("-")[0])


def counts_by_theme(counts: Counts) -> dict[Theme, list[int]]:
    """Return the counts of each theme; a round asks one question about a theme."""
    return {theme_of(key): list(numbers) for key, numbers in counts.items()}


@dataclass(frozen=True)
class ThemeScore:
    """The mean of a theme in one round, and how many people answered."""

    day: date
    answered: int
    mean: float


def scores_by_theme(rounds: Sequence[tuple[date, Result]]) -> dict[Theme, list[ThemeScore]]:
    """Return the scores of each theme in the order of the rounds, which is oldest first."""
    scores: dict[Theme, list[ThemeScore]] = {}
    for day, result in rounds:
        for theme, counts in counts_by_theme(result.counts).items():
            scores.setdefault(theme, []).append(ThemeScore(day, result.answered, mean(counts)))
    return scores


def change(scores: Sequence[ThemeScore]) -> float | None:
    """Return how far the last score is from the one before, to one decimal; None if there is only one."""
    return round(scores[-1].mean - scores[-2].mean, 1) if len(scores) > 1 else None


def is_falling(scores: Sequence[ThemeScore]) -> bool:
    """Return whether the last score is half a point or more below the mean of up to three before it."""
    *earlier, last = scores
    before = [score.mean for score in earlier[-COMPARED:]]
    return (
        last.answered >= CONCERN_ANSWERS and bool(before) and sum(before) / len(before) - last.mean >= FALL - ROUNDING
    )


def stays_low(scores: Sequence[ThemeScore]) -> bool:
    """Return whether the last two scores are below 3.0."""
    low = len(scores) > 1 and all(score.mean < LOW for score in scores[-2:])
    return low and scores[-1].answered >= CONCERN_ANSWERS


def interpret(value: float) -> Literal["address", "talk", "strength"]:
    """Interpret a mean as it is shown, to one decimal: address it, talk about it, or a strength."""
    shown = round(value, 1)
    if shown < LOW:
        return "address"
    return "strength" if shown >= STRENGTH else "talk"
