"""Parse ranges of days as people write them: `15 feb`, `2026-12-21..2027-01-04`, `21 dec - 4 jan`, or several."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from handlers.kit import dates
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, format_day, truncate
from storage.vocabulary import ClosedDays

EXAMPLE = '`/consortium agency holidays "Elm Schools" 2026-12-21..2027-01-04`'
MOST = 30
"""The number of ranges that one command can add."""

LONGEST = timedelta(days=366)

_BETWEEN = re.compile(r"(?i)\s*(?:\.{2,}|…|[–—])\s*|\s+(?:-{1,2}|to|till|until|through|thru)\s+")
_ISO = r"\d{4}-\d{1,2}-\d{1,2}"
_JOINED = re.compile(rf"({_ISO})-({_ISO})")
_APART = re.compile(rf"(?i)\s*[;\n]\s*|\s*,(?!\s*\d{{4}}(?![-\d]))\s*|\s+and\s+|\s+(?={_ISO})")
_BEGINS = re.compile(
    r"""(?ix)
    \d.* | today | tomorrow | yesterday | (mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?[,.]? |
    (jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?)[,.]?
    """
)


def is_date(word: str) -> bool:
    """Return whether a word could begin a date."""
    return bool(_BEGINS.fullmatch(word))


def read(typed: str, now: datetime, zone: str) -> list[ClosedDays]:
    """Parse ranges of days, both ends included. Raise `Refusal`, with an example, when one cannot be stored."""
    text = _JOINED.sub(r"\1..\2", _BETWEEN.sub("..", typed.strip()))
    parts = [part for part in _APART.split(text) if part.strip(" ,")]
    if not parts:
        raise Refusal(f"Add the days. For example: {EXAMPLE}")
    if len(parts) > MOST:
        raise Refusal(
            f"That is {len(parts)} ranges of days, and I take {MOST} at a time. The form also takes a calendar."
        )
    try:
        return [_range(part.strip(" ,"), now, zone) for part in parts]
    except Refusal as refusal:
        raise Refusal(f"{refusal.sentence} Nothing was added. For example: {EXAMPLE}") from None


def _range(part: str, now: datetime, zone: str) -> ClosedDays:
    ends = part.split("..")
    if len(ends) > 2 or not all(end.strip() for end in ends):
        raise Refusal(f"I could not read “{escape(truncate(part, 60))}” as a first and a last day.")
    first = dates.parse_day(ends[0].strip(), now, zone)
    last = _last(ends[1].strip(), first, now, zone) if len(ends) == 2 else first
    today = dates.today(now, zone)
    check(first, last, today)
    return ClosedDays(first, last)


def _last(typed: str, first: date, now: datetime, zone: str) -> date:
    """Parse the last day; without a year, it is the next such day after the first: `21 dec` to `4 jan`."""
    last = dates.parse_day(typed, now, zone)
    if last < first and not re.search(r"\d{4}", typed):
        later = dates.parse_day(typed, dates.local_to_utc(datetime.combine(first, datetime.min.time()), zone), zone)
        return later if later - first < LONGEST else last
    return last


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
