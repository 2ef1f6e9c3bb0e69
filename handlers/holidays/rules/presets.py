"""Which titles of a calendar sound like closed days. This only presets a choice that people make."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from handlers.holidays.rules.events import Event

FREE, BUSY = "TRANSPARENT", "OPAQUE"

_SOUNDS_CLOSED = re.compile(
    r"(?i)\b(no (school|classes|class|students)|holidays?|break|vacation|recess|clos(ed|ure|ing day)|days? off"
    r"|(school|office|offices|schools) out)\b"
)
_SOUNDS_OPEN = re.compile(
    r"(?i)\b((before|after|ends|resumes?|returns?|reopens?|back)\b"
    r"|(holiday|holidays|break) (concert|party|fair|program|lunch|dinner|camp|sale|market|show|sing|shop)\b)"
)


def sounds_closed(words: str) -> bool:
    """Return whether a title or a category sounds like closed days, such as "No school" or "Winter break"."""
    return bool(_SOUNDS_CLOSED.search(words)) and not _SOUNDS_OPEN.search(words)


@dataclass
class Presets:
    """Collects the titles of a file's events that sound like closed days.

    TRANSP says something only in a file that uses both values: Google, for example, marks every event that lasts all
    day as free, and other programs mark every event as busy.
    """

    _closed: set[str] = field(default_factory=set)
    _busy: set[str] = field(default_factory=set)
    _knows_free: bool = False

    def add(self, event: Event) -> None:
        """Look at one event."""
        if sounds_closed(event.label) or sounds_closed(event.categories):
            self._closed.add(event.label)
        if event.transparency == BUSY:
            self._busy.add(event.label)
        self._knows_free = self._knows_free or event.transparency == FREE

    def of(self, titles: Iterable[str]) -> frozenset[str]:
        """Return those of the titles that sound like closed days."""
        return frozenset(titles) & (self._closed | (self._busy if self._knows_free else set()))
