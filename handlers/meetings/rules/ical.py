"""Meetings in the language of calendars (RFC 5545). Pure: plain values in, iCalendar out.

A series is one event with its rule. What differs from the rule stands beside it: a meeting that was moved or
cancelled under its RECURRENCE-ID, a date on which none was planned as EXDATE. What has left the rule altogether,
such as the meetings before all later ones were moved to another weekday, is an event of its own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from dateutil import tz
from dateutil.rrule import rrulestr
from icalendar import Calendar, Event, vDuration, vRecur

from handlers.kit.dates import local

PRODUCT = "-//Consortium//Meetings//EN"
FRESH = timedelta(hours=1)
"""So often calendars are asked to look again."""

WHERE = "Agenda, minutes and changes are in Slack, in the channel of this meeting."

_KNOWN = re.compile(
    r"(FREQ|INTERVAL|COUNT|UNTIL|BYDAY|BYMONTHDAY|BYYEARDAY|BYWEEKNO|BYMONTH|BYSETPOS|WKST)=[A-Z0-9,+-]+"
)


@dataclass(frozen=True)
class Occasion:
    """One meeting. `original_at` is when the rule has it; `place` counts within the series."""

    place: int
    original_at: datetime
    starts_at: datetime
    ends_at: datetime
    cancelled: bool = False


@dataclass(frozen=True)
class Plan:
    """A series as plain values.

    `begins` is what the wall clock of `zone` shows when the first one begins, `length` is in minutes, `ended` says
    that no more will be planned, `changed_at` when anything of it was changed last.
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
    occasions: Sequence[Occasion]


