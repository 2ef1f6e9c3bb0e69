"""Names of the kinds of polls, and short labels of options, for people."""

from collections.abc import Mapping

from handlers.kit.text import truncate
from handlers.polls.rules import POINTS
from storage.vocabulary import PollKind

KIND_NAMES = {
    PollKind.ONE: "one choice",
    PollKind.SEVERAL: "several choices",
    PollKind.RANKED: "ranked choice",
    PollKind.SCORE: f"points from 0 to {POINTS}",
    PollKind.DOTS: "dots to spend",
    PollKind.TIME: "time poll",
}


def short_labels(labels: Mapping[int, str], width: int) -> dict[int, str]:
    """Cut the labels of options to a width. If two look the same then, number all of them."""
    short = {place: truncate(label, width) for place, label in labels.items()}
    if len(set(short.values())) == len(short):
        return short
    return {place: truncate(f"{place}. {label}", width) for place, label in labels.items()}
