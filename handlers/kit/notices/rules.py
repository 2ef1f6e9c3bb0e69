"""Not a nag: what is told now, what waits, and what is not needed any more.

The rules are those of docs/rules.md, "What the bot says by itself".
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.kit import quiet_hours as quiet
from handlers.kit.dates import local
from storage.vocabulary import Manner, NoticeId


@dataclass(frozen=True)
class Recipient:
    """A person as one who is told things. `told_on` is the day, in their zone, of the last such message."""

    zone: str
    quiet_hours: tuple[time, time]
    away_until: datetime | None = None
    told_on: date | None = None
    at_once: bool = False


@dataclass(frozen=True)
class Waiting:
    """Something to tell, wanted from `due_at` on and of no use from `until` on."""

    id: NoticeId
    manner: Manner
    due_at: datetime
    until: datetime | None = None

    def is_over(self, at: datetime) -> bool:
        """Tell whether it would be of no use at a moment."""
        return self.until is not None and self.until <= at


@dataclass
class Plan:
    """What to do with everything that waits for one person."""

    say: list[NoticeId] = field(default_factory=list)
    later: dict[NoticeId, datetime] = field(default_factory=dict)
    drop: list[NoticeId] = field(default_factory=list)


def today(listener: Recipient, now: datetime) -> date:
    """Give the day on which a person lives."""
    return now.astimezone(ZoneInfo(listener.zone)).date()


def plan(listener: Recipient, waiting: Sequence[Waiting], now: datetime) -> Plan:
    """Decide about all that waits for a person; what is not due yet only keeps other things waiting for it.

    Whoever is away is left in peace. Quiet hours hold for everything but what cannot wait. What has an hour of
    its own comes at that hour and takes along what else is due; the rest comes in one message a day, unless
    waiting would make it useless.
    """
    made = Plan()
    due = [one for one in waiting if one.due_at <= now]
    for one in due:
        if one.is_over(now):
            made.drop.append(one.id)
    fresh = [one for one in due if not one.is_over(now)]
    if listener.away_until is not None and listener.away_until > now:
        _wait(made, fresh, listener.away_until)
        return made
    made.say = [one.id for one in fresh if one.manner is Manner.SOON]
    rest = [one for one in fresh if one.manner is not Manner.SOON]
    if quiet.is_quiet(now, listener.zone, listener.quiet_hours):
        _wait(made, rest, quiet.next_open(now, listener.zone, listener.quiet_hours))
        return made
    timed = [one.id for one in rest if one.manner is Manner.HOUR]
    made.say += timed
    for one in rest:
        if one.manner is Manner.DAY:
            moment = now if timed or listener.at_once else _turn(listener, one, waiting, now)
            if moment <= now:
                made.say.append(one.id)
            else:
                made.later[one.id] = moment
    return made


def _wait(made: Plan, those: Sequence[Waiting], until: datetime) -> None:
    for one in those:
        if one.is_over(until):
            made.drop.append(one.id)
        else:
            made.later[one.id] = until


def _turn(listener: Recipient, one: Waiting, waiting: Sequence[Waiting], now: datetime) -> datetime:
    """Give the moment of the day's message in which something goes that has no hour of its own."""
    day = today(listener, now)
    company = [
        other.due_at
        for other in waiting
        if other.manner is Manner.HOUR
        and other.due_at > now
        and today(listener, other.due_at) == day
        and not quiet.is_quiet(other.due_at, listener.zone, listener.quiet_hours)
        and not one.is_over(other.due_at)
    ]
    if company:
        return min(company)
    if listener.told_on != day:
        return now
    morning = local(datetime.combine(day + timedelta(days=1), time()), listener.zone)
    tomorrow = quiet.next_open(morning, listener.zone, listener.quiet_hours)
    # two messages on a day are better than a reminder that comes too late
    return now if one.is_over(tomorrow) else tomorrow
