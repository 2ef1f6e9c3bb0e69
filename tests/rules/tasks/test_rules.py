"""What a task may be."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit import hours as kit_hours
from handlers.tasks import rules

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("hours", "part"),
    [
        pytest.param(None, "", id="none is given"),
        pytest.param(0.25, "", id="the least"),
        pytest.param(1000, "", id="the most"),
        pytest.param(0, "at least a quarter", id="nothing"),
        pytest.param(-1, "at least a quarter", id="negative"),
        pytest.param(1000.25, "at most 1,000 hours", id="too much"),
        pytest.param(0.1, "at least a quarter", id="six minutes"),
        pytest.param(1 / 3, "steps of a quarter", id="twenty minutes"),
    ],
)
def test_an_effort_is_in_quarters_of_an_hour_between_a_quarter_and_a_thousand_hours(hours, part):
    problem = rules.hours_problem(hours)
    assert part in problem and bool(problem) == bool(part)


@pytest.mark.parametrize(
    ("due_on", "part"),
    [
        pytest.param(None, "", id="none is given"),
        pytest.param(TODAY, "", id="today"),
        pytest.param(date(2029, 11, 30), "", id="in three years"),
        pytest.param(date(2026, 11, 29), "is in the past", id="yesterday"),
        pytest.param(date(2030, 1, 1), "three years", id="farther"),
        pytest.param(date(9999, 12, 31), "three years", id="the end of the calendar"),
        pytest.param(date(1, 1, 1), "is in the past", id="its beginning"),
    ],
)
def test_a_due_date_is_between_today_and_three_years_from_now(due_on, part):
    problem = rules.due_problem(due_on, TODAY)
    assert part in problem and bool(problem) == bool(part)


@pytest.mark.parametrize(
    ("title", "good"),
    [("Draft the MOU", True), ("x" * 200, True), ("x" * 201, False), ("", False)],
    ids=["plain", "the longest", "too long", "empty"],
)
def test_a_title_has_1_to_200_characters(title, good):
    assert (rules.title_problem(title) == "") == good


@given(st.integers(1, 4000))
def test_every_quarter_of_an_hour_can_be_written_and_read_back(quarters):
    assert kit_hours.parse_hours(kit_hours.format_effort(quarters / 4)) == quarters / 4
    assert not rules.hours_problem(quarters / 4)


@given(st.text(max_size=40))
def test_any_text_is_read_as_a_number_or_none(typed):
    found = kit_hours.parse_hours(typed)
    assert found is None or rules.hours_problem(found) or found * 4 % 1 == 0


DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1))


FRIDAY = date(2026, 12, 4)


@pytest.mark.parametrize(
    ("due_on", "today", "named_on", "day"),
    [
        pytest.param(FRIDAY, date(2026, 11, 30), None, date(2026, 12, 2), id="two days before"),
        pytest.param(FRIDAY, date(2026, 12, 2), date(2026, 12, 2), FRIDAY, id="on the day"),
        pytest.param(FRIDAY, date(2026, 12, 3), None, FRIDAY, id="taken the day before"),
        pytest.param(FRIDAY, date(2026, 12, 3), date(2026, 12, 3), date(2026, 12, 7), id="named the day before"),
        pytest.param(FRIDAY, FRIDAY, FRIDAY, date(2026, 12, 7), id="on Monday when it is late"),
        pytest.param(FRIDAY, date(2027, 2, 1), date(2027, 2, 1), date(2027, 2, 8), id="and on each Monday after"),
        pytest.param(date(2026, 12, 7), date(2026, 11, 30), None, FRIDAY, id="due on a Monday"),
        pytest.param(date(2026, 12, 6), date(2026, 12, 3), None, FRIDAY, id="due on a Sunday"),
        pytest.param(date(2026, 12, 6), FRIDAY, FRIDAY, date(2026, 12, 7), id="and once is enough"),
        pytest.param(date(2026, 12, 3), date(2026, 11, 30), date(2026, 11, 30), date(2026, 12, 3), id="named early"),
    ],
)
def test_an_owner_is_reminded_two_days_before_on_the_day_and_on_mondays_after(due_on, today, named_on, day):
    assert rules.next_reminder([due_on], today, named_on) == day


def test_without_dates_nobody_is_reminded():
    assert rules.next_reminder([], FRIDAY, None) is None


@given(st.lists(st.dates(date(2026, 12, 1), date(2027, 1, 29)), min_size=1, max_size=40))
def test_every_task_is_named_before_it_is_due_and_late_ones_on_mondays_three_days_a_week_at_most(due):
    end, today, named_on = date(2027, 3, 1), date(2026, 11, 25), None
    days = {}
    while (today := rules.next_reminder(due, today, named_on)) < end:
        days[today] = {on for on in due if rules.is_named(on, today, late=today.weekday() == 0)}
        assert days[today]
        named_on = today
    ordered = sorted(days)
    assert all(day.weekday() < 5 for day in ordered)
    assert all((after - before).days >= 2 for before, after in pairwise(ordered))
    for on in due:
        early = [day for day in ordered if day <= on and on in days[day]]
        assert 1 <= len(early) <= 3
        assert (on - early[0]).days >= 2, "there is time left when it is first named"
        late = [day for day in ordered if day > on and on in days[day]]
        assert all(day.weekday() == 0 for day in late)
        assert len(late) == len([1 for n in range((end - on).days) if (on + timedelta(n)).weekday() == 0 and n])


@pytest.mark.parametrize(
    ("due_on", "today", "told", "day"),
    [
        pytest.param(date(2026, 12, 18), date(2026, 11, 30), False, date(2026, 12, 11), id="a week before"),
        pytest.param(date(2026, 12, 20), date(2026, 11, 30), False, date(2026, 12, 11), id="on a Friday, at a weekend"),
        pytest.param(date(2026, 12, 4), date(2026, 11, 30), False, date(2026, 12, 2), id="two days before, if soon"),
        pytest.param(date(2026, 12, 9), date(2026, 12, 2), True, date(2026, 12, 10), id="then when it is late"),
        pytest.param(date(2026, 12, 4), date(2026, 12, 3), False, date(2026, 12, 7), id="late on a Monday"),
        pytest.param(date(2026, 12, 4), date(2026, 12, 7), True, None, id="and no more"),
    ],
)
def test_who_added_a_task_that_nobody_has_hears_a_week_before_and_when_it_is_late(due_on, today, told, day):
    assert rules.next_unowned(due_on, today, told=told) == day


@pytest.mark.parametrize(
    ("load", "effort", "due_later", "sentence"),
    [
        pytest.param(6, 6, False, "With this task: 12 of your 10 h a month.", id="more than the person's hours"),
        pytest.param(
            1.5,
            0.25,
            False,
            "You have about 1.5 h of work in the next 30 days. With this task: 1.75 of your 10 h a month.",
            id="quarters",
        ),
        pytest.param(6, None, False, "This task has no effort yet.", id="without an effort"),
        pytest.param(6, 6, True, "This task is due later.", id="due in two months"),
        pytest.param(0, 6, False, "You have no work in the next 30 days.", id="no other work"),
    ],
)
def test_a_person_who_is_asked_sees_the_load_that_they_would_have(load, effort, due_later, sentence):
    assert sentence in rules.load_effect(load, 10, effort, due_later=due_later)


@pytest.mark.parametrize(
    ("effort", "due_in", "sentence"),
    [
        pytest.param(
            2, 3, "With this task: 8 of your 10 h a month. With your other open offers too: 12 h.", id="due soon"
        ),
        pytest.param(
            2, 90, "This task is due later. With your other open offers: 12 of your 10 h a month.", id="due later"
        ),
        pytest.param(
            None,
            3,
            "This task has no effort yet. With your other open offers: 12 of your 10 h a month.",
            id="no effort",
        ),
    ],
)
def test_other_open_offers_are_counted_too(effort, due_in, sentence):
    """Six hours of work, and offers of 6 h in all, of which this task may be 2 h."""
    today = date(2026, 11, 30)
    shown = rules.offer_effect(6, 10, 6, effort, today + timedelta(days=due_in), today)
    assert shown == f"You have about 6 h of work in the next 30 days. {sentence}"