def calendar(name: str, plans: Sequence[Plan]) -> bytes:
    """Write a calendar with all these meetings."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("x-wr-calname", name)
    made.add("refresh-interval", vDuration(FRESH), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(FRESH))
    for plan in plans:
        for event in events(plan):
            made.add_component(event)
    first = min((occasion.starts_at for plan in plans for occasion in plan.occasions), default=None)
    if first is not None:
        made.add_missing_timezones(first_date=date(first.year - 1, 1, 1))
    return bytes(made.to_ical())


def events(plan: Plan) -> list[Event]:
    """Write a series as events; a rule that cannot be written becomes an event for each meeting."""
    if plan.rule is None or not (is_known(plan.rule) and is_sound(plan.rule, plan.begins)):
        return [_single(plan, one, plan.uid if plan.rule is None else "") for one in plan.occasions]
    rhythm = _rhythm(plan)
    at = {local(wall, plan.zone): wall for wall in rhythm}
    own = [one for one in plan.occasions if one.original_at in at and not _is_lost(at[one.original_at], plan.zone)]
    rest = [one for one in plan.occasions if one not in own and not (plan.ended and one.cancelled)]
    singles = [_single(plan, one, "") for one in rest]
    if plan.ended and not any(not one.cancelled for one in own):
        return [_cancelled(plan), *singles]
    last = max((one.original_at for one in own if not one.cancelled), default=None) if plan.ended else None
    within = [one for one in own if last is None or one.original_at <= last]
    held = {one.original_at for one in within}
    gaps = [wall for moment, wall in at.items() if moment not in held and (last is None or moment <= last)]
    changed = [_override(plan, one, at[one.original_at]) for one in within if _differs(plan, one)]
    return [_master(plan, gaps, last), *changed, *singles]


# the rule ----------------------------------------------------------------------------------------------


def is_known(rule: str) -> bool:
    """Tell whether calendars know all that a rule says."""
    return all(_KNOWN.fullmatch(part) for part in rule.split(";"))


def is_sound(rule: str, begins: datetime) -> bool:
    """Tell whether a rule can be read and written as calendars do: a count is one number, December is 12."""
    try:
        plain, _, _ = _parts(rule)
        rrulestr(plain, dtstart=begins)
        return bool(vRecur.from_ical(plain).to_ical())
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return False


def _rhythm(plan: Plan) -> list[datetime]:
    """List what the wall clock shows at each occurrence of the rule, up to the last meeting that was planned."""
    last = max((one.original_at for one in plan.occasions), default=None)
    if last is None:
        return []
    end = last.astimezone(ZoneInfo(plan.zone)).replace(tzinfo=None)
    return list(takewhile(lambda wall: wall <= end, _walk(plan)))


def _walk(plan: Plan) -> Iterator[datetime]:
    """Give the occurrences of the rule; a last day counts as a whole."""
    plain, _, until = _parts(plan.rule or "")
    for wall in rrulestr(plain, dtstart=plan.begins):
        if until is not None and wall > _midnight_after(until):
            return
        yield wall


def _parts(rule: str) -> tuple[str, str, date | None]:
    """Take the last day out of a rule; give the rule without it, its number of times, and the day."""
    until = re.search(r"UNTIL=(\d{4})(\d\d)(\d\d)", rule)
    count = re.search(r"COUNT=\d+", rule)
    plain = ";".join(part for part in rule.split(";") if not part.startswith("UNTIL="))
    day = date(int(until[1]), int(until[2]), int(until[3])) if until else None
    return plain, count[0] if count else "", day


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time())


def _written(plan: Plan, last: datetime | None) -> vRecur:
    """Write the rule; it ends with the moment of the `last` meeting where there is one."""
    plain, count, until = _parts(plan.rule or "")
    if last is not None and count:
        plain = ";".join(part for part in plain.split(";") if part != count)
    made: vRecur = vRecur.from_ical(plain)
    if last is not None:
        made["UNTIL"] = [last]
    elif until is not None:
        made["UNTIL"] = [local(_midnight_after(until), plan.zone)]
    return made


def _is_lost(wall: datetime, zone: str) -> bool:
    """Tell whether the clocks of a zone never show this, since they are put forward then."""
    return not tz.datetime_exists(wall.replace(tzinfo=ZoneInfo(zone)))


# events ------------------------------------------------------------------------------------------------


def _differs(plan: Plan, one: Occasion) -> bool:
    """Tell whether a meeting is not as its series has it; those before it was made longer keep their length."""
    return (
        one.cancelled
        or one.starts_at != one.original_at
        or one.ends_at - one.starts_at != timedelta(minutes=plan.length)
    )


def _event(plan: Plan, uid: str, *, cancelled: bool = False) -> Event:
    """Begin an event with all that does not depend on its time."""
    made = Event()
    made.add("uid", uid)
    made.add("sequence", plan.sequence)
    made.add("dtstamp", plan.changed_at)
    made.add("last-modified", plan.changed_at)
    made.add("summary", f"Cancelled: {plan.title}" if cancelled else plan.title)
    made.add("description", WHERE)
    made.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    made.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    return made


def _master(plan: Plan, gaps: Sequence[datetime], last: datetime | None) -> Event:
    """Write the event that comes back."""
    made = _event(plan, plan.uid)
    zone = ZoneInfo(plan.zone)
    begins = local(plan.begins, plan.zone)
    made.add("dtstart", plan.begins.replace(tzinfo=zone))
    made.add("dtend", (begins + timedelta(minutes=plan.length)).astimezone(zone))
    made.add("rrule", _written(plan, last))
    if gaps:
        made.add("exdate", [wall.replace(tzinfo=zone) for wall in sorted(gaps)])
    return made


def _override(plan: Plan, one: Occasion, wall: datetime) -> Event:
    """Write a meeting of a series that was moved or cancelled."""
    made = _event(plan, plan.uid, cancelled=one.cancelled)
    made.add("recurrence-id", wall.replace(tzinfo=ZoneInfo(plan.zone)))
    _times(made, one, plan.zone)
    return made


def _single(plan: Plan, one: Occasion, uid: str) -> Event:
    """Write a meeting that stands for itself."""
    made = _event(plan, uid or f"{plan.uid}-{one.place}", cancelled=one.cancelled)
    _times(made, one, plan.zone)
    return made


def _cancelled(plan: Plan) -> Event:
    """Write a series of which nothing is left."""
    made = _event(plan, plan.uid, cancelled=True)
    begins = local(plan.begins, plan.zone)
    _times(made, Occasion(0, begins, begins, begins + timedelta(minutes=plan.length)), plan.zone)
    return made


def _times(event: Event, one: Occasion, zone: str) -> None:
    """Write beginning and end in the meeting's zone, or in UTC where its clocks show that hour twice."""
    for name, moment in (("dtstart", one.starts_at), ("dtend", one.ends_at)):
        there = moment.astimezone(ZoneInfo(zone))
        event.add(name, moment if tz.datetime_ambiguous(there) else there)
