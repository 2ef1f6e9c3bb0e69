"""Ballots as people type them."""

import re
from collections.abc import Callable, Mapping, Sequence

from handlers.kit.refusals import Refusal
from handlers.kit.text import cut, escape
from handlers.polls.rules import MAYBE, NO, POINTS, YES
from storage.vocabulary import PollKind

_TIME_WORDS = {
    "yes": YES,
    "y": YES,
    "if need be": MAYBE,
    "need be": MAYBE,
    "maybe": MAYBE,
    "no": NO,
    "n": NO,
}

KIND_NAMES = {
    PollKind.ONE: "one choice",
    PollKind.SEVERAL: "several choices",
    PollKind.RANKED: "ranked choice",
    PollKind.SCORE: f"points from 0 to {POINTS}",
    PollKind.DOTS: "dots to spend",
    PollKind.TIME: "time poll",
}

EXAMPLES = {
    PollKind.ONE: "2",
    PollKind.SEVERAL: "1, 2",
    PollKind.RANKED: "2, 1",
    PollKind.SCORE: "1=5 2=3",
    PollKind.DOTS: "1=3 2=2",
    PollKind.TIME: "1 yes, 2 maybe",
}


def read_ballot(kind: PollKind, number: int, options: Mapping[int, str], typed: str) -> dict[int, int]:
    """Read a ballot by the options' numbers or words. Raises Refusal where it cannot be read."""
    find = _finder(kind, number, options)
    typed = " ".join(typed.split())
    if not typed.strip(" ,;>"):
        raise Refusal(f"A vote names a choice, by its number or its words. {_example(kind, number)}")
    if kind in {PollKind.SCORE, PollKind.DOTS}:
        return _pairs(kind, number, typed, find)
    if kind is PollKind.TIME:
        return _times(number, typed, find)
    places = _places(typed, options, find)
    if len(set(places)) < len(places):
        raise Refusal(f"One choice stands there twice. {_example(kind, number)}")
    if kind is PollKind.RANKED:
        return {place: rank for rank, place in enumerate(places, start=1)}
    return dict.fromkeys(places, 1)


def _example(kind: PollKind, number: int) -> str:
    return f"For example: `/vote {number} {EXAMPLES[kind]}`"


def _finder(kind: PollKind, number: int, options: Mapping[int, str]) -> Callable[[str], int]:
    """Make the function that finds an option by its exact words, else by its number."""

    def find(word: str) -> int:
        folded = " ".join(word.split()).casefold()
        if re.fullmatch(r"#\d{1,4}", folded) and int(folded[1:]) in options:
            return int(folded[1:])
        by_words = [place for place, label in options.items() if " ".join(label.split()).casefold() == folded]
        found = re.fullmatch(r"#?(\d{1,4})\.?", folded)
        by_number = int(found[1]) if found and int(found[1]) in options else None
        if by_words and by_number is not None and by_number not in by_words:
            raise Refusal(
                f"“{escape(word)}” is choice {by_words[0]} by its words, and choice {by_number} is "
                f"{_shown(options[by_number])}. Which one? Write `#{by_words[0]}` or `#{by_number}`, for example: "
                f"`/vote {number} #{by_number}`"
            )
        if by_words:
            return by_words[0]
        if by_number is not None:
            return by_number
        listing = ", ".join(f"{place} {_shown(label)}" for place, label in list(options.items())[:10])
        raise Refusal(f"“{escape(cut(word, 60))}” is not among the choices: {listing}. {_example(kind, number)}")

    return find


def _shown(label: str) -> str:
    return f"“{escape(cut(label, 40))}”"


def _places(typed: str, options: Mapping[int, str], find: Callable[[str], int]) -> list[int]:
    text = typed
    labels = {" ".join(label.split()).casefold() for label in options.values()}
    if text.casefold() in labels or not re.search(r"[,>;]", text):
        if re.fullmatch(r"#?\d+(\s+#?\d+)+", text) and text.casefold() not in labels:
            return [find(word) for word in text.split()]
        return [find(text)]
    return [find(part) for part in _parts(text, r"[,>;]")]


def _parts(text: str, separator: str) -> Sequence[str]:
    return [part.strip() for part in re.split(separator, text) if part.strip()]


def _pairs(kind: PollKind, number: int, typed: str, find: Callable[[str], int]) -> dict[int, int]:
    """Read `2=5 3=1`, with words too: `12 Jan=5, 19 Jan=1`."""
    ballot: dict[int, int] = {}
    found = re.findall(r"\s*([^=,;]+?)\s*=\s*(\d{1,4})(?=[\s,;]|$)[,;]?", typed)
    rest = re.sub(r"\s*([^=,;]+?)\s*=\s*(\d{1,4})(?=[\s,;]|$)[,;]?", "", typed).strip()
    if not found or rest:
        shown = f"“{escape(cut(typed, 60))}” " if typed.strip() else "That "
        raise Refusal(f"{shown}cannot be read as {KIND_NAMES[kind]}. {_example(kind, number)}")
    for word, points in found:
        place = find(word)
        if place in ballot:
            raise Refusal(f"One choice stands there twice. {_example(kind, number)}")
        ballot[place] = int(points)
    return ballot


def _times(number: int, typed: str, find: Callable[[str], int]) -> dict[int, int]:
    """Read `1 yes, 2 maybe, 3 no`."""
    ballot: dict[int, int] = {}
    for part in _parts(typed, r"[,;]"):
        said = re.fullmatch(r"(?i)(.+?)[\s=:]+(yes|y|if need be|need be|maybe|no|n)", part)
        if not said:
            raise Refusal(
                f"“{escape(cut(part, 60))}” needs yes, maybe or no behind it. {_example(PollKind.TIME, number)}"
            )
        place = find(said[1])
        if place in ballot:
            raise Refusal(f"One choice stands there twice. {_example(PollKind.TIME, number)}")
        ballot[place] = _TIME_WORDS[said[2].casefold()]
    return ballot
