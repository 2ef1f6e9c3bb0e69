"""Time zones of a calendar file, by the names that programs give them."""

import re
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from io import StringIO
from zoneinfo import ZoneInfo

from dateutil import tz
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from handlers.kit.dates import is_time_zone

UTC_NAMES = frozenset({"UTC", "Etc/UTC", "GMT", "Etc/GMT", "UCT", "Etc/UCT", "Zulu", "Etc/Zulu"})

_LINE = re.compile(r"(?i)(BEGIN|END|DTSTART|TZOFFSETFROM|TZOFFSETTO|TZNAME|RDATE|RRULE)[:;]")
_BOUNDED = re.compile(
    r"(?i)RRULE:(?=.*BYMONTH=)(?=.*BYDAY=)(FREQ=YEARLY|INTERVAL=1|(BYMONTH|BYDAY|UNTIL|WKST)=[^;]*|;)+"
)


class Zones:
    """The time zones of one calendar: known ones by name, others as its VTIMEZONEs define them."""

    def __init__(self, defined: Iterable[Sequence[str]]) -> None:
        self._defined = {_value(lines, "TZID"): lines for lines in reversed(list(defined))}
        self._found: dict[str, tzinfo | None] = {}

    def find(self, name: str) -> tzinfo | None:
        """Return the zone that a TZID means; None if that cannot be known."""
        name = name.strip().strip('"')
        if name not in self._found:
            self._found[name] = find_known(name) or self._from_definition(name)
        return self._found[name]

    def _from_definition(self, name: str) -> tzinfo | None:
        lines = self._defined.get(name)
        if not lines:
            return None
        return find_known(_value(lines, "X-LIC-LOCATION")) or _defined(lines)


def find_known(name: str) -> tzinfo | None:
    """Return the zone with a name as in "America/Denver", "Mountain Standard Time" or "/example.org/America/Denver"."""
    parts = name.split("/")
    candidates = [
        WINDOWS_TO_OLSON.get(name, name),
        *("/".join(parts[-count:]) for count in (3, 2) if len(parts) > count),
    ]
    return next((ZoneInfo(candidate) for candidate in candidates if is_time_zone(candidate)), None)


def _value(lines: Iterable[str], name: str) -> str:
    return next((line.partition(":")[2].strip() for line in lines if line.upper().startswith(f"{name}:")), "")


def _defined(lines: Sequence[str]) -> tzinfo | None:
    """Return the zone that a VTIMEZONE defines; None for a rule that could take long to follow."""
    kept = [line.strip() for line in lines if _LINE.match(line)]
    if not all(_BOUNDED.fullmatch(line) for line in kept if line.upper().startswith("RRULE")):
        return None
    try:
        return tz.tzical(StringIO("\r\n".join([kept[0], "TZID:zone", *kept[1:]]))).get()
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError):
        return None
