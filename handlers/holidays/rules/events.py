"""The events of a calendar file, parsed one by one: a broken one raises an error and costs no other."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from icalendar import vDDDTypes, vRecur
from icalendar.parser import Contentline

from handlers.holidays.rules import content_lines
from handlers.holidays.rules.clocks import Moment
from handlers.holidays.rules.content_lines import EventLines
from handlers.holidays.rules.left_out import BROKEN, REPEATS, EventLeftOut
from handlers.holidays.rules.recurring import Rule
from handlers.holidays.rules.zones import Zones
from handlers.kit.text import sanitize, truncate
from storage.vocabulary import LONGEST_LABEL

ERRORS = (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError)
"""What libraries raise over a stranger's file: a fault of the file."""

LONGEST_RULE = 2_000
"""The longest rule, in characters: one that lists every day of the year has half of that."""

_UNQUOTED = re.compile(r'(?i)(;TZID=)([^":;]*:[^";]*):(?=\d{8})')
"""A TZID with a colon, such as "(UTC-07:00) Mountain Time", has to be in quotes, and often is not."""

_MIDNIGHT_AFTER = re.compile(r"(\d{4})(\d\d)(\d\d)T24(?:0000)?(?!\d)")
_LEAP_SECOND = re.compile(r"(?<=T\d{4})60")


@dataclass(frozen=True)
class Span:
    """When something begins and ends, as written. Without an end, it lasts `length`, or as long as its kind does."""

    start: Moment
    end: Moment | None = None
    length: timedelta | None = None


@dataclass
class Event:
    """One VEVENT. `instead` is its RECURRENCE-ID; with `onward`, it replaces all that follow too.

    `transparency` is TRANSP as written, in capitals; empty without one.
    """

    uid: str
    label: str
    span: Span
    rules: list[Rule] = field(default_factory=list)
    excluded_rules: list[Rule] = field(default_factory=list)
    added: list[Span] = field(default_factory=list)
    excluded: list[Moment] = field(default_factory=list)
    instead: Moment | None = None
    onward: bool = False
    cancelled: bool = False
    all_day: bool = False
    sequence: int = 0
    categories: str = ""
    transparency: str = ""


@dataclass(frozen=True)
class _Property:
    params: Mapping[str, str]
    value: str


def label_of(lines: EventLines) -> str:
    """Return the title of an event, even of one that cannot be read; empty without one."""
    for line in lines.lines:
        if re.match(r"(?i)SUMMARY[;:]", line):
            try:
                return _label(_property(line)[1].value)
            except ERRORS:
                return ""
    return ""


def parse(lines: EventLines, zones: Zones) -> Event | None:
    """Parse an event; None for one without a beginning, and for a private one.

    Raise `EventLeftOut`, or one of `ERRORS`, for a broken one.
    """
    if not lines.whole:
        raise EventLeftOut(BROKEN)
    written = _Properties(lines.lines, zones)
    if written.text("CLASS").upper() in {"PRIVATE", "CONFIDENTIAL"}:
        # colleagues read the titles of an agency's calendars
        return None
    start = written.moment("DTSTART")
    if start is None:
        return None
    duration, instead = written.first("DURATION"), written.first("RECURRENCE-ID")
    return Event(
        uid=written.text("UID"),
        label=_label(written.text("SUMMARY")),
        span=Span(start, written.moment("DTEND"), _duration(duration.value) if duration else None),
        rules=[_rule(rule.value) for rule in written.every("RRULE")],
        excluded_rules=[_rule(rule.value) for rule in written.every("EXRULE")],
        added=[span for dates in written.every("RDATE") for span in _spans(dates, zones)],
        excluded=[span.start for dates in written.every("EXDATE") for span in _spans(dates, zones)],
        instead=written.moment("RECURRENCE-ID"),
        onward=instead is not None and instead.params.get("RANGE", "").upper() == "THISANDFUTURE",
        cancelled=written.text("STATUS").upper() == "CANCELLED",
        all_day=any(written.text(flag).upper() == "TRUE" for flag in content_lines.ALL_DAY_FLAGS),
        sequence=int(written.text("SEQUENCE") or 0),
        categories=", ".join(line.value for line in written.every("CATEGORIES")),
        transparency=written.text("TRANSP").upper(),
    )


