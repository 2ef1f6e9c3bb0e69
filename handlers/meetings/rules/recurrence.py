"""How meetings repeat: recurrence rules (RRULE, RFC 5545), counted on the wall clock."""

import re
from collections.abc import Iterator
from datetime import MAXYEAR, date, datetime, timedelta
from itertools import islice, pairwise

from dateutil.rrule import rrule, rrulestr

from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, format_clock, truncate
from handlers.meetings.rules import ical

HORIZON = timedelta(days=5 * 366)
"""How far ahead the next meeting is searched for; a rule without one until then never takes place."""

MAX_RULE = 200
"""The longest rule, in characters."""

MAX_INTERVAL = 24
"""The most weeks or months between two meetings."""

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

EXAMPLE = 'For example: `/meeting new "Council" 2026-12-03 14:00 every:month`'
RULE_EXAMPLE = 'For example: `/meeting new "Council" 2026-12-03 14:00 every:"FREQ=WEEKLY;COUNT=5"`'

_NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
_PLAIN = {
    "week": (1, "week"),
    "weekly": (1, "week"),
    "2weeks": (2, "week"),
    "biweekly": (2, "week"),
    "fortnight": (2, "week"),
    "fortnightly": (2, "week"),
    "month": (1, "month"),
    "monthly": (1, "month"),
}


def weekly_rule(weeks: int = 1) -> str:
    """Return the rule for every week, or every few weeks."""
    return "FREQ=WEEKLY" if weeks == 1 else f"FREQ=WEEKLY;INTERVAL={weeks}"


def monthly_rule(first: date, months: int = 1) -> str:
    """Return the rule that keeps the weekday, such as the third Thursday; a fifth one becomes the last."""
    place = (first.day - 1) // 7 + 1
    interval = "" if months == 1 else f";INTERVAL={months}"
    return f"FREQ=MONTHLY{interval};BYDAY={place if place < 5 else -1}{CODES[first.weekday()]}"


def parse_rule(typed: str, begins: datetime) -> str:
    """Parse `week`, `2weeks`, `month`, a weekday, or an RRULE to a rule.

    Raise `Refusal` where it cannot be parsed, or would never take place.
    """
    word = typed.casefold().replace(" ", "").replace("-", "").removeprefix("every").strip(" ,.")
    counted = re.fullmatch(r"(\d{1,3})(week|month)s?", word)
    count, unit = (int(counted[1]), counted[2]) if counted else _PLAIN.get(word, (0, ""))
    if unit:
        if not 1 <= count <= MAX_INTERVAL:
            raise Refusal(f"A meeting can repeat every 1 to {MAX_INTERVAL} {unit}s. {EXAMPLE}")
        return weekly_rule(count) if unit == "week" else monthly_rule(begins.date(), count)
    if word == DAYS[begins.weekday()].casefold():
        return weekly_rule()
    if "freq=" in word:
        return _parse_rrule(typed.strip(), begins)
    if re.match(r"\d{1,2}(st|nd|rd|th)", word):
        raise Refusal(
            "Not every month has each date, so a monthly meeting keeps its weekday instead, such as the third "
            f"Thursday. {EXAMPLE}"
        )
    raise Refusal(
        f"I could not read “{escape(truncate(typed, 60))}” as how often the meeting repeats: `week`, `2weeks` or "
        f"`month`. {EXAMPLE}"
    )


def _parse_rrule(typed: str, begins: datetime) -> str:
    """Parse an RRULE. Raise `Refusal` where calendars would not understand it, or it would never take place."""
    rule = re.sub(r"(?i)^rrule:", "", typed).upper().replace(" ", "")
    shown = escape(truncate(rule, 60))
    if len(rule) > MAX_RULE or not re.fullmatch(r"[A-Z0-9=;,+-]+", rule):
        raise Refusal(f"“{shown}” is not a rule that calendars know. {EXAMPLE}")
    if re.search(r"FREQ=(SECONDLY|MINUTELY|HOURLY)|BYHOUR|BYMINUTE|BYSECOND|INTERVAL=0", rule):
        raise Refusal(f"A meeting repeats after a day or more, always at the same time of day. {EXAMPLE}")
    rule = re.sub(r"UNTIL=(\d{8})T\d{6}Z?", r"UNTIL=\1", rule)
    try:
        coming = occurrences(rule, begins, begins, 1) if _is_strict(rule, begins) else None
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        coming = None
    if coming is None:
        raise Refusal(f"“{shown}” is not a rule that calendars know. {RULE_EXAMPLE}")
    if not coming:
        raise Refusal(f"With “{shown}”, the meeting would never take place. {EXAMPLE}")
    return rule


