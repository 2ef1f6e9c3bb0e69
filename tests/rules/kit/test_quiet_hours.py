"""Quiet hours: no messages in the evening, at night and on weekends."""

# ruff: noqa: DTZ001 - wall times have no zone

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit import quiet_hours as quiet
from handlers.kit.working_days import is_working_day

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
    ("closes", "reminded"),
    [
        pytest.param(at(FRI, 17), at(THU, 8), id="on the morning before"),
        pytest.param(at(FRI, 7), at(THU, 8), id="also if it closes before eight"),
        pytest.param(at(FRI, 0), at(THU, 8), id="also if it closes as the day begins"),
        pytest.param(at(FRI, 23, 59), at(THU, 8), id="also if it closes as the day ends"),
        pytest.param(at(MON + 7, 17), at(FRI, 8), id="on Friday for Monday"),
        pytest.param(at(SUN, 12), at(FRI, 8), id="on Friday for Sunday"),
        pytest.param(at(SAT, 12), at(FRI, 8), id="on Friday for Saturday"),
        pytest.param(at(TUE + 7, 12), at(MON + 7, 8), id="on Monday for Tuesday"),
    ],
)
def test_a_reminder_comes_at_eight_on_the_last_working_day_before_the_closing_day(closes, reminded):
    assert quiet.reminder_time(closes, DENVER) == reminded


def test_the_closing_day_and_the_morning_are_the_readers_own():
    closes = at(THU, 17)  # Friday, 1:00 in Berlin
    assert quiet.reminder_time(closes, DENVER) == at(WED, 8)
    assert quiet.reminder_time(closes, BERLIN) == at(THU, 8, zone=BERLIN)


@pytest.mark.parametrize(
    ("told", "until"),
    [
        pytest.param(at(MON, 8), at(TUE, 8), id="the same time on the next day"),
        pytest.param(at(FRI, 17), at(MON + 7, 17), id="on Monday after Friday"),
        pytest.param(at(SAT, 12), at(MON + 7, 12), id="on Monday after Saturday"),
    ],
)
def test_the_next_working_day(told, until):
    assert quiet.next_working_day(told, DENVER) == until


times = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))
hours = st.tuples(st.integers(12, 23), st.integers(0, 10)).map(lambda pair: (time(pair[0]), time(pair[1])))


@given(times, st.sampled_from(ZONES))
def test_a_reminder_comes_on_a_working_day_within_four_days_before_the_closing(closes, zone):
    reminded = quiet.reminder_time(closes, zone).astimezone(ZoneInfo(zone))
    assert reminded.time() == time(8)
    assert is_working_day(reminded)
    assert reminded.date() < closes.astimezone(ZoneInfo(zone)).date()
    assert closes - reminded.astimezone(UTC) < timedelta(days=4)


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
