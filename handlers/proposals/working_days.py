"""How long a proposal by consent stays open at least: time that lies on working days."""

from datetime import datetime, timedelta

LEAST_CONSENT = timedelta(hours=72)


def long_enough_for_consent(opens: datetime, closes: datetime) -> bool:
    """Tell whether a proposal is open for 72 hours and for three working days.

    Both moments are wall-clock times of the consortium without a zone. Three working days are 72 hours that
    lie on Mondays to Fridays.
    """
    if closes - opens < LEAST_CONSENT:
        return False
    return working_time(opens, closes) >= timedelta(days=3)


def working_time(begin: datetime, end: datetime) -> timedelta:
    """Add up the time from Monday to Friday between two wall-clock moments."""
    total = timedelta()
    at = begin
    while at < end:
        midnight = datetime.combine(at.date() + timedelta(days=1), datetime.min.time())
        if at.weekday() < 5:
            total += min(midnight, end) - at
        at = midnight
    return total


def first_consent_close(opens: datetime) -> datetime:
    """Give the earliest wall-clock moment at which a proposal by consent may close."""
    at = opens
    left = timedelta(days=3)
    while left > timedelta():
        midnight = datetime.combine(at.date() + timedelta(days=1), datetime.min.time())
        if at.weekday() < 5:
            step = min(midnight - at, left)
            left -= step
            at = at + step if left == timedelta() else midnight
        else:
            at = midnight
    return max(at, opens + LEAST_CONSENT)
