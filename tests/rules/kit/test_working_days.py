"""Which days are working days, and which comes when."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.working_days import is_working_day, working_day_from, working_day_until, working_days_after

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))

# Friday, December 4, 2026, and the days after it
FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 12, day) for day in (4, 5, 6, 7))


@pytest.mark.parametrize(
    ("day", "working", "until", "since"),
    [
        (FRIDAY, True, FRIDAY, FRIDAY),
        (SATURDAY, False, FRIDAY, MONDAY),
        (SUNDAY, False, FRIDAY, MONDAY),
        (MONDAY, True, MONDAY, MONDAY),
    ],
)
def test_a_weekend_is_no_working_day(day, working, until, since):
    assert is_working_day(day) is working
    assert working_day_until(day) == until
    assert working_day_from(day) == since


@pytest.mark.parametrize(
    ("day", "count", "later"),
    [
        (MONDAY, 3, date(2026, 12, 10)),
        (FRIDAY, 1, MONDAY),
        (SATURDAY, 1, MONDAY),
        (SUNDAY, 3, date(2026, 12, 9)),
        (SATURDAY, 0, SATURDAY),
    ],
)
def test_working_days_are_counted_from_the_day_after(day, count, later):
    assert working_days_after(day, count) == later


@given(DAYS, st.integers(1, 40))
def test_as_many_working_days_pass_as_are_counted(day, count):
    later = working_days_after(day, count)
    passed = [day + timedelta(days=ahead) for ahead in range(1, (later - day).days + 1)]
    assert sum(map(is_working_day, passed)) == count
    assert is_working_day(later)
