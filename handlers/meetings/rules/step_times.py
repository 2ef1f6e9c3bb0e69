"""When each step of a meeting is due, counted from its beginning and end.

Whole days are counted on the wall clock of the meeting's zone, anything shorter in elapsed time. Channels have quiet
hours too: a call for items that would fall into them comes at the next open time, an agenda at the last one before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from handlers.kit import quiet_hours as quiet
from handlers.kit.dates import local_to_utc
from storage.vocabulary import AgencyId

DAY = timedelta(days=1)

MAX_REQUESTS = 3
"""How often the note-taker is asked for the minutes before the chair is."""

LATE = timedelta(days=7)
"""How long after the first request those who keep the series going hear that there are no minutes."""

NO_LONGER_EXPECTED = timedelta(days=90)
"""How long after the first request minutes are still expected."""

_NEVER = datetime.min.replace(tzinfo=UTC)


class MeetingStep(StrEnum):
    """A step that can be adjusted or switched off."""

    CALL = "call"
    AGENDA = "agenda"
    REMIND = "remind"
    MINUTES = "minutes"
    AGAIN = "again"
    ACCEPT = "accept"


StepOffsets = Mapping[MeetingStep, int | None]
"""How long before or after a meeting each step is due, in minutes; None for a step that is off."""

DEFAULT_OFFSETS: StepOffsets = {
    MeetingStep.CALL: 7 * 24 * 60,
    MeetingStep.AGENDA: 24 * 60,
    MeetingStep.REMIND: 15,
    MeetingStep.MINUTES: 60,
    MeetingStep.AGAIN: 24 * 60,
    MeetingStep.ACCEPT: 5 * 24 * 60,
}

MAX_OFFSETS: Mapping[MeetingStep, int] = {
    MeetingStep.CALL: 60 * 24 * 60,
    MeetingStep.AGENDA: 14 * 24 * 60,
    MeetingStep.REMIND: 24 * 60,
    MeetingStep.MINUTES: 3 * 24 * 60,
    MeetingStep.AGAIN: 7 * 24 * 60,
    MeetingStep.ACCEPT: 30 * 24 * 60,
}


@dataclass(frozen=True)
class MeetingTiming:
    """What the times of steps depend on.

    `planned_at` is when the meeting got its current date. `interval` is the shortest time between meetings of the
    series, None for a single meeting. `is_new` tells that the meeting was never moved.
    """

    starts_at: datetime
    ends_at: datetime
    planned_at: datetime
    zone: str
    quiet_hours: tuple[time, time]
    interval: timedelta | None = None
    is_new: bool = False


@dataclass(frozen=True)
class TimesBefore:
    """When each step before a meeting is due; None where it is off, or had passed when the meeting was planned.

    A reminder that had passed is due at once for a new meeting: those concerned have not heard of it. Of a meeting that
    was moved, they hear by the news of that. `note_taker` is when the note-taker is chosen.
    """

    note_taker: datetime
    call: datetime | None
    agenda: datetime | None
    remind: datetime | None


def merge_offsets(*layers: Mapping[Any, Any]) -> dict[MeetingStep, int | None]:
    """Return the defaults overridden by each layer in turn: the consortium's settings, then the series'."""
    merged = dict(DEFAULT_OFFSETS)
    for layer in layers:
        merged |= {MeetingStep(name): value for name, value in layer.items() if name in set(MeetingStep)}
    return merged


def times_before(timing: MeetingTiming, offsets: StepOffsets) -> TimesBefore:
    """Return the times of the steps before a meeting."""
    call = _call_time(timing, offsets.get(MeetingStep.CALL))
    agenda = _agenda_time(timing, offsets.get(MeetingStep.AGENDA))
    remind = offsets.get(MeetingStep.REMIND)
    remind_at = minutes_before(timing.starts_at, remind, timing.zone) if remind is not None else None
    late = remind_at is not None and remind_at <= timing.planned_at
    if call is not None and any(at is not None and call >= at for at in (agenda, remind_at)):
        # a call that quiet hours put off until then would be too late
        call = None
    usual_call = _call_time(timing, offsets.get(MeetingStep.CALL) or DEFAULT_OFFSETS[MeetingStep.CALL])
    return TimesBefore(
        note_taker=max(timing.planned_at, call or usual_call or timing.planned_at),
        call=call,
        agenda=agenda,
        remind=timing.planned_at if timing.is_new and late else _unless_passed(remind_at, timing),
    )


def _call_time(timing: MeetingTiming, minutes: int | None) -> datetime | None:
    if minutes is None:
        return None
    at = minutes_before(timing.starts_at, minutes, timing.zone)
    if timing.interval is not None and timing.interval / 2 < timedelta(minutes=minutes):
        at = shift(timing.starts_at, -timing.interval / 2, timing.zone)
    if at <= timing.planned_at:
        return None
    next_open = quiet.next_open_time(at, timing.zone, timing.quiet_hours)
    return next_open if next_open < timing.starts_at else at


def _agenda_time(timing: MeetingTiming, minutes: int | None) -> datetime | None:
    if minutes is None:
        return None
    at = minutes_before(timing.starts_at, minutes, timing.zone)
    if quiet.is_quiet(at, timing.zone, timing.quiet_hours):
        last_open = quiet.last_open_hour(at, timing.zone, timing.quiet_hours)
        at = last_open if last_open > timing.planned_at else at
    return _unless_passed(at, timing)


def _unless_passed(at: datetime | None, timing: MeetingTiming) -> datetime | None:
    return at if at is not None and at > timing.planned_at else None


def request_times(first: datetime, again: int | None, zone: str, hours: tuple[time, time]) -> list[datetime]:
    """Return when the note-taker is asked for the minutes, outside quiet hours, and last when the chair is.

    `again` is the time between requests in minutes; with None there is only one.
    """
    times = [quiet.next_open_time(first, zone, hours)]
    while again is not None and len(times) <= MAX_REQUESTS:
        times.append(quiet.next_open_time(minutes_after(times[-1], again, zone), zone, hours))
    return times


def minutes_before(at: datetime, minutes: int, zone: str) -> datetime:
    """Return the time some minutes before another; whole days are counted on the wall clock."""
    return shift(at, -timedelta(minutes=minutes), zone)


def minutes_after(at: datetime, minutes: int, zone: str) -> datetime:
    """Return the time some minutes after another; whole days are counted on the wall clock."""
    return shift(at, timedelta(minutes=minutes), zone)


def shift(at: datetime, span: timedelta, zone: str) -> datetime:
    """Return a time moved by a span; whole days are counted on the wall clock."""
    if span % DAY:
        return at + span
    wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) + span
    return local_to_utc(wall, zone)


def agencies_by_turn(agencies: Sequence[AgencyId], taken: Mapping[AgencyId, datetime]) -> list[AgencyId]:
    """Order agencies by whose turn it is to take the minutes: never yet first, then longest ago.

    `taken` maps agencies to the latest meeting for which they took the minutes.
    """
    return sorted(agencies, key=lambda agency: taken.get(agency, _NEVER))
