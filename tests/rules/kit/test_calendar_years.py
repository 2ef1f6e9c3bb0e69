"""Years with the same days on the same weekdays, at the end of the calendar."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.calendar_years import shift_to_the_end


@given(st.integers(1900, 2190), st.integers(0, 60))
def test_shifted_years_have_the_same_days_on_the_same_weekdays(first, more):
    last = first + more
    shift = shift_to_the_end(first, last)
    assert last + shift < 9999
    for year in range(first, last + 1):
        for month, day in ((1, 1), (2, 28), (3, 1), (12, 31)):
            assert date(year, month, day).weekday() == date(year + shift, month, day).weekday()


def test_years_of_this_century_end_close_to_the_last_year():
    assert all(2026 + more + shift_to_the_end(2026, 2026 + more) > 9970 for more in range(60))
