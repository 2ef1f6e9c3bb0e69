"""The days that a text can mean: `friday`, `next week`, `12/3`, `end of june`, `Fri, Dec 4, 2026`.

A list of days has one entry where the text is clear, several where it can be read in several ways, and none where it
is not a day.
"""

import difflib
import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPELLED = (
    *_DAYS,
    *("january", "february", "march", "april", "june", "july", "august"),
    *("september", "october", "november", "december"),
    *("today", "tomorrow", "next", "week", "month", "noon"),
)
"""The words of a date whose spelling is corrected, apart from short ones."""

_SHORT_FORMS = {"tmr": "tomorrow", "tmrw": "tomorrow", "tom": "tomorrow", "2moro": "tomorrow", "2morrow": "tomorrow"}
_WEEK = timedelta(days=7)
_FRIDAY, _SUNDAY = 4, 6

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY_OF_MONTH = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_YEAR = r"(?:,?\s+(?P<year>\d{4}))?"
_SHORT_YEAR = r"(?:,?\s+(?P<year>\d{4})|\s+(?P<short>\d\d))?"
_NAMED = (
    re.compile(rf"(?:the\s+)?{_DAY_OF_MONTH}\s+(?:of\s+)?{_MONTH}{_SHORT_YEAR}"),
    re.compile(rf"{_MONTH}\s+(?:the\s+)?{_DAY_OF_MONTH}{_YEAR}"),
)
_DASHED = re.compile(rf"\b(\d{{1,2}})-({_MONTH.replace('?P<month>', '?:')})-(\d{{4}}|\d\d)\b")
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d\d))?\.?")
_ALONE = re.compile(r"the\s+(\d{1,2})(?:st|nd|rd|th)")
_WEEKDAY = re.compile(
    r"(?:(?P<which>next|last|this)\s+)?(?P<weekday>mon(?:day)?|tues?(?:day)?|wed(?:nes(?:day)?)?|thu(?:r(?:s(?:day)?)?)?|"
    r"fri(?:day)?|sat(?:ur(?:day)?)?|sun(?:day)?)\.?"
)
_END_OF_MONTH = re.compile(rf"(?:the\s+)?end\s+of\s+{_MONTH}{_YEAR}")
_END_OF_SPAN = re.compile(r"(?:the\s+)?end\s+of\s+(?:(?P<which>the|this|next)\s+)?(?P<span>week|month|year)")
_AHEAD = re.compile(r"next\s+(week|month)")
_SPAN = re.compile(
    r"(?:(?P<ahead>in)\s+)?(?P<count>\d{1,4}|an?|one|two|three|four|five|six)\s*"
    r"(?P<unit>d|days?|w|wks?|weeks?|months?|years?)(?P<ago>\s+ago)?"
)
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_RELATIVE = {"today": 0, "tomorrow": 1, "the day after tomorrow": 2, "day after tomorrow": 2, "yesterday": -1}


class NotInCalendar(Exception):  # noqa: N818 - it becomes an answer
    """The text has the form of a day that does not exist, such as February 30."""


def days(typed: str, today: date, since: date | None = None, *, past: bool = False) -> Sequence[date]:
    """Return the days that a text can mean, the likeliest first; none if it is not a day.

    A day without a year, and a weekday, is the first one from `since` on (`since` is today unless it is given), or the
    last one up to then with `past`. Raise NotInCalendar for a day that does not exist.
    """
    word = _DASHED.sub(r"\1 \2 \3", typed.casefold().replace("’", "'"))
    word = " ".join(word.split()).strip(" ,").removeprefix("on ").strip(" ,")
    since = since or today
    if word in _RELATIVE:
        return [today + timedelta(days=_RELATIVE[word])]
    weekday = _WEEKDAY.fullmatch(word)
    if weekday:
        return _weekdays(_number(weekday["weekday"]), weekday["which"], today, since, past=past)
    return (
        _relative_days(word, today)
        or _end_of_month(word, since, past=past)
        or _calendar_days(word, since, past=past)
        or _with_weekday(word, since, past=past)
    )


def correct_spelling(typed: str) -> str:
    """Return a text with the words that are nearly words of a date, as in `frday` and `tomorow`, spelled right."""
    return re.sub(r"[^\W_]+", lambda match: _corrected(match[0]), typed)


