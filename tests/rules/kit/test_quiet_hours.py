"""Quiet hours: no messages in the evening, at night and on weekends."""

# ruff: noqa: DTZ001 - wall times have no zone

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit import quiet_hours as quiet

DENVER, BERLIN = "America/Denver", "Europe/Berlin"
ZONES = [DENVER, BERLIN, "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "America/St_Johns"]
USUAL = (time(18, 0), time(8, 0))

# November 30, 2026, is a Monday.
MON, TUE, WED, THU, FRI, SAT, SUN = range(30, 37)


def at(day, hour, minute=0, zone=DENVER):
    wall = datetime(2026, 11, 30, hour, minute, tzinfo=ZoneInfo(zone)) + timedelta(days=day - 30)
    return wall.astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "is_quiet"),
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
def test_the_default_quiet_hours(at, is_quiet):
    assert quiet.is_quiet(at, DENVER, USUAL) is is_quiet


def test_quiet_hours_are_in_the_persons_zone():
    noon = at(MON, 12)
    assert not quiet.is_quiet(noon, DENVER, USUAL)
    assert quiet.is_quiet(noon, BERLIN, USUAL)


@pytest.mark.parametrize(
    ("at", "following"),
    [
        pytest.param(at(MON, 12, 34), at(MON, 12, 34), id="a time that is not quiet stays"),
        pytest.param(at(MON, 7), at(MON, 8), id="the early morning waits for eight"),
        pytest.param(at(MON, 18), at(TUE, 8), id="the evening waits for the next morning"),
        pytest.param(at(FRI, 18), at(MON + 7, 8), id="Friday evening waits for Monday"),
        pytest.param(at(SAT, 12), at(MON + 7, 8), id="Saturday waits for Monday"),
    ],
)
def test_the_next_open_time(at, following):
    assert quiet.next_open_time(at, DENVER, USUAL) == following


@pytest.mark.parametrize(
    ("end", "reminded"),
    [
        pytest.param(at(FRI, 17), at(THU, 17), id="a day before the end if that is not quiet"),
        pytest.param(at(FRI, 7), at(THU, 8), id="an hour later instead of in the early morning"),
        pytest.param(at(FRI, 11), at(THU, 11), id="nothing moves if there is enough time"),
        pytest.param(at(FRI, 20), at(FRI, 8), id="in the morning instead of in the evening"),
        pytest.param(at(MON + 7, 17), at(MON + 7, 8), id="on Monday morning for Monday evening"),
        pytest.param(at(MON + 7, 9), at(FRI, 17), id="on Friday for Monday morning"),
        pytest.param(at(SUN, 12), at(FRI, 17), id="on Friday for Sunday"),
    ],
)
def test_a_reminder_comes_about_a_day_before_the_end(end, reminded):
    assert quiet.reminder_time(end - timedelta(hours=24), end, DENVER, USUAL) == reminded


times = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))
hours = st.tuples(st.integers(12, 23), st.integers(0, 10)).map(lambda pair: (time(pair[0]), time(pair[1])))


@given(times, st.sampled_from(ZONES), hours, st.integers(1, 72))
def test_a_reminder_is_never_in_quiet_hours_and_always_before_the_end(end, zone, quiet_hours, ahead):
    at = quiet.reminder_time(end - timedelta(hours=ahead), end, zone, quiet_hours)
    assert not quiet.is_quiet(at, zone, quiet_hours)
    assert at < end


@given(times, st.sampled_from(ZONES), hours)
def test_the_next_open_time_comes_within_a_long_weekend(at, zone, quiet_hours):
    following = quiet.next_open_time(at, zone, quiet_hours)
    assert not quiet.is_quiet(following, zone, quiet_hours)
    assert at <= following <= at + timedelta(days=3, hours=12)
    if not quiet.is_quiet(at, zone, quiet_hours):
        assert following == at
    elif following > at + timedelta(minutes=1):
        assert quiet.is_quiet(following - timedelta(minutes=1), zone, quiet_hours)


@given(times, st.sampled_from(ZONES), hours)
def test_the_last_open_hour_is_not_quiet_and_not_later(at, zone, quiet_hours):
    last = quiet.last_open_hour(at, zone, quiet_hours)
    assert not quiet.is_quiet(last, zone, quiet_hours)
    assert at - timedelta(days=4) < last <= at
