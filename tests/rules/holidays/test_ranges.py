"""Ranges of days as people write them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.holidays.rules import ranges
from handlers.kit.refusals import Ambiguous, Refusal
from storage.vocabulary import ClosedDays

NOW = datetime(2026, 11, 30, 16, tzinfo=UTC)
TODAY = date(2026, 11, 30)
ZONE = "America/Denver"
WINTER = ClosedDays(date(2026, 12, 21), date(2027, 1, 4))
DAY = ClosedDays(date(2027, 2, 15), date(2027, 2, 15))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2026-12-21..2027-01-04", [WINTER]),
        ("2026-12-21 .. 2027-01-04", [WINTER]),
        ("2026-12-21...2027-01-04", [WINTER]),
        ("2026-12-21…2027-01-04", [WINTER]),
        ("2026-12-21 - 2027-01-04", [WINTER]),
        ("2026-12-21-2027-01-04", [WINTER]),
        ("2026-12-21–2027-01-04", [WINTER]),
        ("monday-friday", [ClosedDays(date(2026, 11, 30), date(2026, 12, 4))]),
        ("wed-fri", [ClosedDays(date(2026, 12, 2), date(2026, 12, 4))]),
        ("tomorrow-friday", [ClosedDays(date(2026, 12, 1), date(2026, 12, 4))]),
        ("2026-12-21 to 2027-01-04", [WINTER]),
        ("2026-12-21 until 2027-01-04", [WINTER]),
        ("21 dec..4 jan", [WINTER]),
        ("Dec 21, 2026 - Jan 4, 2027", [WINTER]),
        ("2027-02-15", [DAY]),
        ("2027-02-15 2026-12-21..2027-01-04", [DAY, WINTER]),
        ("2027-02-15, 2026-12-21..2027-01-04", [DAY, WINTER]),
        ("15 feb and 21 dec..4 jan", [DAY, WINTER]),
        ("2027-02-15; 15 feb", [DAY, DAY]),
        ("today..tomorrow", [ClosedDays(TODAY, TODAY + timedelta(days=1))]),
        ("1 nov - 5 dec", [ClosedDays(date(2026, 11, 1), date(2026, 12, 5))]),
        ("1 nov to 5 nov", [ClosedDays(date(2027, 11, 1), date(2027, 11, 5))]),
        ("2026-11-02 to 4 dec", [ClosedDays(date(2026, 11, 2), date(2026, 12, 4))]),
        ("2028-02-15 to 19 feb", [ClosedDays(date(2028, 2, 15), date(2028, 2, 19))]),
        ("2027-12-21 to 4 jan", [ClosedDays(date(2027, 12, 21), date(2028, 1, 4))]),
        ("21 dec to 4 jan 2028", [ClosedDays(date(2027, 12, 21), date(2028, 1, 4))]),
        ("wednesday to friday", [ClosedDays(date(2026, 12, 2), date(2026, 12, 4))]),
        ("friday to monday", [ClosedDays(date(2026, 12, 4), date(2026, 12, 7))]),
        ("Dec 21-23", [ClosedDays(date(2026, 12, 21), date(2026, 12, 23))]),
        ("21-23 dec 2027", [ClosedDays(date(2027, 12, 21), date(2027, 12, 23))]),
        ("15 feb,21 dec to 4 jan", [DAY, WINTER]),
        ("Mon, Dec 21, 2026 to Mon, Jan 4, 2027", [WINTER]),
        ("Mon, Feb 15, 2027, and Mon 21 Dec 2026 - Mon 4 Jan 2027", [DAY, WINTER]),
        ("end of june", [ClosedDays(date(2027, 6, 30), date(2027, 6, 30))]),
        ("next week", [ClosedDays(date(2026, 12, 7), date(2026, 12, 13))]),
        ("this week and 15 feb", [ClosedDays(TODAY, date(2026, 12, 6)), DAY]),
        ("Dec 21-Jan 4", [WINTER]),
        ("dec 21 to 4 jan", [WINTER]),
        ("Dec 21st - 4 jan", [WINTER]),
        ("12/21-1/4", [WINTER]),
        ("12/21 to 1/4", [WINTER]),
        ("12/21/2026-1/4/2027", [WINTER]),
        ("24.12.-4.1.", [ClosedDays(date(2026, 12, 24), date(2027, 1, 4))]),
        ("24.12.2026 – 4.1.2027", [ClosedDays(date(2026, 12, 24), date(2027, 1, 4))]),
        ("from dec 21 to jan 4", [WINTER]),
        ("from monday until friday", [ClosedDays(TODAY, date(2026, 12, 4))]),
        ("Dec 21..25", [ClosedDays(date(2026, 12, 21), date(2026, 12, 25))]),
        ("Dec 21 through 25, 2027", [ClosedDays(date(2027, 12, 21), date(2027, 12, 25))]),
        ("21 Dec 26 to 4-Jan-2027", [WINTER]),
        ("21 dec 22 dec", [ClosedDays(*2 * [date(2026, 12, day)]) for day in (21, 22)]),
        ("2026-11-20..2026-11-30", [ClosedDays(date(2026, 11, 20), TODAY)]),
        ("2027-12-25..2028-12-24", [ClosedDays(date(2027, 12, 25), date(2028, 12, 24))]),
    ],
)
def test_ranges_are_parsed_as_people_write_them(typed, expected):
    assert ranges.read(typed, NOW, ZONE, "Elm Schools") == expected


@pytest.mark.parametrize(
    "typed",
    ["", "christmas", "..", "2026-12-21..", "..2026-12-21", "2026-13-01", "2026-12-21..soon",
     "2025-12-21..2026-01-04", "2027-01-04..2026-12-21", "2027-01-01..2028-01-02", "2029-12-30",
     "9999-12-31", "0001-01-01", "2026-12-21..2026-12-22..2026-12-23", "2027-02-15 " * 31],
)  # fmt: skip
def test_anything_else_is_refused_with_an_example_or_an_alternative(typed):
    with pytest.raises(Refusal) as refused:
        ranges.read(typed, NOW, ZONE, "Elm Schools")
    assert "For example: `/consortium agency holidays" in refused.value.sentence or "The form" in refused.value.sentence


def test_a_range_without_years_is_the_one_that_contains_today():
    january = datetime(2027, 1, 2, 16, tzinfo=UTC)
    assert ranges.read("21 dec to 4 jan", january, ZONE, "Elm Schools") == [WINTER]


@pytest.mark.parametrize("typed", ["12/3", "3/12..4/12", "next friday", "2027-02-15 and next friday to 2026-12-30"])
def test_a_day_that_can_be_read_in_two_ways_is_asked_about(typed):
    with pytest.raises(Ambiguous) as question:
        ranges.read(typed, NOW, ZONE, "Elm Schools")
    assert len(question.value.readings) == 2


@given(st.text(alphabet="0123456789-./, …–toand\n;", max_size=60))
def test_any_text_is_parsed_or_refused(typed):
    try:
        parsed = ranges.read(typed, NOW, ZONE, "Elm Schools")
    except Refusal:
        return
    assert all(d.first <= d.last and d.last >= TODAY and d.last - d.first < timedelta(days=366) for d in parsed)


@given(st.dates(date(2026, 12, 1), date(2029, 1, 1)), st.integers(0, 300))
def test_two_dates_are_parsed_as_the_range_between_them(first, days):
    last = first + timedelta(days=days)
    assert ranges.read(f"{first}..{last}", NOW, ZONE, "Elm Schools") == [ClosedDays(first, last)]
