"""Quiet hours: nobody is disturbed in the evening, at night and on weekends."""

# ruff: noqa: DTZ001 - wall clocks know no zone

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit import quiet_hours as quiet

DENVER, BERLIN = "America/Denver", "Europe/Berlin"
ZONES = [DENVER, BERLIN, "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "America/St_Johns"]
USUAL = (time(18, 0), time(8, 0))

# 30 November 2026 is a Monday.
MON, TUE, WED, THU, FRI, SAT, SUN = range(30, 37)


def at(day, hour, minute=0, zone=DENVER):
    wall = datetime(2026, 11, 30, hour, minute, tzinfo=ZoneInfo(zone)) + timedelta(days=day - 30)
    return wall.astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "is_quiet"),
    [
        pytest.param(at(MON, 7, 59), True, id="a minute to eight is quiet"),
        pytest.param(at(MON, 8), False, id="eight is not"),
        pytest.param(at(MON, 17, 59), False, id="a minute to six is not"),
        pytest.param(at(MON, 18), True, id="six is quiet"),
        pytest.param(at(TUE, 0), True, id="midnight is quiet"),
        pytest.param(at(FRI, 17, 59), False, id="Friday afternoon is not"),
        pytest.param(at(SAT, 12), True, id="Saturday noon is quiet"),
        pytest.param(at(SUN, 12), True, id="Sunday noon is quiet"),
    ],
)
def test_the_usual_hours(moment, is_quiet):
    assert quiet.is_quiet(moment, DENVER, USUAL) is is_quiet


def test_hours_are_those_of_the_person():
    noon = at(MON, 12)
    assert not quiet.is_quiet(noon, DENVER, USUAL)
    assert quiet.is_quiet(noon, BERLIN, USUAL)


@pytest.mark.parametrize(
    ("moment", "following"),
    [
        pytest.param(at(MON, 12, 34), at(MON, 12, 34), id="what is not quiet stays"),
        pytest.param(at(MON, 7), at(MON, 8), id="the early morning waits for eight"),
        pytest.param(at(MON, 18), at(TUE, 8), id="the evening waits for the next morning"),
        pytest.param(at(FRI, 18), at(MON + 7, 8), id="Friday evening waits for Monday"),
        pytest.param(at(SAT, 12), at(MON + 7, 8), id="Saturday waits for Monday"),
    ],
)
def test_the_next_open_moment(moment, following):
    assert quiet.next_open(moment, DENVER, USUAL) == following


@pytest.mark.parametrize(
    ("end", "reminded"),
    [
        pytest.param(at(FRI, 17), at(THU, 17), id="a day before the end where that is no quiet hour"),
        pytest.param(at(FRI, 7), at(THU, 8), id="an hour later where it would be in the early morning"),
        pytest.param(at(FRI, 11), at(THU, 11), id="nothing moves where there is time enough"),
        pytest.param(at(FRI, 20), at(FRI, 8), id="in the morning where it would be in the evening"),
        pytest.param(at(MON + 7, 17), at(MON + 7, 8), id="on Monday morning for Monday evening"),
        pytest.param(at(MON + 7, 9), at(FRI, 17), id="on Friday for Monday morning"),
        pytest.param(at(SUN, 12), at(FRI, 17), id="on Friday for Sunday"),
    ],
)
def test_a_reminder_comes_a_day_before_and_never_in_quiet_hours(end, reminded):
    found = quiet.reminder(end - timedelta(hours=24), end, DENVER, USUAL)
    assert found == reminded


moments = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))
hours = st.tuples(st.integers(12, 23), st.integers(0, 10)).map(lambda pair: (time(pair[0]), time(pair[1])))


@given(moments, st.sampled_from(ZONES), hours, st.integers(1, 72))
def test_a_reminder_never_lies_in_quiet_hours_and_never_at_or_after_the_end(end, zone, quiet_hours, ahead):
    before = end - timedelta(hours=ahead)
    found = quiet.reminder(before, end, zone, quiet_hours)
    assert not quiet.is_quiet(found, zone, quiet_hours)
    assert found < end


@given(moments, st.sampled_from(ZONES), hours)
def test_the_next_open_moment_is_open_ahead_and_within_a_long_weekend(moment, zone, quiet_hours):
    found = quiet.next_open(moment, zone, quiet_hours)
    assert not quiet.is_quiet(found, zone, quiet_hours)
    assert moment <= found <= moment + timedelta(days=3, hours=12)
    if not quiet.is_quiet(moment, zone, quiet_hours):
        assert found == moment
    elif found > moment + timedelta(minutes=1):
        assert quiet.is_quiet(found - timedelta(minutes=1), zone, quiet_hours)


@given(moments, st.sampled_from(ZONES), hours)
def test_the_last_open_hour_is_open_and_not_ahead(moment, zone, quiet_hours):
    found = quiet.last_open(moment, zone, quiet_hours)
    assert not quiet.is_quiet(found, zone, quiet_hours)
    assert moment - timedelta(days=4) < found <= moment
