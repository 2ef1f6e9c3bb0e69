"""Terms of roles: when they are announced and when they are over, on the consortium's own clock."""

from datetime import date, datetime, time, timedelta

from handlers.kit.dates import local_to_utc
from handlers.load.snapshot import consortium_today
from handlers.roles import rules
from storage.consortia import Consortium
from storage.roles import Role

A_DAY = timedelta(days=1)


def ends_at(consortium: Consortium, until: date) -> datetime:
    """Return when a term is over: at the end of its last day."""
    return local_to_utc(datetime.combine(until + A_DAY, time()), consortium.zone)


def announced_at(consortium: Consortium, until: date) -> datetime:
    """Return when people are told that a term ends soon."""
    return local_to_utc(datetime.combine(until - rules.AHEAD, time()), consortium.zone)


def schedule_check(consortium: Consortium, role: Role, now: datetime) -> None:
    """Set when the job next checks a role: at the announcement of its end, or never without an end."""
    role.look_at = max(now, announced_at(consortium, role.until)) if role.until is not None else None


def is_held(consortium: Consortium, role: Role, now: datetime) -> bool:
    """Return whether somebody holds a role: it has not ended, and its term is not over."""
    return role.ended_at is None and (role.until is None or now < ends_at(consortium, role.until))


def check_last_day(
    consortium: Consortium, until: date | None, now: datetime, example: str, field: str | None = None
) -> None:
    """Raise `Refusal` if the last day of a term is past or too far away."""
    if until is not None:
        rules.last_day(until, consortium_today(consortium, now), example, field)
