"""Parse ranges of days as people write them: `15 feb`, `2026-12-21..2027-01-04`, `21 dec - 4 jan`, or several."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial

from handlers.kit import dates, day_words
from handlers.kit.day_words import has_year, is_weekday
from handlers.kit.refusals import Ambiguous, Reading, Refusal
from handlers.kit.text import escape, format_day, truncate
from storage.vocabulary import ClosedDays

EXAMPLE = '`/consortium agency holidays "{}" 2026-12-21..2027-01-04`'
"""What can be typed for the agency with this name."""

MOST = 30
"""The number of ranges that one command can add."""

LONGEST = timedelta(days=366)

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th|\.)?"
_YEAR = r"(?:,?\s+\d{4}\b)?"
_TILL = r"(?:\s*(?:[-–—…]|\.{2,})\s*|\s+(?:to|till|until|through|thru)\s+)"
_DAYS = rf"({_ORDINAL}){_TILL}({_ORDINAL})(?!\d)"
_DAY = (
    rf"(?:\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?|\d{{1,2}}\.\d{{1,2}}\.?(?:\d{{2,4}})?"
    rf"|{_MONTH}\s+{_ORDINAL}{_YEAR}|{_ORDINAL}\s+{_MONTH}{_YEAR}|today|tomorrow"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?)"
)
_JOINED = (
    (re.compile(rf"(?i)(?<![\w/-])({_DAY})\s*[-–—]\s*({_DAY})(?![\w/-])"), r"\1 .. \2"),
    (re.compile(rf"(?i)\b({_MONTH})\s+{_DAYS}({_YEAR})(?!\s*{_MONTH})(?![\d/-])"), r"\1 \2\4 .. \1 \3\4"),
    (re.compile(rf"(?i)(?<![\w-]){_DAYS}\s+({_MONTH})({_YEAR})"), r"\1 \3\4 .. \2 \3\4"),
)
"""Two days written together, as in `Dec 21-23` or `21-23 dec`, and how they are written apart."""

_MONTH_BEFORE = re.compile(rf"(?i)\b{_MONTH}\s+$")
_BETWEEN = re.compile(r"(?i)\s*(?:\.{2,}|…|[–—])\s*|\s+(?:-{1,2}|to|till|until|through|thru)\s+")
_APART = re.compile(r"\s*[;\n]\s*")
_TO, _FROM = "..", "from"
_AND = frozenset({";", ",", "and"})


def begins_with_date(typed: str) -> bool:
    """Return whether a text begins with a day or a range of days."""
    words = _words(typed)
    if words and words[0].casefold() == _FROM:
        words = words[1:] if _date_end(words, 1) else []
    return bool(words) and (words[0] == _TO or words[0][0].isdecimal() or _date_end(words, 0) > 0)


def read(typed: str, now: datetime, zone: str, agency: str) -> list[ClosedDays]:
    """Parse ranges of days, both ends included. Raise `Refusal`, with an example for the agency, otherwise."""
    example = EXAMPLE.format(escape(agency))
    words = _words(typed)
    if not any(word.strip(",;") for word in words):
        raise Refusal(f"Add the days. For example: {example}")
    try:
        return [_range(first, last, now, zone) for first, last in _split(words)]
    except Ambiguous:
        raise
    except Refusal as refusal:
        corrected = day_words.correct_spelling(typed)
        if corrected != typed and begins_with_date(corrected) and not begins_with_date(typed):
            question = f"I could not read “{escape(truncate(typed, 60))}” as days. Did you mean `{escape(corrected)}`?"
            raise Ambiguous(question, typed, [Reading(corrected, corrected)]) from None
        raise refusal.with_example(f"Nothing was added. For example: {example}") from None


def _words(typed: str) -> list[str]:
    text = typed.strip()
    for pattern, separate in _JOINED:
        text = pattern.sub(partial(_separated, separate), text)
    text = _APART.sub(" ; ", _BETWEEN.sub(f" {_TO} ", text))
    return re.sub(r",(?=\S)", ", ", text).split()


def _separated(apart: str, match: re.Match[str]) -> str:
    """Return two days apart; `21 to 4 jan` after a month stay, because `dec 21 to 4 jan` are days of two months."""
    return match[0] if _MONTH_BEFORE.search(match.string, 0, match.start()) else match.expand(apart)


def _split(words: Sequence[str]) -> list[tuple[str, str]]:
    """Split words into the first and the last day of each range; the last is empty for a single day."""
    ranges = []
    at = 0
    while at < len(words):
        if words[at].casefold() in _AND or (words[at].casefold() == _FROM and _date_end(words, at + 1)):
            at += 1
            continue
        first, at = _date(words, at)
        last = ""
        if at < len(words) and words[at] == _TO:
            last, at = _date(words, at + 1)
        ranges.append((first, last))
        if len(ranges) > MOST:
            raise Refusal(f"I take at most {MOST} ranges of days at a time. The form also takes a calendar.")
    return ranges


def _date(words: Sequence[str], at: int) -> tuple[str, int]:
    """Return the longest date that begins at a word, and the position after it. Raise `Refusal` if there is none."""
    end = _date_end(words, at)
    if end == 0:
        shown = escape(truncate(" ".join(words[at:]) or " ".join(words), 60))
        raise Refusal(f"I could not read “{shown}” as a first and a last day.")
    return " ".join(words[at:end]).strip(" ,"), end


def _date_end(words: Sequence[str], at: int) -> int:
    """Return where the longest date ends that begins at a word; 0 if there is none."""
    ends = range(min(len(words), at + dates.LONGEST), at, -1)
    return next((end for end in ends if _is_day(" ".join(words[at:end]).strip(" ,")) and not _cuts(words, end)), 0)


def _is_day(typed: str) -> bool:
    return dates.is_day(typed) or day_words.week_of(typed, date.max - timedelta(days=30)) is not None


def _cuts(words: Sequence[str], end: int) -> bool:
    """Return whether a date ends between a day and its month: `7 dec 26 dec` are two days, and 26 is no year."""
    return words[end - 1].isdecimal() and end < len(words) and re.fullmatch(rf"(?i){_MONTH},?", words[end]) is not None


def _range(first_text: str, last_text: str, now: datetime, zone: str) -> ClosedDays:
    """Parse a range. Days without a year are in the range that contains today, or else in the next such range."""
    today = dates.today(now, zone)
    week = day_words.week_of(first_text, today)
    if week and not last_text:
        return ClosedDays(*week)
    first = dates.parse_day(first_text, now, zone)
    last = _last_day(first_text, last_text, first, now, zone) if last_text else first
    if last_text and first > today and not (has_year(first_text) or is_weekday(first_text)):
        since = last if has_year(last_text) else today
        begun = dates.parse_day(first_text, now, zone, since, past=True)
        ended = _last_day(first_text, last_text, begun, now, zone)
        if begun <= ended and (has_year(last_text) or begun <= today <= ended):
            first, last = begun, ended
    check(first, last, today)
    return ClosedDays(first, last)


def _last_day(first_text: str, last_text: str, first: date, now: datetime, zone: str) -> date:
    """Parse the last day of a range. Of two numbers, the month is where it is in the first day: `12/21 .. 1/4`."""
    try:
        return dates.parse_day(last_text, now, zone, first)
    except Ambiguous as question:
        begun, ended = (re.findall(r"\d+", text)[:2] for text in (first_text, last_text))
        if not re.match(r"\d+[/.]", first_text) or [*map(int, begun)] == [first.month] * 2:
            raise
        place = 0 if int(begun[0]) == first.month else 1
        days = [dates.parse_day(reading.text, now, zone) for reading in question.readings]
        return next(on for on in days if on.month == int(ended[place]))


def check(first: date, last: date, today: date, fields: Sequence[str | None] = (None, None)) -> None:
    """Raise `Refusal` if a range cannot be stored; `fields` are the form fields of the first and last day."""
    if last < first:
        raise Refusal(
            f"It ends on {format_day(last)}, before it begins on {format_day(first)}. Put the first day first.",
            field=fields[1],
        )
    if last < today:
        raise Refusal(f"{format_day(last)} has already passed.", field=fields[1] or fields[0])
    if first > today + dates.MAX_AHEAD or last > today + dates.MAX_AHEAD:
        raise Refusal(f"{format_day(max(first, last))} is more than three years away.", field=fields[1] or fields[0])
    if last - first >= LONGEST:
        raise Refusal(
            "That is longer than a year. If an agency closes for good, a facilitator can end it.", field=fields[1]
        )
