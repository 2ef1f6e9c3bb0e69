"""The schedule of the pulse: on which days its rounds are, and what they ask about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.dates import local_to_utc
from handlers.kit.refusals import Refusal
from handlers.pulse.rules import calendar
from storage import audit, pulse
from storage.pulse import Pulse
from storage.vocabulary import PulseInterval, Theme

MIN_DISTANCE = timedelta(days=5)
"""Days from one round to the next, at least: results closer together could be compared person by person."""


@dataclass(frozen=True)
class Plan:
    """When the pulse comes. `weekday` counts from Monday, 0; `clock` is a time on each person's own clock."""

    weekday: int
    clock: time
    every: PulseInterval
    starts_on: date
    channel: str
    themes: tuple[Theme, ...] = tuple(Theme)


def set_schedule(session: Session, caller: Caller, plan: Plan, now: datetime) -> Pulse:
    """Lock the pulse and give it this schedule, in place of an earlier one. Raise Refusal for a direct message."""
    if plan.channel.startswith("D"):
        raise Refusal(
            "Results are posted in a channel, not in a direct message. Type this in the channel where they should go.",
            field="channel",
        )
    consortium = caller.consortium
    record = pulse.lock_by_consortium(session, consortium.id)
    if record is None:
        record = Pulse(consortium_id=consortium.id, rounds=0)
        session.add(record)
    record.team_id, record.channel, record.set_by = caller.workspace, plan.channel, caller.person.id
    record.weekday, record.clock, record.every = plan.weekday, f"{plan.clock:%H:%M}", plan.every
    record.starts_on = calendar.first_day(plan.weekday, plan.starts_on)
    record.themes = [theme.value for theme in plan.themes]
    last = pulse.last_round_day(session, consortium.id)
    earliest = last + MIN_DISTANCE if last else record.starts_on
    set_next_round(
        record,
        record.starts_on - timedelta(days=1),
        lambda day: day >= earliest and local_to_utc(datetime.combine(day, plan.clock), consortium.zone) > now,
    )
    session.flush()
    audit.record(session, consortium.id, caller.person.id, "planned", "the pulse", now)
    return record


def stop(session: Session, caller: Caller, now: datetime) -> str:
    """Stop scheduling rounds. Return the answer to the facilitator. Raise Refusal if none is scheduled."""
    record = pulse.lock_by_consortium(session, caller.consortium.id)
    if record is None or record.next_day is None:
        raise Refusal("No pulse is scheduled. `/pulse schedule monday 9:00` schedules one.")
    record.next_day = record.opens_at = None
    audit.record(session, caller.consortium.id, caller.person.id, "stopped", "the pulse", now)
    return "The pulse is stopped. A round that is open still closes on time. `/pulse schedule` starts the pulse again."


def set_next_round(record: Pulse, after: date, fits: Callable[[date], bool]) -> None:
    """Set the next round to the first day of the schedule that is later than `after` and fits."""
    day = calendar.next_day(record.every, record.starts_on, after)
    while not fits(day):
        day = calendar.next_day(record.every, record.starts_on, day)
    record.next_day, record.opens_at = day, calendar.opens_at(day)


def wall_time(record: Pulse, day: date) -> datetime:
    """Return when the questions of a day's round go out, on each person's own clock."""
    return datetime.combine(day, time.fromisoformat(record.clock))


def themes(record: Pulse) -> tuple[Theme, ...]:
    """Return the themes that a pulse asks about."""
    return tuple(Theme(theme) for theme in record.themes)
