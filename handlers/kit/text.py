"""Format text for Slack, and make typed text safe: it is hostile until it has been escaped here."""

import html
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from storage.names import normalize_name

BAR = 10
"""The width of a bar that reads on a phone, in characters."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and the marks that reverse the direction of the text around them."""

_LIST_MARKER = re.compile(
    r"^\s*(?:[•–—-]+(?!\d)\s*|\*+\s+)?"
    r"(?:(?:\(?(?:\d{1,2}|[a-z]|[ivx]{2,4})\)|\d{1,2}\.|[ivx]{1,4}\.(?=\s)|\d{1,2}:(?!\s*\d)|\d{1,2}\s+[–—-](?!\s*\d))"
    r"(?:\s+|$|(?=[^\W\d_])))?"
)
"""A bullet, and a number or letter with a sign that makes it one: `1.5 hours` and `4: 30 PM` begin with neither."""

_FIXED_ZONE = re.compile(r"Etc/GMT([+-]\d+)?")


def sanitize(typed: str) -> str:
    """Remove control characters and direction overrides."""
    return _CONTROL.sub("", typed).strip()


def strip_list_marker(line: str) -> str:
    """Remove the bullets and the number with which a line of a typed list begins, such as `2.`, `(2)` or `- 2)`.

    Where the lines are shown, they get numbers of their own.
    """
    return _LIST_MARKER.sub("", line, count=1).strip()


def strip_numbering(lines: Sequence[str], first: int = 1) -> list[str]:
    """Remove the bullets of a typed list, or its numbers or letters if each line begins with its own.

    Otherwise, and where lines would not differ any more, as in `1. Dec` and `2. Dec`, nothing is removed.
    """
    stripped = [strip_list_marker(line) for line in lines]
    for place, (line, rest) in enumerate(zip(lines, stripped, strict=True), start=first):
        marker = line.strip().removesuffix(rest)
        sign = re.sub(r"[\s().:•*–—-]", "", marker)
        if not rest or not marker or sign not in {"", str(place), chr(ord("a") + place - 1)}:
            return [*lines]
    return stripped if len({normalize_name(line) for line in stripped}) == len(stripped) else [*lines]


def shows_nothing(typed: str) -> bool:
    """Return whether a text is empty or consists of spaces and characters that nobody can see."""
    return not normalize_name(typed)


def escape(typed: str) -> str:
    """Escape typed text for mrkdwn. It does not disable mentions: `verbatim` does."""
    return typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def strip_mrkdwn(text: str) -> str:
    """Convert a sentence in mrkdwn to plain text, as needed for the error of a form input."""
    plain = re.sub(r"<![a-z]+\^[^|>]*\|([^>]*)>", r"\1", text).replace("`", "")
    return html.unescape(plain)


def truncate(text: str, limit: int) -> str:
    """Shorten a text to `limit` characters, with an ellipsis if something is missing."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def quote(typed: str, limit: int = 300) -> str:
    """Return typed text as an escaped quotation within a sentence."""
    return f"“{escape(truncate(' '.join(typed.split()), limit))}”"


def bold(typed: str, limit: int = 300) -> str:
    """Return typed text escaped and in bold."""
    return f"*{escape(truncate(' '.join(typed.split()), limit))}*"


def truncate_escaped(text: str, limit: int) -> str:
    """Shorten escaped text without cutting an entity or a link in half."""
    if len(text) <= limit:
        return text
    short = re.sub(r"&[a-z]*$", "", text[: limit - 1])
    if short.rfind("<") > short.rfind(">"):
        short = short[: short.rfind("<")]
    return short.rstrip() + "…"


def text_bar(part: float, whole: float) -> str:
    """Draw a bar of `part` of `whole` in full blocks, at least one if `part` is above zero."""
    if whole <= 0 or part <= 0:
        return ""
    return "█" * max(1, min(BAR, round(BAR * part / whole)))


def join_names(names: Sequence[str], last: str = "and") -> str:
    """Join names in a sentence: "Birch, Elm and Oak"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def pluralize(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: "1 agency", "3 agencies"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def link(words: str, address: str | None) -> str:
    """Return text that links to an address, or just the text if the address is missing or unsafe."""
    if not address or not address.startswith(("https://", "http://")) or set(address) & set("<>|\"' \n"):
        return escape(words)
    return f"<{escape(address)}|{escape(words).replace('|', '/')}>"


def join_lines(texts: Iterable[str]) -> str:
    """Join texts with line breaks, leaving out empty ones."""
    return "\n".join(text for text in texts if text)


def slack_date(at: datetime, zone: str = "UTC") -> str:
    """Return a time as a Slack date, which readers see in their own zone. `zone` is the fallback's."""
    fallback = format_time(at, zone).replace("|", " ").replace(">", "")
    return f"<!date^{int(at.timestamp())}^{{date_long_pretty}}, {{time}}|{fallback}>"


def format_day(on: date) -> str:
    """Format a day with its weekday: "Fri, Dec 4, 2026"."""
    return f"{on:%a}, {format_short_day(on)}, {on.year}"


def format_short_day(on: date) -> str:
    """Format a day without weekday and year, for places with little room: "Dec 4"."""
    return f"{on:%b} {on.day}"


def format_clock(at: datetime | time) -> str:
    """Format a time of day: "5:00 PM"."""
    return f"{at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"


def format_zone(zone: str) -> str:
    """Format a time zone as people type it: "America/New York", and "UTC+2" for Etc/GMT-2, whose sign is reversed."""
    fixed = _FIXED_ZONE.fullmatch(zone)
    if fixed is None:
        return zone.replace("_", " ")
    hours = int(fixed[1] or 0)
    return f"UTC{-hours:+d}" if hours else "UTC"


def format_time(at: datetime, zone: str) -> str:
    """Format a time with weekday and zone: "Fri, Dec 4, 2026, 5:00 PM MST"."""
    local = at.astimezone(ZoneInfo(zone))
    name = local.tzname() or ""
    # zones without letters of their own are named by their offset
    shown = name if name.isalpha() else f"UTC{name[:3]}{':' + name[3:] if name[3:] else ''}"
    return f"{format_day(local)}, {format_clock(local)} {shown}"
