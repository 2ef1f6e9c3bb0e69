"""Events of a calendar that are left out, so that one bad event does not cost the whole file."""

from dataclasses import dataclass

BROKEN = "it is broken"
REPEATS = "I cannot follow how it repeats"
TOO_MANY = "it has too many dates"
TOO_LONG = "it lasts longer than a year"


class EventLeftOut(Exception):  # noqa: N818 - it is an answer to a person
    """An event that cannot count. `why` is a clause for people, such as "it is broken"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class LeftOut:
    """An event that was left out: its title, which may be empty, and why."""

    title: str
    why: str
