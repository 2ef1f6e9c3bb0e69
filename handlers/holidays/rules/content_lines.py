"""The lines of a calendar file: decoding, unfolding, and the few lines that are needed.

The file may be hostile, so its size and counts are limited. Only CRLF or LF ends a line (RFC 5545, section 3.1), and
lines are joined before they are decoded, because a line may be folded within a character.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from handlers.kit.fetch import Unreadable

MOST_BYTES = 2_000_000
MOST_EVENTS = 5_000
MOST_LINES = 40_000
MOST_ZONES, MOST_ZONE_LINES = 20, 150
DEEPEST = 20

LARGE = "The file is larger than 2 MB. Try a calendar with only the closed days; it is much smaller."
NO_CALENDAR = "This is not a calendar file. Calendars are exported as a file whose name ends in .ics."
A_PAGE = "This is a web page, not a calendar. Look on the page for an address that ends in .ics, or download the file."
BROKEN = "The calendar file is broken. Export it again, or type the days."
MANY = "The calendar has more than 5,000 events. Export one with only the closed days."

ALL_DAY_FLAGS = frozenset({"X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT"})

_NEEDED = ALL_DAY_FLAGS | {"DTSTART", "DTEND", "DURATION", "RRULE", "EXRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}
_NEEDED |= {"SUMMARY", "UID", "SEQUENCE", "STATUS", "CATEGORIES", "TRANSP", "CLASS"}
_NAME = re.compile(r"([A-Za-z0-9-]+)[;:]")


@dataclass
class EventLines:
    """The needed lines of one event. `whole` is False if its parts do not begin and end as they should."""

    lines: list[str] = field(default_factory=list)
    whole: bool = True


@dataclass
class CalendarLines:
    """The needed lines of one calendar. `zone` is what X-WR-TIMEZONE names; `zones` are its VTIMEZONEs."""

    zone: str = ""
    zones: list[list[str]] = field(default_factory=list)
    events: list[EventLines] = field(default_factory=list)


def read(content: bytes) -> list[CalendarLines]:
    """Return the calendars of a file. Raise `Unreadable` if it is no calendar, was cut off, or exceeds a limit."""
    if len(content) > MOST_BYTES:
        raise Unreadable(LARGE)
    raw = _utf_8(content)
    beginning = raw[:20_000].decode("utf-8", "replace").upper()
    if "BEGIN:VCALENDAR" not in beginning:
        raise Unreadable(A_PAGE if re.search(r"<(!DOCTYPE|HTML|HEAD|BODY)\b", beginning) else NO_CALENDAR)
    return _Reader().read(_decode(_unfold(raw)))


# the text ----------------------------------------------------------------------------------------------


def _utf_8(content: bytes) -> bytes:
    """Return a file as UTF-8 if it is UTF-16; otherwise as it is, without a byte order mark."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace").encode("utf-8", "replace")
    for encoding in ("utf-16-le", "utf-16-be"):
        if content.startswith("BEGIN".encode(encoding)):
            return content.decode(encoding, "replace").encode("utf-8", "replace")
    return content.removeprefix(codecs.BOM_UTF8)


def _unfold(raw: bytes) -> list[bytes]:
    unfolded = re.sub(rb"\r?\n[ \t]", b"", raw.replace(b"\x00", b""))
    return [line for raw_line in unfolded.split(b"\n") if (line := raw_line.removesuffix(b"\r"))]


def _decode(lines: list[bytes]) -> Iterator[str]:
    """Yield the lines as text. A file without a single UTF-8 character beyond ASCII is taken as Windows' Latin-1."""
    is_utf_8 = any(not line.isascii() and _is_utf_8(line) for line in lines)
    encoding = "utf-8" if is_utf_8 else "cp1252"
    return (line.decode(encoding, "replace") for line in lines)


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


# the structure -----------------------------------------------------------------------------------------


class _Reader:
    """Collects the needed lines. An event with a part that has no beginning or no end is kept, but not `whole`."""

    def __init__(self) -> None:
        self._calendars: list[CalendarLines] = []
        self._open: list[str] = []
        self._event: EventLines | None = None
        self._events = self._lines = 0

    def read(self, lines: Iterator[str]) -> list[CalendarLines]:
        for line in lines:
            word = line[:40].strip().upper()
            in_zone = "VTIMEZONE" in self._open
            if word.startswith("BEGIN:"):
                self._begin(word[6:])
            elif word.startswith("END:"):
                self._end(word[4:])
            elif self._open and word:
                self._keep(line)
            if in_zone or word == "BEGIN:VTIMEZONE":
                self._keep_zone(line)
        if self._open:
            # a download that was cut off: the rest of the events is missing
            raise Unreadable(BROKEN)
        return self._calendars

    def _begin(self, part: str) -> None:
        if part == "VCALENDAR":
            self._calendars.append(CalendarLines())
        if part == "VEVENT":
            if "VEVENT" in self._open:
                self._end("VEVENT", whole=False)
            self._events += 1
            if self._events > MOST_EVENTS:
                raise Unreadable(MANY)
            self._event = EventLines()
        if part == "VTIMEZONE" and self._calendars:
            self._calendars[-1].zones.append([])
        self._open.append(part)
        if len(self._open) > DEEPEST:
            raise Unreadable(BROKEN)

    def _end(self, part: str, *, whole: bool = True) -> None:
        matches = self._open[-1:] == [part]
        if self._event is not None and not (matches and whole):
            self._event.whole = False
        if part in self._open:
            while self._open.pop() != part:
                pass
        if self._event is not None and "VEVENT" not in self._open:
            if self._calendars:
                self._calendars[-1].events.append(self._event)
            self._event = None

    def _keep(self, line: str) -> None:
        name = _NAME.match(line)
        if name is None or not self._calendars:
            return
        if self._open[-1] == "VCALENDAR" and name[1].upper() == "X-WR-TIMEZONE":
            self._calendars[-1].zone = line.partition(":")[2].strip()
        if self._open[-1] == "VEVENT" and self._event is not None and name[1].upper() in _NEEDED:
            self._lines += 1
            if self._lines > MOST_LINES:
                raise Unreadable(MANY)
            self._event.lines.append(line)

    def _keep_zone(self, line: str) -> None:
        zones = self._calendars[-1].zones if self._calendars else []
        if zones and len(zones) <= MOST_ZONES and len(zones[-1]) < MOST_ZONE_LINES:
            zones[-1].append(line)
