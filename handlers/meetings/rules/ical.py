"""Meetings as iCalendar data (RFC 5545).

A series is one event with its rule. Meetings that differ from the rule stand beside it: one that was moved or
canceled has its RECURRENCE-ID, and a date without a meeting is an EXDATE. Meetings that no longer follow the rule,
such as those before all later ones were moved to another weekday, are events of their own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from dateutil import tz
from dateutil.rrule import rrulestr
from icalendar import Calendar, Event, vDuration, vRecur

from handlers.kit.dates import local_to_utc

PRODUCT = "-//Consortium//Meetings//EN"

REFRESH = timedelta(hours=1)
"""How often calendar programs are asked to fetch the feed again."""

DESCRIPTION = "The agenda, minutes and changes are in Slack, in the channel of this meeting."

_PORTABLE = re.compile(
    r"(FREQ|INTERVAL|COUNT|UNTIL|BYDAY|BYMONTHDAY|BYYEARDAY|BYWEEKNO|BYMONTH|BYSETPOS|WKST)=[A-Z0-9,+-]+"
)


@dataclass(frozen=True)
class CalendarMeeting:
    """One meeting. `original_at` is its time by the rule; `place` counts within the series."""

    place: int
    original_at: datetime
    starts_at: datetime
    ends_at: datetime
    cancelled: bool = False


@dataclass(frozen=True)
class CalendarSeries:
    """A series as plain values.

    `begins` is the wall-clock time in `zone` at which the first meeting begins. `length` is in minutes. `ended` is True
    where no more meetings will be planned. `changed_at` is the time of the last change.
    """

    uid: str
    sequence: int
    title: str
    zone: str
    begins: datetime
    rule: str | None
    length: int
    ended: bool
    changed_at: datetime
    meetings: Sequence[CalendarMeeting]


def render_calendar(name: str, several: Sequence[CalendarSeries]) -> bytes:
    """Return a calendar with all meetings of these series."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for series in several:
        for event in _events(series):
            calendar.add_component(event)
    first = min((meeting.starts_at for series in several for meeting in series.meetings), default=None)
    if first is not None:
        calendar.add_missing_timezones(first_date=date(first.year - 1, 1, 1))
    return bytes(calendar.to_ical())


def _events(series: CalendarSeries) -> list[Event]:
    """Return a series as events; a rule that calendars cannot have becomes one event for each meeting."""
    if series.rule is None or not (is_portable(series.rule) and is_valid(series.rule, series.begins)):
        uid = series.uid if series.rule is None else ""
        return [_single_event(series, meeting, uid) for meeting in series.meetings]
    walls = {local_to_utc(wall, series.zone): wall for wall in _planned_walls(series)}
    regular = [
        m for m in series.meetings if m.original_at in walls and not _is_in_gap(walls[m.original_at], series.zone)
    ]
    irregular = [m for m in series.meetings if m not in regular and not (series.ended and m.cancelled)]
    singles = [_single_event(series, meeting, "") for meeting in irregular]
    if series.ended and all(meeting.cancelled for meeting in regular):
        return [_cancelled_event(series), *singles]
    last = max((m.original_at for m in regular if not m.cancelled), default=None) if series.ended else None
    within = [m for m in regular if last is None or m.original_at <= last]
    times = {m.original_at for m in within}
    gaps = [wall for at, wall in walls.items() if at not in times and (last is None or at <= last)]
    overrides = [_override_event(series, m, walls[m.original_at]) for m in within if _differs_from_rule(series, m)]
    return [_recurring_event(series, gaps, last), *overrides, *singles]


# the rule ----------------------------------------------------------------------------------------------


def is_portable(rule: str) -> bool:
    """Return whether calendar programs know all parts of a rule."""
    return all(_PORTABLE.fullmatch(part) for part in rule.split(";"))


def is_valid(rule: str, begins: datetime) -> bool:
    """Return whether a rule can be both parsed and written: a count is one number, December is 12."""
    try:
        plain, _ = _split_rule(rule)
        rrulestr(plain, dtstart=begins)
        return bool(vRecur.from_ical(plain).to_ical())
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return False


def _planned_walls(series: CalendarSeries) -> list[datetime]:
    """List the wall-clock times of the rule, up to the last meeting that was planned."""
    last = max((meeting.original_at for meeting in series.meetings), default=None)
    if last is None:
        return []
    end = last.astimezone(ZoneInfo(series.zone)).replace(tzinfo=None)
    return list(takewhile(lambda wall: wall <= end, _walls(series)))


def _walls(series: CalendarSeries) -> Iterator[datetime]:
    """Return the wall-clock times of the rule, up to its end."""
    rule = series.rule or ""
    plain, _ = _split_rule(rule)
    last = last_moment(rule, series.zone)
    for wall in rrulestr(plain, dtstart=series.begins):
        if last is not None and local_to_utc(wall, series.zone) > last:
            return
        yield wall


