"""How meetings come back: RRULEs (RFC 5545), counted on the wall clock. Pure."""

import re
from collections.abc import Iterator
from datetime import MAXYEAR, date, datetime, timedelta
from itertools import islice, pairwise

from dateutil.rrule import rrule, rrulestr

from handlers.kit.refusals import Refusal
from handlers.kit.text import cut, escape
from handlers.meetings.rules import ical

HORIZON = timedelta(days=5 * 366)
"""So far ahead it is looked for the next meeting; a rule that brings none until then brings none."""

LONGEST_RULE = 200
MOST = 24

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
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

EXAMPLE = 'For example: `/meeting new "Council" 2026-12-03 14:00 every:month`'
RULE_EXAMPLE = 'For example: `/meeting new "Council" 2026-12-03 14:00 every:"FREQ=WEEKLY;COUNT=5"`'


def weekly(weeks: int = 1) -> str:
    """Write the rule for every so many weeks."""
    return "FREQ=WEEKLY" if weeks == 1 else f"FREQ=WEEKLY;INTERVAL={weeks}"


def monthly(first: date, months: int = 1) -> str:
    """Write the rule that keeps the weekday: the third Thursday; a fifth one becomes the last."""
    place = (first.day - 1) // 7 + 1
    interval = "" if months == 1 else f";INTERVAL={months}"
    return f"FREQ=MONTHLY{interval};BYDAY={place if place < 5 else -1}{CODES[first.weekday()]}"


def read(typed: str, begins: datetime) -> str:
    """Read `week`, `2weeks`, `month`, or an RRULE. Raises Refusal where it cannot be read or never happens."""
    word = typed.casefold().replace(" ", "").replace("-", "").removeprefix("every").strip(" ,.")
    found = re.fullmatch(r"(\d{1,3})(week|month)s?", word)
    count, unit = (int(found[1]), found[2]) if found else _PLAIN.get(word, (0, ""))
    if unit:
        if not 1 <= count <= MOST:
            raise Refusal(f"It can come back every 1 to {MOST} {unit}s. {EXAMPLE}")
        return weekly(count) if unit == "week" else monthly(begins.date(), count)
    if word == DAYS[begins.weekday()].casefold():
        return weekly()
    if "freq=" in word:
        return _own(typed.strip(), begins)
    if re.match(r"\d{1,2}(st|nd|rd|th)", word):
        raise Refusal(
            "Not every month has each day, so a monthly meeting keeps its weekday instead, as in “third Thursday”. "
            f"{EXAMPLE}"
        )
    raise Refusal(
        f"I could not read “{escape(cut(typed, 60))}” as how often it comes back: `week`, `2weeks` or `month`. "
        f"{EXAMPLE}"
    )


def _own(typed: str, begins: datetime) -> str:
    """Check a rule in the language of calendars. Raises Refusal."""
    rule = re.sub(r"(?i)^rrule:", "", typed).upper().replace(" ", "")
    shown = escape(cut(rule, 60))
    if len(rule) > LONGEST_RULE or not re.fullmatch(r"[A-Z0-9=;,+-]+", rule):
        raise Refusal(f"“{shown}” is not a rule that calendars know. {EXAMPLE}")
    if re.search(r"FREQ=(SECONDLY|MINUTELY|HOURLY)|BYHOUR|BYMINUTE|BYSECOND|INTERVAL=0", rule):
        raise Refusal(f"A meeting comes back after a day or more, at its own time of day. {EXAMPLE}")
    rule = re.sub(r"UNTIL=(\d{8})T\d{6}Z?", r"UNTIL=\1", rule)
    try:
        coming = following(rule, begins, begins, 1) if _is_strict(rule, begins) else None
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        coming = None
    if coming is None:
        raise Refusal(f"“{shown}” is not a rule that calendars know. {RULE_EXAMPLE}")
    if not coming:
        raise Refusal(f"By “{shown}” it would never take place. {EXAMPLE}")
    return rule


def _is_strict(rule: str, begins: datetime) -> bool:
    """Tell whether how often and until when are said plainly, each once, and calendars can write the rule."""
    ends = [part for part in rule.split(";") if part.startswith(("COUNT", "UNTIL"))]
    plain = all(re.fullmatch(r"COUNT=\d{1,6}|UNTIL=\d{8}", part) for part in ends)
    return plain and len(ends) <= 1 and (not ical.is_known(rule) or ical.is_sound(rule, begins))


def following(rule: str | None, begins: datetime, since: datetime, count: int) -> list[datetime]:
    """List the next occurrences from `since` on, all as the wall clock shows them."""
    if rule is None:
        return [begins] if begins >= since else []
    return list(islice(_walk(rule, begins, since), count))


def _walk(rule: str, begins: datetime, since: datetime) -> Iterator[datetime]:
    """Give the occurrences from `since` on; how many, or until when, is counted here, so that none runs for ever."""
    most = re.search(r"COUNT=(\d+)", rule)
    last = re.search(r"UNTIL=(\d{8})", rule)
    end = max(since, begins) + HORIZON
    if last:
        end = min(end, datetime.strptime(last[1], "%Y%m%d") + timedelta(days=1))  # noqa: DTZ007 - a wall clock
    plain = re.sub(r";?(COUNT|UNTIL)=[^;]*", "", rule).strip(";")
    # where nothing fits, dateutil looks on to the end of all years: it is asked for years near that end, which is
    # the same, since calendars repeat every 400 years, and answers within Slack's three seconds
    later = (MAXYEAR - end.year) // 400 * 400
    made = rrulestr(plain, dtstart=begins.replace(year=begins.year + later))
    if not isinstance(made, rrule):
        raise TypeError("one rule, not a set")
    for at in islice(made.replace(until=end.replace(year=end.year + later)), int(most[1]) if most else None):
        if (found := at.replace(year=at.year - later)) >= since:
            yield found


def interval(rule: str | None, begins: datetime) -> timedelta | None:
    """Give the shortest time between two of the next meetings; None for a single one."""
    if rule is None:
        return None
    dates = following(rule, begins, begins, 6)
    gaps = [later - earlier for earlier, later in pairwise(dates)]
    return min(gaps, default=None)


def moved(rule: str | None, begins: datetime) -> str | None:
    """Write the rule anew for another first day; None where it is a rule of its own that cannot be moved."""
    if rule is None:
        return None
    found = re.fullmatch(r"FREQ=(WEEKLY|MONTHLY)(?:;INTERVAL=(\d+))?(?:;BYDAY=-?\d[A-Z]{2})?", rule)
    if not found:
        return None
    count = int(found[2] or 1)
    return weekly(count) if found[1] == "WEEKLY" else monthly(begins.date(), count)


def words(rule: str | None, begins: datetime) -> str:
    """Say how a meeting comes back: "every third Thursday of the month at 14:00"."""
    clock = f"at {begins:%H:%M}"
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