def _corrected(word: str) -> str:
    folded = word.casefold()
    if folded in _SHORT_FORMS:
        return _SHORT_FORMS[folded]
    if len(word) < 4 or not word.isalpha() or _WEEKDAY.fullmatch(folded) or re.fullmatch(_MONTH, folded):
        return word
    near = difflib.get_close_matches(folded, _SPELLED, n=1, cutoff=0.8)
    return near[0] if near and near[0] != folded else word


def is_weekday(typed: str) -> bool:
    """Return whether a text is a weekday and nothing else, as in `friday` or `on friday`."""
    match = _WEEKDAY.fullmatch(typed.casefold().strip(" ,").removeprefix("on ").strip(" ,"))
    return match is not None and not match["which"]


def has_year(typed: str) -> bool:
    """Return whether a text names a year."""
    short = rf"\d[a-z.]*[\s-]+(?:of\s+)?{_MONTH}[\s-]+\d\d$"
    return re.search(rf"\d{{4}}|[/.]\d{{1,2}}[/.]\d\d|{short}", typed.casefold().strip()) is not None


def week_of(typed: str, today: date) -> tuple[date, date] | None:
    """Return the Monday and the Sunday of `this week` or `next week`. None for anything else."""
    match = re.fullmatch(r"(?:the\s+)?(this|next)\s+week", " ".join(typed.casefold().split()))
    if not match:
        return None
    monday = _monday(today) + (_WEEK if match[1] == "next" else timedelta())
    return monday, monday + timedelta(days=_SUNDAY)


# relative days -------------------------------------------------------------------------------------------


def _number(weekday: str) -> int:
    return next(number for number, name in enumerate(_DAYS) if name.startswith(weekday[:3]))


def _weekdays(weekday: int, which: str | None, today: date, since: date, *, past: bool) -> Sequence[date]:
    if which == "next":
        coming = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
        # within the same week, some people mean this one and some the one a week later; weeks begin on Sunday or Monday
        unclear = _monday(coming) == _monday(today) or today.weekday() == _SUNDAY
        return [coming, coming + _WEEK] if unclear else [coming]
    if which == "last":
        latest = today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
        return [latest, latest - _WEEK] if _monday(latest) == _monday(today) else [latest]
    if past and which is None:
        return [since - timedelta(days=(since.weekday() - weekday) % 7)]
    return [since + timedelta(days=(weekday - since.weekday()) % 7)]


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def _shift(today: date, span: re.Match[str]) -> date:
    count = _COUNTS.get(span["count"]) or int(span["count"])
    unit = {"d": "days", "w": "weeks", "m": "months", "y": "years"}[span["unit"][0]]
    try:
        return today + relativedelta(**{unit: -count if span["ago"] else count})  # type: ignore[arg-type]
    except (OverflowError, ValueError):
        raise NotInCalendar from None


def _relative_days(word: str, today: date) -> Sequence[date]:
    """Return the days of `in 3 days`, `next week` and `end of the month`."""
    span = _SPAN.fullmatch(word)
    if span:
        return [_shift(today, span)]
    ahead = _AHEAD.fullmatch(word)
    if ahead:
        return _next(ahead[1], today)
    end = _END_OF_SPAN.fullmatch(word)
    return _end_of_span(end["span"], today, following=end["which"] == "next") if end else []


def _next(span: str, today: date) -> Sequence[date]:
    """Return the days of `next week` and `next month`: the first one in it, and the one that far from today."""
    if span == "week":
        found = [_monday(today) + _WEEK, today + _WEEK]
    else:
        found = [today.replace(day=1) + relativedelta(months=1), today + relativedelta(months=1)]
    return list(dict.fromkeys(found))


def _end_of_month(word: str, since: date, *, past: bool) -> Sequence[date]:
    match = _END_OF_MONTH.fullmatch(word)
    if not match:
        return []
    month = _MONTHS.index(match["month"][:3]) + 1
    if match["year"]:
        return [_last_of(int(match["year"]), month)]
    return [_in_direction((_last_of(year, month) for year in range(since.year - 1, since.year + 2)), since, past=past)]


