"""How meetings repeat: recurrence rules (RRULE, RFC 5545), counted on the wall clock of the series' zone."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from handlers.kit.calendar_years import shift_to_the_end
from handlers.kit.dates import local_to_utc
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, format_day, truncate
from handlers.meetings.rules import ical
from handlers.meetings.rules.weekdays import CODES, DAYS

HORIZON = timedelta(days=5 * 366)
"""How far ahead the next meeting is searched for; a rule without one until then never takes place."""

MAX_RULE = 200
"""The longest rule, in characters."""

MAX_INTERVAL = 24
"""The most weeks or months between two meetings."""

EXAMPLE = 'For example: `/meeting new "Council" 2026-12-03 14:00 every:month`'
RULE_EXAMPLE = 'For example: `/meeting new "Council" 2026-12-03 14:00 every:"FREQ=WEEKLY;COUNT=5"`'
CHOICES = "`week`, `2weeks`, `month`, `quarter`, `third thursday` or `last friday`"

_PLAIN = {
    "week": (1, "week"),
    "weekly": (1, "week"),
    "2weeks": (2, "week"),
    "biweekly": (2, "week"),
    "fortnight": (2, "week"),
    "fortnightly": (2, "week"),
    "month": (1, "month"),
    "monthly": (1, "month"),
    "quarter": (3, "month"),
    "quarterly": (3, "month"),
}

_PLACES = {
    word: place
    for place, names in {
        1: ("first", "1st"),
        2: ("second", "2nd"),
        3: ("third", "3rd"),
        4: ("fourth", "4th"),
        5: ("fifth", "5th"),
        -1: ("last",),
    }.items()
    for word in names
}
_PLACE = "|".join(_PLACES)
_DAY = r"mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
WEEKDAY_OF_A_MONTH = (
    rf"(?:the\s+)?(?P<places>(?:{_PLACE})(?:(?:\s*,\s*|\s+and\s+|\s*,\s*and\s+)(?:{_PLACE}))*)\s+(?P<day>{_DAY})s?"
    r"(?:\s+(?:of|in)\s+(?:the|a|each|every)\s+(?P<unit>month|quarter))?"
)
"""A pattern for a weekday by its place in the month: `third thursday`, `first and third monday of the month`."""


def weekly_rule(weeks: int = 1) -> str:
    """Return the rule for every week, or every few weeks."""
    return "FREQ=WEEKLY" if weeks == 1 else f"FREQ=WEEKLY;INTERVAL={weeks}"


def monthly_rule(first: date, months: int = 1) -> str:
    """Return the rule that keeps the weekday, such as the third Thursday; a fifth one becomes the last."""
    place = (first.day - 1) // 7 + 1
    interval = "" if months == 1 else f";INTERVAL={months}"
    return f"FREQ=MONTHLY{interval};BYDAY={place if place < 5 else -1}{CODES[first.weekday()]}"


def parse_rule(typed: str, begins: datetime, zone: str) -> str:
    """Parse `week`, `2weeks`, `month`, `quarter`, `third thursday`, a weekday, or an RRULE to a rule.

    Raise `Refusal` where it cannot be parsed, or would never take place.
    """
    text = re.sub(r"^every\s+", "", " ".join(typed.casefold().replace("-", " ").split())).strip(" ,.")
    word = text.replace(" ", "")
    counted = re.fullmatch(r"(\d{1,3})(week|month|quarter)s?", word)
    count, unit = (int(counted[1]), counted[2]) if counted else _PLAIN.get(word, (0, ""))
    if unit:
        most = MAX_INTERVAL // 3 if unit == "quarter" else MAX_INTERVAL
        if not 1 <= count <= most:
            raise Refusal(f"A meeting can repeat every 1 to {most} {unit}s. {EXAMPLE}")
        if unit == "week":
            return weekly_rule(count)
        return monthly_rule(begins.date(), count * 3 if unit == "quarter" else count)
    if re.fullmatch(rf"(?:{_DAY})s?", word):
        day = _weekday(word)
        return weekly_rule() if day == begins.weekday() else f"{weekly_rule()};BYDAY={CODES[day]}"
    by_place = re.fullmatch(WEEKDAY_OF_A_MONTH, text)
    if by_place:
        return _rule_by_place(by_place)
    if "freq=" in word:
        return _parse_rrule(typed.strip(), begins, zone)
    if re.match(r"\d{1,2}(st|nd|rd|th)", word):
        raise Refusal(
            "Not every month has each date, so a monthly meeting keeps its weekday instead, such as the third "
            f"Thursday. {EXAMPLE}"
        )
    raise Refusal(
        f"I could not read “{escape(truncate(typed, 60))}” as how often the meeting repeats: {CHOICES}. {EXAMPLE}"
    )


def _rule_by_place(match: re.Match[str]) -> str:
    places = sorted({_PLACES[word] for word in re.findall(_PLACE, match["places"])}, key=lambda place: place % 6)
    day = _weekday(match["day"])
    if 5 in places:
        raise Refusal(f"Not every month has a fifth {DAYS[day]}. You can use `last {DAYS[day].casefold()}`. {EXAMPLE}")
    interval = ";INTERVAL=3" if match["unit"] == "quarter" else ""
    return f"FREQ=MONTHLY{interval};BYDAY={','.join(f'{place}{CODES[day]}' for place in places)}"


def other_reading(typed: str, begins: datetime) -> str | None:
    """Return the other rule that words such as "second thursday" can mean: every second one, not that of the month."""
    text = re.sub(r"^every\s+", "", " ".join(typed.casefold().replace("-", " ").split())).strip(" ,.")
    match = re.fullmatch(WEEKDAY_OF_A_MONTH, text)
    if match is None or match["unit"] or text.startswith("the "):
        return None
    weeks, day = _PLACES.get(match["places"], 0), _weekday(match["day"])
    if weeks not in (2, 3, 4):
        return None
    return weekly_rule(weeks) if day == begins.weekday() else f"{weekly_rule(weeks)};BYDAY={CODES[day]}"


def _weekday(word: str) -> int:
    return next(number for number, day in enumerate(DAYS) if day.casefold().startswith(word[:3]))


def add_end(rule: str, last: date, begins: datetime, zone: str) -> str:
    """Return a rule that ends after a day. Raise `Refusal` if it has an end already, or would never take place."""
    if "COUNT=" in rule or "UNTIL=" in rule:
        raise Refusal("The rule says already when the series ends. Leave out `until:`, or the end of the rule.")
    first = next(iter(occurrences(rule, begins, begins, 1, zone)), begins).date()
    if last < first:
        raise Refusal(
            f"The series would end on {format_day(last)}, before its first meeting on {format_day(first)}. Choose a "
            "later day.",
            field="until",
        )
    return f"{rule};UNTIL={last:%Y%m%d}"


def _parse_rrule(typed: str, begins: datetime, zone: str) -> str:
    """Parse an RRULE. Raise `Refusal` where calendars would not understand it, or it would never take place."""
    rule = re.sub(r"(?i)^rrule:", "", typed).upper().replace(" ", "").strip(";")
    shown = escape(truncate(rule, 60))
    if len(rule) > MAX_RULE or not re.fullmatch(r"[A-Z0-9=;,+-]+", rule) or "BYEASTER" in rule:
        raise Refusal(f"“{shown}” is not a rule that calendars know. {EXAMPLE}")
    if re.search(r"FREQ=(SECONDLY|MINUTELY|HOURLY)|BYHOUR|BYMINUTE|BYSECOND|INTERVAL=0", rule):
        raise Refusal(f"A meeting repeats after a day or more, always at the same time of day. {EXAMPLE}")
    try:
        coming = occurrences(rule, begins, begins, 1, zone) if _is_strict(rule, begins) else None
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
    plain = all(re.fullmatch(r"COUNT=\d{1,6}|UNTIL=\d{8}(T\d{6}Z?)?", part) for part in ends)
    return plain and len(ends) <= 1 and (not ical.is_portable(rule) or ical.is_valid(rule, begins))


def occurrences(rule: str | None, begins: datetime, since: datetime, count: int, zone: str) -> list[datetime]:
    """List the next occurrences from `since` on, as wall-clock times. Without a rule, `begins` is the only one."""
    if rule is None:
        return [begins] if begins >= since else []
    return list(islice(_walk(rule, begins, since, zone), count))


def _walk(rule: str, begins: datetime, since: datetime, zone: str) -> Iterator[datetime]:
    """Return the occurrences from `since` on. COUNT and UNTIL are applied here, so that every rule comes to an end."""
    most = re.search(r"COUNT=(\d+)", rule)
    last = ical.last_moment(rule, zone)
    end = max(since, begins) + HORIZON
    if last is not None:
        end = min(end, last.astimezone(ZoneInfo(zone)).replace(tzinfo=None) + timedelta(days=1))
    if end < begins:
        return
    # where nothing matches, dateutil searches to the year 9999, which takes longer than Slack's three seconds. Easter
    # has no such cycle, and comes every year
    later = 0 if "BYEASTER" in rule else shift_to_the_end(begins.year, end.year)
    plain = re.sub(r";?(COUNT|UNTIL)=[^;]*", "", rule).strip(";")
    parsed = rrulestr(plain, dtstart=begins.replace(year=begins.year + later))
    if not isinstance(parsed, rrule):
        raise TypeError("one rule, not a set")
    bounded = parsed.replace(until=end.replace(year=end.year + later))
    for shifted in islice(bounded, int(most[1]) if most else None):
        at = shifted.replace(year=shifted.year - later)
        if last is not None and local_to_utc(at, zone) > last:
            return
        if at >= since:
            yield at


def shortest_gap(rule: str | None, begins: datetime, zone: str) -> timedelta | None:
    """Return the shortest time between two of the next meetings; None where there is only one."""
    if rule is None:
        return None
    gaps = [later - earlier for earlier, later in pairwise(occurrences(rule, begins, begins, 6, zone))]
    return min(gaps, default=None)


def rule_for_new_start(rule: str | None, begins: datetime) -> str | None:
    """Return the rule with which a series repeats as often, and until the same day, from a new first day.

    None where there is no rule, or one that was typed as an RRULE and cannot be moved.
    """
    if rule is None:
        return None
    simple = re.fullmatch(
        r"FREQ=(?:(WEEKLY)(?:;INTERVAL=(\d+))?(?:;BYDAY=[A-Z]{2})?|MONTHLY(?:;INTERVAL=(\d+))?(?:;BYDAY=-?\d[A-Z]{2})?)"
        r"(;UNTIL=\w+)?",
        rule,
    )
    if not simple:
        return None
    count = int(simple[2] or simple[3] or 1)
    return (weekly_rule(count) if simple[1] else monthly_rule(begins.date(), count)) + (simple[4] or "")
