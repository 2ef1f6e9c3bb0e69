"""When a term of office is announced, and when it is over; days are those of the consortium's own clock."""

from datetime import date, datetime, time, timedelta

from handlers.kit.dates import local
from handlers.load.snapshot import day
from handlers.roles import rules
from storage.consortia import Consortium
from storage.roles import Role

A_DAY = timedelta(days=1)


def ends_at(consortium: Consortium, until: date) -> datetime:
    """Give the moment at which a term is over: the end of its last day, on the consortium's own clock."""
    return local(datetime.combine(until + A_DAY, time()), consortium.zone)


def announced_at(consortium: Consortium, until: date) -> datetime:
    """Give the moment from which on it is told that a term ends."""
    return local(datetime.combine(until - rules.AHEAD, time()), consortium.zone)


def plan(consortium: Consortium, role: Role, now: datetime) -> None:
    """Note when time brings something to a role next."""
    role.look_at = max(now, announced_at(consortium, role.until)) if role.until is not None else None


def is_held(consortium: Consortium, role: Role, now: datetime) -> bool:
    """Tell whether somebody holds a role: it has not ended, and its term is not over."""
    return role.ended_at is None and (role.until is None or now < ends_at(consortium, role.until))


def check(consortium: Consortium, until: date | None, now: datetime, example: str, field: str | None = None) -> None:
    """Check the last day of a term. Raises Refusal."""
    if until is not None:
        rules.last_day(until, day(consortium, now), example, field)
