"""Where quoted texts begin and end in a text.

An opening quote closes only with its own partner, so that other quotes within it belong to the text. Phones and
keyboards mix quotes, so where that leaves a quote open, any quote closes any other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

MARKS = '"“”„‟«»'
_PARTNERS = {'"': '"', "“": "”", "”": "”", "„": "“”", "‟": "”", "«": "»", "»": "«"}


@dataclass(frozen=True)
class Quote:
    """A quoted text: the position of its closing quote, and the position after it.

    A text that is not closed ends with the whole text. `even` is false if straight quotes contain a single other quote,
    which may have been meant to close them.
    """

    close: int
    end: int
    closed: bool = True
    even: bool = field(default=True, compare=False)


Reading = Mapping[int, Quote]
"""The quotes of a text by the position of their opening quote."""


def readings(text: str) -> Sequence[Reading]:
    """Return the ways to read the quotes of a text, one or two.

    Straight quotes look the same at both ends, so those within others can be read in two ways.
    """
    strict = [_read(text, _own_partner), _read(text, _straight_nested)]
    every = [*strict, _read(text, _any_mark), _read(text, _past_inches)]
    for candidates in (
        [reading for reading in strict if _clean(reading)],
        [reading for reading in every if _closed(reading) and _apart(text, reading)],
        [reading for reading in every if _closed(reading)],
    ):
        if candidates:
            return [reading for place, reading in enumerate(candidates) if reading not in candidates[:place]][:2]
    return [every[-1]]


def wrap(text: str) -> str:
    """Return a text in quotes that can be read in one way only."""
    for opening, closing in ("“”", "«»", "„”"):
        wrapped = f"{opening}{text}{closing}"
        if _own_partner(wrapped, 0) == len(wrapped) - 1:
            return wrapped
    return f"“{text.translate(dict.fromkeys(map(ord, MARKS)))}”"


def _closed(reading: Reading) -> bool:
    return all(quote.closed for quote in reading.values())


def _apart(text: str, reading: Reading) -> bool:
    """Return whether no quote opens right behind a letter, and none closes right before one."""
    return not any(text[:begin][-1:].isalnum() or text[quote.end :][:1].isalnum() for begin, quote in reading.items())


def _clean(reading: Reading) -> bool:
    return all(quote.closed and quote.even and quote.close > begin + 1 for begin, quote in reading.items())


def _read(text: str, close_of: Callable[[str, int], int | None]) -> Reading:
    found: dict[int, Quote] = {}
    at = 0
    while at < len(text):
        if text[at] not in MARKS or _is_inch_mark(text, at):
            at += 1
            continue
        close = close_of(text, at)
        if close is None:
            found[at] = Quote(len(text), len(text), closed=False)
            break
        found[at] = Quote(close, close + 1, even=_is_even(text[at + 1 : close], text[at]))
        at = close + 1
    return found


def _is_even(inner: str, opening: str) -> bool:
    """Return whether the other quotes between straight quotes come in pairs."""
    open_marks: list[str] = []
    for mark in inner if opening == '"' else "":
        if mark not in MARKS or mark == opening:
            continue
        if open_marks and mark in _PARTNERS[open_marks[-1]]:
            open_marks.pop()
        else:
            open_marks.append(mark)
    return not open_marks


def _own_partner(text: str, begin: int) -> int | None:
    """Return the partner of the opening quote; pairs of the same kind within it are skipped."""
    opening, partners, depth = text[begin], _PARTNERS[text[begin]], 1
    for at in range(begin + 1, len(text)):
        if text[at] in partners:
            depth -= 1
            if depth == 0:
                return at
        elif text[at] == opening:
            depth += 1
    return None


def _straight_nested(text: str, begin: int) -> int | None:
    """Return the partner of a straight quote, where a quote after a space and before a letter opens another text."""
    if text[begin] != '"':
        return _own_partner(text, begin)
    depth = 1
    for at in range(begin + 1, len(text)):
        if text[at] == '"':
            after_space, before_space = text[at - 1].isspace(), text[at + 1 : at + 2].isspace() or at + 1 == len(text)
            depth += 1 if after_space and not before_space else -1
            if depth == 0:
                return at
    return None


def _past_inches(text: str, begin: int) -> int | None:
    """Return the next mark of any kind that is no inch mark, unless it is the last one."""
    marks = [at for at in range(begin + 1, len(text)) if text[at] in MARKS]
    return next((at for at in marks if at == marks[-1] or not _is_inch_mark(text, at)), None)


def _is_inch_mark(text: str, at: int) -> bool:
    """Return whether a mark may stand for inches: it is behind a digit and before a space, as in `a 24" screen`."""
    return text[at] in '"”' and text[at - 1 : at].isdecimal() and not text[at + 1 : at + 2].strip()


def _any_mark(text: str, begin: int) -> int | None:
    return next((at for at in range(begin + 1, len(text)) if text[at] in MARKS), None)