def last_moment(rule: str, zone: str) -> datetime | None:
    """Return the moment until which a rule holds, in UTC; None without one. A last day is included as a whole.

    UNTIL with a Z is in UTC; without one, it is on the clock of the series' zone. Raise `ValueError` if it cannot be
    read.
    """
    until = re.search(r"UNTIL=(\d{8})(?:T(\d{6})(Z?))?", rule)
    if until is None:
        return None
    wall = datetime.strptime(f"{until[1]}{until[2] or '235959'}", "%Y%m%d%H%M%S")  # noqa: DTZ007 - placed below
    return wall.replace(tzinfo=UTC) if until[3] else local_to_utc(wall, zone)


def _split_rule(rule: str) -> tuple[str, str]:
    """Return a rule without UNTIL, and its COUNT part."""
    count = re.search(r"COUNT=\d+", rule)
    plain = ";".join(part for part in rule.split(";") if not part.startswith("UNTIL="))
    return plain, count[0] if count else ""


def _written_rule(series: CalendarSeries, last: datetime | None) -> vRecur:
    """Return the rule as it is written; it ends with the `last` meeting where there is one."""
    rule = series.rule or ""
    plain, count = _split_rule(rule)
    if last is not None and count:
        plain = ";".join(part for part in plain.split(";") if part != count)
    written: vRecur = vRecur.from_ical(plain)
    ends = last or last_moment(rule, series.zone)
    if ends is not None:
        written["UNTIL"] = [ends]
    return written


def _is_in_gap(wall: datetime, zone: str) -> bool:
    """Return whether the clocks of a zone skip a time because they are put forward."""
    return not tz.datetime_exists(wall.replace(tzinfo=ZoneInfo(zone)))


# events ------------------------------------------------------------------------------------------------


def _differs_from_rule(series: CalendarSeries, meeting: CalendarMeeting) -> bool:
    """Return whether a meeting was moved or canceled, or has another length: past meetings keep theirs."""
    return (
        meeting.cancelled
        or meeting.starts_at != meeting.original_at
        or meeting.ends_at - meeting.starts_at != timedelta(minutes=series.length)
    )


def _base_event(series: CalendarSeries, uid: str, *, cancelled: bool = False) -> Event:
    """Return an event without its times."""
    event = Event()
    event.add("uid", uid)
    event.add("sequence", series.sequence)
    event.add("dtstamp", series.changed_at)
    event.add("last-modified", series.changed_at)
    event.add("summary", f"Canceled: {series.title}" if cancelled else series.title)
    event.add("description", DESCRIPTION)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    return event


def _recurring_event(series: CalendarSeries, gaps: Sequence[datetime], last: datetime | None) -> Event:
    """Return the event with the rule. `gaps` are wall-clock times of the rule without a meeting."""
    event = _base_event(series, series.uid)
    zone = ZoneInfo(series.zone)
    begins = local_to_utc(series.begins, series.zone)
    event.add("dtstart", series.begins.replace(tzinfo=zone))
    event.add("dtend", (begins + timedelta(minutes=series.length)).astimezone(zone))
    event.add("rrule", _written_rule(series, last))
    if gaps:
        event.add("exdate", [wall.replace(tzinfo=zone) for wall in sorted(gaps)])
    return event


def _override_event(series: CalendarSeries, meeting: CalendarMeeting, wall: datetime) -> Event:
    """Return a meeting that differs from the rule; `wall` is its wall-clock time by the rule."""
    event = _base_event(series, series.uid, cancelled=meeting.cancelled)
    event.add("recurrence-id", wall.replace(tzinfo=ZoneInfo(series.zone)))
    _add_times(event, meeting.starts_at, meeting.ends_at, series.zone)
    return event


def _single_event(series: CalendarSeries, meeting: CalendarMeeting, uid: str) -> Event:
    """Return a meeting as an event outside the rule."""
    event = _base_event(series, uid or f"{series.uid}-{meeting.place}", cancelled=meeting.cancelled)
    _add_times(event, meeting.starts_at, meeting.ends_at, series.zone)
    return event


def _cancelled_event(series: CalendarSeries) -> Event:
    """Return a series that was canceled as a whole."""
    event = _base_event(series, series.uid, cancelled=True)
    begins = local_to_utc(series.begins, series.zone)
    _add_times(event, begins, begins + timedelta(minutes=series.length), series.zone)
    return event


def _add_times(event: Event, starts_at: datetime, ends_at: datetime, zone: str) -> None:
    """Add beginning and end in the series' zone, or in UTC where its clocks show that hour twice."""
    for name, at in (("dtstart", starts_at), ("dtend", ends_at)):
        zoned = at.astimezone(ZoneInfo(zone))
        event.add(name, at if tz.datetime_ambiguous(zoned) else zoned)
