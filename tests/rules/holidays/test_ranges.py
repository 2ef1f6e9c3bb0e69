"""Ranges of days as people write them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.holidays.rules import ranges
from handlers.kit.refusals import Refusal
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
        ("2026-11-20..2026-11-30", [ClosedDays(date(2026, 11, 20), TODAY)]),
        ("2027-12-25..2028-12-24", [ClosedDays(date(2027, 12, 25), date(2028, 12, 24))]),
    ],
)
def test_ranges_are_parsed_as_people_write_them(typed, expected):
    assert ranges.read(typed, NOW, ZONE) == expected


@pytest.mark.parametrize(
    "typed",
    ["", "christmas", "..", "2026-12-21..", "..2026-12-21", "2026-13-01", "12/3", "3/12..4/12", "2026-12-21..soon",
     "2025-12-21..2026-01-04", "2027-01-04..2026-12-21", "2027-01-01..2028-01-02", "2029-12-30",
     "9999-12-31", "0001-01-01", "2026-12-21..2026-12-22..2026-12-23", "2027-02-15 " * 31],
)  # fmt: skip
def test_anything_else_is_refused_with_an_example_or_an_alternative(typed):
    with pytest.raises(Refusal) as refused:
        ranges.read(typed, NOW, ZONE)
    assert "For example: `/consortium agency holidays" in refused.value.sentence or "The form" in refused.value.sentence


@given(st.text(alphabet="0123456789-./, …–toand\n;", max_size=60))
def test_any_text_is_parsed_or_refused(typed):
    try:
        parsed = ranges.read(typed, NOW, ZONE)
    except Refusal:
        return
    assert all(d.first <= d.last and d.last >= TODAY and d.last - d.first < timedelta(days=366) for d in parsed)


@given(st.dates(date(2026, 12, 1), date(2029, 1, 1)), st.integers(0, 300))
def test_two_dates_are_parsed_as_the_range_between_them(first, days):
    last = first + timedelta(days=days)
    assert ranges.read(f"{first}..{last}", NOW, ZONE) == [ClosedDays(first, last)]