class _Properties:
    """The properties of an event, by name."""

    def __init__(self, lines: Iterable[str], zones: Zones) -> None:
        self._zones = zones
        self._by_name: dict[str, list[_Property]] = defaultdict(list)
        for line in lines:
            name, parsed = _property(line)
            self._by_name[name].append(parsed)

    def every(self, name: str) -> Sequence[_Property]:
        return self._by_name.get(name, ())

    def first(self, name: str) -> _Property | None:
        return next(iter(self.every(name)), None)

    def text(self, name: str) -> str:
        found = self.first(name)
        return found.value.strip() if found else ""

    def moment(self, name: str) -> Moment | None:
        found = self.first(name)
        return _moment(found, self._zones) if found else None


def _property(line: str) -> tuple[str, _Property]:
    content: Contentline = Contentline(_UNQUOTED.sub(r'\1"\2":', line))  # type: ignore[no-untyped-call]
    name, params, value = content.parts()
    return name.upper(), _Property({key.upper(): str(params[key]) for key in params}, value)


def _label(summary: str) -> str:
    return truncate(" ".join(sanitize(summary).split()), LONGEST_LABEL)


# values ------------------------------------------------------------------------------------------------


def _moment(date_property: _Property, zones: Zones) -> Moment:
    """Return the single moment of a property. Raise `ValueError` for anything else."""
    (span,) = _spans(date_property, zones)
    if span.end is not None or span.length is not None:
        raise ValueError("a period where a moment belongs")
    return span.start


def _spans(dates: _Property, zones: Zones) -> Iterator[Span]:
    """Yield the moments and periods of a property, in its zone."""
    zone = zones.find(dates.params.get("TZID", ""))
    only_days = dates.params.get("VALUE", "").upper() == "DATE"

    def placed(value: object) -> Moment:
        if isinstance(value, datetime):
            at = value.replace(tzinfo=zone) if value.tzinfo is None else value
            return at.date() if only_days else at
        if isinstance(value, date):
            return value
        raise ValueError("neither a day nor a time")

    for part in dates.value.split(","):
        if not part.strip():
            continue
        value = _value(part)
        if not isinstance(value, tuple):
            yield Span(placed(value))
        elif isinstance(value[1], timedelta):
            yield Span(placed(value[0]), length=value[1])
        else:
            yield Span(placed(value[0]), placed(value[1]))


def _value(text: str) -> object:
    """Parse a day, a time, a length, or a period, which is a pair."""
    return vDDDTypes.from_ical(_plain(text.strip()))  # type: ignore[no-untyped-call]


def _plain(value: str) -> str:
    """Return a value without the times of day that Python does not know: 24:00:00, and a leap second."""

    def next_day(match: re.Match[str]) -> str:
        day = date(int(match[1]), int(match[2]), int(match[3])) + timedelta(days=1)
        return f"{day:%Y%m%d}T000000"

    return _LEAP_SECOND.sub("59", _MIDNIGHT_AFTER.sub(next_day, value))


def _duration(value: str) -> timedelta:
    duration = _value(value)
    if not isinstance(duration, timedelta):
        raise ValueError("not a duration")  # noqa: TRY004 - the value is wrong, not the type of an argument
    return duration


def _rule(value: str) -> Rule:
    if len(value) > LONGEST_RULE:
        raise EventLeftOut(REPEATS)
    parsed = vRecur.from_ical(_plain(value.replace(" ", "")))
    return {str(name).upper(): part if isinstance(part, list) else [part] for name, part in parsed.items()}
