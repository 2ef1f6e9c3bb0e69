"""An iCalendar file as a calendar program reads it."""

from datetime import UTC, datetime

from dateutil.rrule import rrulestr
from icalendar import Calendar

LAST = datetime(2032, 1, 1, tzinfo=UTC)
"""How far recurrence rules are followed."""


def parse_events(content):
    return Calendar.from_ical(content).walk("VEVENT")


def event_starts(content):
    """Return the times of all events: those of the rules without the excluded dates, and the moved ones instead."""
    times = []
    for uid in {str(event["uid"]) for event in parse_events(content)}:
        events = [event for event in parse_events(content) if str(event["uid"]) == uid]
        moved = {event["recurrence-id"].dt: event for event in events if "recurrence-id" in event}
        (master,) = [event for event in events if "recurrence-id" not in event]
        times += [event["dtstart"].dt for event in moved.values() if event["status"] != "CANCELLED"]
        if master["status"] != "CANCELLED":
            times += [at for at in expanded(master) if at not in moved]
    return sorted(at.astimezone(UTC) for at in times)


def expanded(event):
    first = event["dtstart"].dt
    if "rrule" not in event:
        return [first]
    rule = event["rrule"]
    zone, until = first.tzinfo, rule.pop("UNTIL", [None])[0]
    end = min(until or LAST, LAST).astimezone(zone).replace(tzinfo=None)
    out = event.get("exdate")
    gone = {date.dt for date in out.dts} if out else set()
    walls = rrulestr(rule.to_ical().decode(), dtstart=first.replace(tzinfo=None)).between(
        first.replace(tzinfo=None), end, inc=True
    )
    return [at for wall in walls if (at := wall.replace(tzinfo=zone)) not in gone]