def _end_of_span(span: str, today: date, *, following: bool) -> Sequence[date]:
    """Return the days of `end of the week`, which may be Friday or Sunday, `end of next month`, `end of the year`."""
    if span == "week":
        monday = _monday(today) + (_WEEK if following else timedelta())
        return [on for weekday in (_FRIDAY, _SUNDAY) if (on := monday + timedelta(days=weekday)) >= today]
    if span == "month":
        on = today + relativedelta(months=following)
        return [_last_of(on.year, on.month)]
    return [date(today.year + following, 12, 31)]


def _last_of(year: int, month: int) -> date:
    return _date(year, month, monthrange(year, month)[1] if 0 < year < 9999 else 0)


# days of the calendar ------------------------------------------------------------------------------------


def _calendar_days(word: str, since: date, *, past: bool) -> Sequence[date]:
    """Return the days that a date means, with or without its year."""
    year_first = _YEAR_FIRST.fullmatch(word)
    if year_first:
        return [_date(int(year_first[1]), int(year_first[3]), int(year_first[4]))]
    named = next((match for pattern in _NAMED if (match := pattern.fullmatch(word))), None)
    if named:
        month, day = _MONTHS.index(named["month"][:3]) + 1, int(named["day"])
        short = named.groupdict().get("short")
        year = int(named["year"] or 0) or (int(short) + 2000 if short else 0)
        return [_date(year, month, day) if year else _closest(month, day, since, past=past)]
    numbers = _NUMBERS.fullmatch(word)
    if numbers:
        year = int(numbers[3]) % 100 + 2000 if numbers[3] and len(numbers[3]) == 2 else int(numbers[3] or 0)
        return _numbered(int(numbers[1]), int(numbers[2]), year, since, past=past)
    alone = _ALONE.fullmatch(word)
    if alone:
        months = (since + relativedelta(months=-step if past else step) for step in range(3))
        found = [on for month in months if (on := _existing(month.year, month.month, int(alone[1])))]
        return [_in_direction(found, since, past=past)]
    return []


def _numbered(first: int, second: int, year: int, since: date, *, past: bool) -> Sequence[date]:
    """Return the days of two numbers, of which either may be the month."""
    found = []
    for month, day in ((first, second), (second, first)):
        try:
            found.append(_date(year, month, day) if year else _closest(month, day, since, past=past))
        except NotInCalendar:
            continue
    if not found:
        raise NotInCalendar
    return list(dict.fromkeys(found))


def _with_weekday(word: str, since: date, *, past: bool) -> Sequence[date]:
    """Return the days of a date with its weekday, as in `Fri, Dec 4`.

    The weekday settles what the date leaves open. Where the two contradict each other, either may be meant.
    """
    match = re.fullmatch(rf"{_WEEKDAY.pattern},?\s+(?P<rest>.+)", word)
    if not match or match["which"]:
        return []
    weekday = _number(match["weekday"])
    found = _calendar_days(match["rest"], since, past=past)
    if not found or any(on.weekday() == weekday for on in found):
        return [on for on in found if on.weekday() == weekday]
    if not has_year(word):
        # a day that was over only lately is meant as it was written then
        other = _calendar_days(match["rest"], since, past=not past)
        fitting = [on for on in other if on.weekday() == weekday and abs(on - since) < abs(found[0] - since)]
        if fitting:
            return fitting
    near = found[0] + timedelta(days=(weekday - found[0].weekday() + 3) % 7 - 3)
    return [found[0], near]


def _closest(month: int, day: int, since: date, *, past: bool) -> date:
    """Return the first such day from `since` on, or the last one up to then; February 29 has its leap year."""
    years = range(since.year - 8, since.year + 9)
    return _in_direction((on for year in years if (on := _existing(year, month, day))), since, past=past)


def _in_direction(found: Iterable[date], since: date, *, past: bool) -> date:
    fitting = [on for on in found if (on <= since if past else on >= since)]
    if not fitting:
        raise NotInCalendar
    return max(fitting) if past else min(fitting)


def _existing(year: int, month: int, day: int) -> date | None:
    try:
        return _date(year, month, day)
    except NotInCalendar:
        return None


def _date(year: int, month: int, day: int) -> date:
    try:
        # the first and last day of the calendar do not exist in every zone
        return date(year if 1 < year < 9999 else 0, month, day)
    except ValueError:
        raise NotInCalendar from None
