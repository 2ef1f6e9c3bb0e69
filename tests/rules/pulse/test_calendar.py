"""When the pulse comes and what it asks."""

# ruff: noqa: DTZ001 - wall clocks know no zone

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit import quiet_hours
from handlers.pulse.question_bank import BANK, THEMES
from handlers.pulse.rules import calendar
from storage.vocabulary import Every, Language, Theme

USUAL = (time(18, 0), time(8, 0))
NINE = time(9, 0)
MONDAY = date(2026, 11, 30)


def wall(moment, zone):
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("every", "first", "after", "found"),
    [
        pytest.param(Every.WEEK, MONDAY, MONDAY, date(2026, 12, 7), id="weekly is a week later"),
        pytest.param(Every.WEEK, MONDAY, date(2026, 12, 5), date(2026, 12, 7), id="from any day in between too"),
        pytest.param(Every.TWO_WEEKS, MONDAY, MONDAY, date(2026, 12, 14), id="every two weeks"),
        pytest.param(Every.MONTH, date(2026, 12, 8), date(2026, 12, 8), date(2027, 1, 12), id="the second Tuesday"),
        pytest.param(Every.MONTH, MONDAY, MONDAY, date(2026, 12, 28), id="a fifth Monday means the last"),
        pytest.param(Every.WEEK, MONDAY, date(2026, 11, 1), MONDAY, id="never before the first"),
    ],
)
def test_the_next_day(every, first, after, found):
    assert calendar.next_day(every, first, after) == found


@pytest.mark.parametrize(
    ("day", "zone", "closed", "expected"),
    [
        pytest.param(MONDAY, "America/Denver", (), datetime(2026, 11, 30, 9), id="at nine on the day"),
        pytest.param(MONDAY, "Asia/Kathmandu", (), datetime(2026, 11, 30, 9), id="everywhere on the own clock"),
        pytest.param(MONDAY, "America/Denver", (MONDAY,), datetime(2026, 12, 1, 9), id="a closed day is passed over"),
        pytest.param(
            date(2026, 12, 4),
            "America/Denver",
            (date(2026, 12, 4),),
            datetime(2026, 12, 7, 9),
            id="and the weekend behind it",
        ),
        pytest.param(date(2027, 3, 14), "America/Denver", (), datetime(2027, 3, 15, 9), id="a Sunday waits for Monday"),
        pytest.param(date(2027, 3, 15), "America/Denver", (), datetime(2027, 3, 15, 9), id="nine in summer, Denver"),
        pytest.param(date(2027, 3, 29), "Europe/Berlin", (), datetime(2027, 3, 29, 9), id="nine in summer, Berlin"),
        pytest.param(date(2026, 10, 5), "Australia/Sydney", (), datetime(2026, 10, 5, 9), id="nine in Sydney's spring"),
        pytest.param(
            date(2027, 4, 5), "Australia/Lord_Howe", (), datetime(2027, 4, 5, 9), id="nine after half an hour's change"
        ),
    ],
)
def test_when_a_person_is_asked(day, zone, closed, expected):
    assert wall(calendar.due_at(day, NINE, zone, closed, USUAL), zone) == expected


def test_a_time_within_quiet_hours_waits_for_their_end():
    assert wall(calendar.due_at(MONDAY, time(6, 30), "UTC", (), USUAL), "UTC") == datetime(2026, 11, 30, 8)


def test_an_agency_that_is_closed_for_two_months_is_not_asked():
    shut = {MONDAY + timedelta(days=n) for n in range(70)}
    assert calendar.due_at(MONDAY, NINE, "UTC", shut, USUAL) is None


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        ("America/Denver", date(2027, 3, 14)),
        ("America/Denver", date(2027, 11, 7)),
        ("Europe/Berlin", date(2027, 3, 28)),
        ("Europe/Berlin", date(2027, 10, 31)),
        ("Australia/Sydney", date(2027, 4, 4)),
        ("Australia/Sydney", date(2027, 10, 3)),
        ("Australia/Lord_Howe", date(2027, 4, 4)),
        ("Australia/Lord_Howe", date(2027, 10, 3)),
        ("America/Phoenix", date(2027, 3, 14)),
        ("UTC", date(2027, 3, 14)),
    ],
)
def test_around_a_change_of_clocks_the_local_time_stays(zone, change):
    for ahead in range(-4, 5):
        found = wall(calendar.due_at(change + timedelta(days=ahead), NINE, zone, (), USUAL), zone)
        assert found.time() == NINE
        assert found.weekday() < 5


@given(
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.sampled_from(["America/Denver", "Europe/Berlin", "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Apia"]),
    st.sets(st.integers(0, 9), max_size=6),
)
def test_nobody_is_asked_before_the_day_nor_on_a_closed_day_nor_in_quiet_hours(day, clock, zone, shut):
    closed = {day + timedelta(days=n) for n in shut}
    found = calendar.due_at(day, clock, zone, closed, USUAL)
    assert not quiet_hours.is_quiet(found, zone, USUAL)
    assert wall(found, zone).date() >= day
    if USUAL[1] <= clock < USUAL[0]:
        assert wall(found, zone).date() not in closed
        assert wall(found, zone).time() == clock


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)).filter(lambda d: d.weekday() < 5), st.sampled_from(Every))
def test_a_round_closes_before_the_next_opens(day, every):
    zones = ["Pacific/Pago_Pago", "America/Denver", "Pacific/Kiritimati"]
    assert calendar.closes_at(day, zones) < calendar.opens_at(calendar.next_day(every, day, day))


@given(
    st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.sampled_from(["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
)
def test_a_rounds_rows_are_written_before_its_day_begins_for_anybody(day, zone):
    begins = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    assert calendar.opens_at(day) <= begins


@pytest.mark.parametrize(
    ("day", "closes"),
    [
        pytest.param(MONDAY, datetime(2026, 12, 3, 17), id="Monday's round closes on Thursday"),
        pytest.param(date(2026, 12, 2), datetime(2026, 12, 7, 17), id="Wednesday's on Monday: weekends do not count"),
        pytest.param(date(2026, 12, 4), datetime(2026, 12, 9, 17), id="Friday's on Wednesday"),
    ],
)
def test_a_round_is_open_for_three_working_days_after_its_own(day, closes):
    assert wall(calendar.closes_at(day, ["America/Denver"]), "America/Denver") == closes


@given(st.sets(st.sampled_from(Theme), min_size=1), st.integers(0, 40))
def test_every_theme_is_asked_within_two_rounds_and_never_more_than_five_questions(themes, before):
    first, second = (calendar.questions(sorted(themes), before + n) for n in range(2))
    assert max(len(first), len(second)) <= calendar.MOST_QUESTIONS
    assert {BANK[key].theme for key in (*first, *second)} == themes
    assert len(set(first)) == len(first)


def test_the_wordings_of_a_theme_take_turns():
    asked = [key for n in range(6) for key in calendar.questions(list(Theme), n) if key.startswith("pace-")]
    assert sorted(asked) == ["pace-1", "pace-2", "pace-3"]


def test_the_bank_has_three_wordings_for_nine_themes_in_both_languages():
    assert len(BANK) == 27
    assert {question.theme for question in BANK.values()} == set(Theme) == set(THEMES)
    for question in BANK.values():
        assert set(question.text) == set(Language)
        assert len(set(question.text.values())) == 2
        assert all(text.endswith(".") and len(text) < 120 for text in question.text.values())