def _is_strict(rule: str, begins: datetime) -> bool:
    """Return whether a rule has at most one end, plainly written, and can be written into a calendar."""
    ends = [part for part in rule.split(";") if part.startswith(("COUNT", "UNTIL"))]
    plain = all(re.fullmatch(r"COUNT=\d{1,6}|UNTIL=\d{8}", part) for part in ends)
    return plain and len(ends) <= 1 and (not ical.is_portable(rule) or ical.is_valid(rule, begins))


def occurrences(rule: str | None, begins: datetime, since: datetime, count: int) -> list[datetime]:
    """List the next occurrences from `since` on, as wall-clock times. Without a rule, `begins` is the only one."""
    if rule is None:
        return [begins] if begins >= since else []
    return list(islice(_walk(rule, begins, since), count))


def _walk(rule: str, begins: datetime, since: datetime) -> Iterator[datetime]:
    """Return the occurrences from `since` on. COUNT and UNTIL are applied here, so that every rule comes to an end."""
    most = re.search(r"COUNT=(\d+)", rule)
    last = re.search(r"UNTIL=(\d{8})", rule)
    end = max(since, begins) + HORIZON
    if last:
        end = min(end, datetime.strptime(last[1], "%Y%m%d") + timedelta(days=1))  # noqa: DTZ007 - a wall clock
    plain = re.sub(r";?(COUNT|UNTIL)=[^;]*", "", rule).strip(";")
    # where nothing matches, dateutil searches to the year 9999, which takes longer than Slack's three seconds. So the
    # dates are shifted close to that year: calendars repeat every 400 years, and the result is the same
    later = (MAXYEAR - end.year) // 400 * 400
    parsed = rrulestr(plain, dtstart=begins.replace(year=begins.year + later))
    if not isinstance(parsed, rrule):
        raise TypeError("one rule, not a set")
    bounded = parsed.replace(until=end.replace(year=end.year + later))
    for shifted in islice(bounded, int(most[1]) if most else None):
        if (at := shifted.replace(year=shifted.year - later)) >= since:
            yield at


def shortest_gap(rule: str | None, begins: datetime) -> timedelta | None:
    """Return the shortest time between two of the next meetings; None where there is only one."""
    if rule is None:
        return None
    gaps = [later - earlier for earlier, later in pairwise(occurrences(rule, begins, begins, 6))]
    return min(gaps, default=None)


def rule_for_new_start(rule: str | None, begins: datetime) -> str | None:
    """Return the rule with which a series repeats as often from a new first day.

    None where there is no rule, or one that was typed as an RRULE and cannot be moved.
    """
    if rule is None:
        return None
    simple = re.fullmatch(r"FREQ=(WEEKLY|MONTHLY)(?:;INTERVAL=(\d+))?(?:;BYDAY=-?\d[A-Z]{2})?", rule)
    if not simple:
        return None
    count = int(simple[2] or 1)
    return weekly_rule(count) if simple[1] == "WEEKLY" else monthly_rule(begins.date(), count)


def describe_rule(rule: str | None, begins: datetime) -> str:
    """Return a rule in words: "every third Thursday of the month at 14:00"."""
    clock = f"at {format_clock(begins)}"
    if rule is None:
        return f"once, {clock}"
    week = re.fullmatch(r"FREQ=WEEKLY(?:;INTERVAL=(\d+))?", rule)
    if week:
        count, day = int(week[1] or 1), DAYS[begins.weekday()]
        often = {1: f"every {day}", 2: f"every second {day}"}.get(count, f"every {count} weeks on {day}")
        return f"{often} {clock}"
    month = re.fullmatch(r"FREQ=MONTHLY(?:;INTERVAL=(\d+))?;BYDAY=(-?\d)([A-Z]{2})", rule)
    if month and int(month[2]) in _NTH and month[3] in CODES:
        count = int(month[1] or 1)
        day = f"{_NTH[int(month[2])]} {DAYS[CODES.index(month[3])]}"
        return f"every {day} of the month {clock}" if count == 1 else f"the {day} every {count} months {clock}"
    return f"by the rule {rule} {clock}"
