"""When what is said about a meeting: moments counted from its beginning and end. Pure.

Whole days are counted on the wall clock of the meeting's zone, anything else on a stop watch. Channels are left in
peace in quiet hours too: what would fall into them comes at the next open hour, an agenda at the last one before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from handlers.kit import quiet_hours as quiet
from handlers.kit.dates import local
from storage.vocabulary import AgencyId

DAY = timedelta(days=1)
_NEVER = datetime.min.replace(tzinfo=UTC)
ASKED = 3
"""So often the note-taker is asked for the minutes; after that the chair is."""


class Step(StrEnum):
    """What can be adjusted, or switched off."""

    CALL = "call"
    AGENDA = "agenda"
    REMIND = "remind"
    MINUTES = "minutes"
    AGAIN = "again"
    ACCEPT = "accept"


Steps = Mapping[Step, int | None]

DEFAULTS: Steps = {
    Step.CALL: 7 * 24 * 60,
    Step.AGENDA: 24 * 60,
    Step.REMIND: 15,
    Step.MINUTES: 60,
    Step.AGAIN: 24 * 60,
    Step.ACCEPT: 5 * 24 * 60,
}
"""In minutes; None is off."""

LONGEST: Mapping[Step, int] = {
    Step.CALL: 60 * 24 * 60,
    Step.AGENDA: 14 * 24 * 60,
    Step.REMIND: 24 * 60,
    Step.MINUTES: 3 * 24 * 60,
    Step.AGAIN: 7 * 24 * 60,
    Step.ACCEPT: 30 * 24 * 60,
}


def steps(*layers: Mapping[Any, Any]) -> dict[Step, int | None]:
    """Lay what was adjusted over the defaults, the consortium's first, then the series'."""
    made = dict(DEFAULTS)
    for layer in layers:
        made |= {Step(name): value for name, value in layer.items() if name in set(Step)}
    return made


def shifted(at: datetime, span: timedelta, zone: str) -> datetime:
    """Go on, or back, by a span: whole days on the wall clock."""
    if span % DAY:
        return at + span
    wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) + span
    return local(wall, zone)


def before(at: datetime, minutes: int, zone: str) -> datetime:
    """Give the moment some minutes before."""
    return shifted(at, -timedelta(minutes=minutes), zone)


def after(at: datetime, minutes: int, zone: str) -> datetime:
    """Give the moment some minutes after."""
    return shifted(at, timedelta(minutes=minutes), zone)


@dataclass(frozen=True)
class Frame:
    """What the moments depend on. `interval` is the time between meetings of the series, None for a single one."""

    starts_at: datetime
    ends_at: datetime
    planned_at: datetime
    zone: str
    quiet_hours: tuple[time, time]
    interval: timedelta | None = None


@dataclass(frozen=True)
class Moments:
    """When each step before a meeting falls due; None where it is off or was past when the meeting was planned."""

    prepare: datetime
    call: datetime | None
    agenda: datetime | None
    remind: datetime | None


def moments(frame: Frame, chosen: Steps) -> Moments:
    """Give the moments before a meeting."""
    call = _call(frame, chosen.get(Step.CALL))
    agenda = _agenda(frame, chosen.get(Step.AGENDA))
    if call is not None and agenda is not None and call >= agenda:
        call = None
    remind = chosen.get(Step.REMIND)
    raw = before(frame.starts_at, remind, frame.zone) if remind is not None else None
    asked = _call(frame, chosen.get(Step.CALL) or DEFAULTS[Step.CALL])
    return Moments(
        prepare=max(frame.planned_at, call or asked or frame.planned_at),
        call=call,
        agenda=agenda,
        remind=_unless_past(raw, frame),
    )


def _call(frame: Frame, minutes: int | None) -> datetime | None:
    if minutes is None:
        return None
    raw = before(frame.starts_at, minutes, frame.zone)
    if frame.interval is not None and frame.interval / 2 < timedelta(minutes=minutes):
        raw = shifted(frame.starts_at, -frame.interval / 2, frame.zone)
    if raw <= frame.planned_at:
        return None
    opened = quiet.next_open(raw, frame.zone, frame.quiet_hours)
    return opened if opened < frame.starts_at else raw


def _agenda(frame: Frame, minutes: int | None) -> datetime | None:
    if minutes is None:
        return None
    raw = before(frame.starts_at, minutes, frame.zone)
    if quiet.is_quiet(raw, frame.zone, frame.quiet_hours):
        earlier = quiet.last_open(raw, frame.zone, frame.quiet_hours)
        raw = earlier if earlier > frame.planned_at else raw
    return _unless_past(raw, frame)


def _unless_past(at: datetime | None, frame: Frame) -> datetime | None:
    return at if at is not None and at > frame.planned_at else None


def asks(first: datetime, again: int | None, zone: str, hours: tuple[time, time]) -> list[datetime]:
    """Give when a note-taker is asked for the minutes, in their open hours, and last when the chair is."""
    made = [quiet.next_open(first, zone, hours)]
    while again is not None and len(made) <= ASKED:
        made.append(quiet.next_open(after(made[-1], again, zone), zone, hours))
    return made


def turn(agencies: Sequence[AgencyId], taken: Mapping[AgencyId, datetime]) -> list[AgencyId]:
    """Order agencies by whose turn it is to take the minutes: who never did first, then whoever did longest ago."""
    return sorted(agencies, key=lambda agency: taken.get(agency, _NEVER))
