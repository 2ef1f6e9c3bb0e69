"""Which titles of a calendar are ticked before anybody has chosen."""

import pytest

from handlers.holidays.rules import ics, presets
from tests.loopback import all_day_event, icalendar
from tests.rules.holidays.test_ics import TODAY, ZONE


@pytest.mark.parametrize(
    "title",
    [
        "No School",
        "NO SCHOOL - Professional Development",
        "no classes",
        "Winter Break",
        "Holiday",
        "Federal holidays",
        "District closed",
        "School closure",
        "Summer vacation",
        "Mid-winter recess",
        "Day off",
        "Office closed until Jan 4",
    ],
)
def test_titles_that_sound_closed(title):
    assert presets.sounds_closed(title)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Book fair",
        "Breakfast with the board",
        "Disclosure training",
        "Last day before winter break",
        "Back to school after winter break",
        "School resumes after break",
        "Holiday concert",
        "Enclosed garden opens",
    ],
)
def test_titles_that_do_not(title):
    assert not presets.sounds_closed(title)


def suggested(*events):
    return sorted(ics.read(icalendar(*events).encode(), TODAY, ZONE).suggested)


def test_a_category_counts_like_a_title():
    assert suggested(
        all_day_event("20270215", "", "Presidents' Day", "CATEGORIES:Holiday"),
        all_day_event("20270216", "", "Report cards", "CATEGORIES:Grades,Office"),
    ) == ["Presidents' Day"]


def test_busy_and_free_count_only_where_a_calendar_uses_both():
    busy = all_day_event("20270215", "", "Presidents' Day", "TRANSP:OPAQUE")
    free = all_day_event("20270216", "", "Report cards", "TRANSP:TRANSPARENT")
    unsaid = all_day_event("20270217", "", "Book fair")
    assert suggested(busy, free, unsaid) == ["Presidents' Day"]
    assert suggested(busy, unsaid) == suggested(free, unsaid) == []
    assert suggested(all_day_event("20270215", "", "No school", "TRANSP:TRANSPARENT")) == ["No school"]


def test_two_titles_on_the_same_day_are_both_listed():
    same = [all_day_event("20270215", "", "No school"), all_day_event("20270215", "", "Homecoming")]
    days = ics.read(icalendar(*same).encode(), TODAY, ZONE).days
    assert [day.label for day in days] == ["Homecoming", "No school"]
