"""Years whose days fall on the same weekdays.

dateutil searches for the next day of a rule until the year 9999, which takes seconds if there is none. A rule that is
expanded shortly before that year, and shifted back, gives the same days within milliseconds.
"""

import calendar
from datetime import MAXYEAR
from functools import lru_cache


@lru_cache(maxsize=1024)
def shift_to_the_end(first: int, last: int) -> int:
    """Return the largest number of years by which the years `first` to `last` can be shifted up.

    Every day of the years, and of the years beside them, keeps its weekday.
    """
    years = range(first - 1, last + 2)
    kinds = [_kind(year) for year in years]
    for shift in range(MAXYEAR - 1 - last, 0, -1):
        if all(_kind(year + shift) == kind for year, kind in zip(years, kinds, strict=True)):
            return shift
    return 0


def _kind(year: int) -> tuple[bool, int]:
    """Return whether a year has a February 29, and the weekday on which it begins."""
    return calendar.isleap(year), calendar.weekday(year, 1, 1)
