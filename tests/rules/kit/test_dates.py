"""Parsing dates. Unless a test sets another time, it is Wednesday, November 25, 2026, 10:00 in Denver."""

# ruff: noqa: DTZ001, PT017 - wall times have no zone; both a result and a refusal are right

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit import dates
from handlers.kit.refusals import Ambiguous, Refusal
from handlers.kit.text import format_day, format_time

DENVER, BERLIN = "America/Denver", "Europe/Berlin"
SYDNEY, HOWE, KATHMANDU = "Australia/Sydney", "Australia/Lord_Howe", "Asia/Kathmandu"
ZONES = [DENVER, BERLIN, SYDNEY, HOWE, KATHMANDU, "UTC", "America/Phoenix", "Pacific/Apia"]


def at(zone, *wall, fold=0):
    return datetime(*wall, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


NOW = at(DENVER, 2026, 11, 25, 10)


def read(typed, now=NOW, zone=DENVER):
    return dates.parse_time(typed, now, zone).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def refused(typed, now=NOW, zone=DENVER):
    with pytest.raises(Refusal) as caught:
        dates.parse_time(typed, now, zone)
    return caught.value.sentence


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        pytest.param("2026-12-01", "2026-12-01 17:00", id="a day means its evening"),
        pytest.param("2026-12-01 09:30", "2026-12-01 09:30", id="a day and a time"),
        pytest.param("2026-12-01T09:30", "2026-12-01 09:30", id="a day and a time as computers write them"),
        pytest.param("2026-12-1 9:30", "2026-12-01 09:30", id="a day and a time without noughts"),
        pytest.param("2026-12-01 5pm", "2026-12-01 17:00", id="5pm"),
        pytest.param("2026-12-01 5 pm", "2026-12-01 17:00", id="5 pm"),
        pytest.param("2026-12-01 5:30 PM", "2026-12-01 17:30", id="half past five in capital letters"),
        pytest.param("2026-12-01 12am", "2026-12-01 00:00", id="twelve at night"),
        pytest.param("2026-12-01 12pm", "2026-12-01 12:00", id="twelve at noon"),
        pytest.param("2026-12-01 00:00", "2026-12-01 00:00", id="midnight"),
        pytest.param("today", "2026-11-25 17:00", id="today"),
        pytest.param("tomorrow", "2026-11-26 17:00", id="tomorrow"),
        pytest.param("Tomorrow 9:00", "2026-11-26 09:00", id="tomorrow at an hour"),
        pytest.param("17:00", "2026-11-25 17:00", id="a time alone is today's"),
        pytest.param("5pm", "2026-11-25 17:00", id="5pm alone is today's"),
        pytest.param("5 pm", "2026-11-25 17:00", id="5 pm alone is today's"),
        pytest.param("friday", "2026-11-27 17:00", id="a weekday"),
        pytest.param("Friday 17:00", "2026-11-27 17:00", id="a weekday with a time"),
        pytest.param("fri 9am", "2026-11-27 09:00", id="a short weekday"),
        pytest.param("17:00 friday", "2026-11-27 17:00", id="the time first"),
        pytest.param("friday at 17:00", "2026-11-27 17:00", id="friday at"),
        pytest.param("on friday at 5 pm", "2026-11-27 17:00", id="on friday at"),
        pytest.param("friday, 17:00", "2026-11-27 17:00", id="friday and a comma"),
        pytest.param("tuesday", "2026-12-01 17:00", id="a weekday of next week"),
        pytest.param("wednesday", "2026-11-25 17:00", id="today's weekday before its hour is today"),
        pytest.param("wednesday 10:01", "2026-11-25 10:01", id="today's weekday a minute ahead is today"),
        pytest.param("wednesday 10:00", "2026-12-02 10:00", id="today's weekday at this very moment is next week"),
        pytest.param("wednesday 9:00", "2026-12-02 09:00", id="today's weekday after the hour is next week"),
        pytest.param("on wednesday 9:00", "2026-12-02 09:00", id="and so it is with on before it"),
        pytest.param("next wednesday", "2026-12-02 17:00", id="next wednesday said on a Wednesday is not today"),
        pytest.param("4 dec", "2026-12-04 17:00", id="a day and a month"),
        pytest.param("dec 4", "2026-12-04 17:00", id="a month and a day"),
        pytest.param("4 Dec 17:00", "2026-12-04 17:00", id="a day and a month with a time"),
        pytest.param("4. December", "2026-12-04 17:00", id="a day with a point"),
        pytest.param("4 december 2027", "2027-12-04 17:00", id="a day with its year"),
        pytest.param("3 march", "2027-03-03 17:00", id="a day that is over this year is next year's"),
        pytest.param("25 nov", "2026-11-25 17:00", id="today by its name is today"),
        pytest.param("7d", "2026-12-02 10:00", id="seven days are to the hour"),
        pytest.param("2w", "2026-12-09 10:00", id="two weeks"),
        pytest.param("7 days", "2026-12-02 10:00", id="seven days in words"),
        pytest.param("36h", "2026-11-26 22:00", id="hours"),
        pytest.param("in 3 days", "2026-11-28 10:00", id="in three days are to the hour"),
        pytest.param("2 days", "2026-11-27 10:00", id="two days, as a date, are two days from now"),
        pytest.param("in 3 days at 9am", "2026-11-28 09:00", id="in three days at an hour"),
        pytest.param("in two weeks 9:00", "2026-12-09 09:00", id="a number in words"),
        pytest.param("3hrs", "2026-11-25 13:00", id="hours without a space"),
        pytest.param("in 1h30", "2026-11-25 11:30", id="an hour and a half"),
        pytest.param("90 minutes", "2026-11-25 11:30", id="minutes"),
        pytest.param("in 2 months", "2027-01-25 17:00", id="months are days of the calendar"),
        pytest.param("end of june", "2027-06-30 17:00", id="the end of a month"),
        pytest.param("the end of June 2028", "2028-06-30 17:00", id="the end of a month with its year"),
        pytest.param("end of the month", "2026-11-30 17:00", id="the end of this month"),
        pytest.param("end of next month", "2026-12-31 17:00", id="the end of the next month"),
        pytest.param("end of the year", "2026-12-31 17:00", id="the end of the year"),
        pytest.param("2026/12/04", "2026-12-04 17:00", id="a year first, with slashes"),
        pytest.param("2026.12.04 9:00", "2026-12-04 09:00", id="a year first, with points"),
        pytest.param("Dec 4th", "2026-12-04 17:00", id="an ordinal"),
        pytest.param("the 4th of December", "2026-12-04 17:00", id="an ordinal in front"),
        pytest.param("friday the 4th of December", "2026-12-04 17:00", id="an ordinal with its weekday"),
        pytest.param("4-Dec-2026", "2026-12-04 17:00", id="with a month in letters between dashes"),
        pytest.param("7 Dec 26", "2026-12-07 17:00", id="a short year after a day and its month"),
        pytest.param("7-dec-26 9:00", "2026-12-07 09:00", id="and between dashes"),
        pytest.param("the 15th", "2026-12-15 17:00", id="a day alone is in this month or the next"),
        pytest.param("friday noon", "2026-11-27 12:00", id="noon"),
        pytest.param("friday 5 p.m.", "2026-11-27 17:00", id="p.m. with points"),
        pytest.param("13/3", "2027-03-13 17:00", id="there is no thirteenth month, so it is read in one way"),
        pytest.param("12/12", "2026-12-12 17:00", id="both ways are the same"),
        pytest.param("3/12/2026", "2026-12-03 17:00", id="the other day is over"),
        pytest.param("Fri 12/4/2026", "2026-12-04 17:00", id="the weekday tells which number is the month"),
        pytest.param("Fri, Dec 4, 2026", "2026-12-04 17:00", id="as the bot writes a day"),
        pytest.param("Fri, Dec 4, 2026, 5:00 PM MST", "2026-12-04 17:00", id="as the bot writes a time"),
        pytest.param("Fri, Dec 4, 2026, 5:00 PM EST", "2026-12-04 15:00", id="as the bot wrote it in New York"),
        pytest.param("Fri, Dec 4, 2026, 5:00 PM UTC", "2026-12-04 10:00", id="as the bot wrote it in UTC"),
        pytest.param("Fri, Dec 4, 2026, 5:00 PM UTC+5:45", "2026-12-04 04:15", id="as the bot wrote it in Kathmandu"),
        pytest.param("Fri 4 Dec 2026, 17:00", "2026-12-04 17:00", id="as the bot used to write it"),
        pytest.param("Fri 4 Dec 2026, 17:00 (America/Denver)", "2026-12-04 17:00", id="with the zone's name"),
        pytest.param("Fri 4 Dec 2026, 17:00 (Europe/Berlin)", "2026-12-04 09:00", id="with the name of another zone"),
        pytest.param("Friday, December 4th", "2026-12-04 17:00", id="as Slack writes a day"),
        pytest.param("Friday, December 4th, 5:00 PM", "2026-12-04 17:00", id="as Slack writes a time"),
        pytest.param("Tomorrow, 9:00 AM", "2026-11-26 09:00", id="as Slack writes tomorrow"),
        pytest.param("friday 02:00", "2026-11-27 02:00", id="a nought makes it clear"),
        pytest.param("friday 8:00", "2026-11-27 08:00", id="the day's first open hour is clear"),
        pytest.param("friday 12:30", "2026-11-27 12:30", id="half past twelve is at noon"),
        pytest.param("2026-12-04T2:00", "2026-12-04 02:00", id="a T means that a computer wrote it"),
        pytest.param("today 2:00", "2026-11-25 14:00", id="of today's hours, only what is to come can be meant"),
        pytest.param("today at 5", "2026-11-25 17:00", id="also at five"),
        pytest.param("2026-12-04T14:00-05:00", "2026-12-04 12:00", id="an offset as computers write it"),
        pytest.param("2026-12-04 14:00+02:00", "2026-12-04 05:00", id="a plus cannot be a range"),
        pytest.param("friday 14:00 UTC-5", "2026-11-27 12:00", id="an offset from UTC"),
        pytest.param("friday at 9", "2026-11-27 09:00", id="at nine is as clear as 9:00"),
        pytest.param("friday at 14", "2026-11-27 14:00", id="at an hour of the afternoon"),
        pytest.param("friday 14", "2026-11-27 14:00", id="an hour of the afternoon behind a day"),
    ],
)
def test_dates_are_parsed(typed, shown):
    assert read(typed) == shown


def test_today_is_the_date_in_the_persons_zone():
    late = at(DENVER, 2026, 11, 25, 23)
    assert read("tomorrow", late, DENVER) == "2026-11-26 17:00"
    assert read("tomorrow", late, BERLIN) == "2026-11-27 17:00"
    assert read("tomorrow", late, SYDNEY) == "2026-11-27 17:00"


def test_a_leap_day_is_next_years_if_this_year_has_none():
    assert read("29 feb", at(DENVER, 2027, 6, 1, 10)) == "2028-02-29 17:00"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        pytest.param("", "could not read", id="nothing"),
        pytest.param("  ", "could not read", id="spaces"),
        pytest.param("soon", "could not read", id="soon"),
        pytest.param("banana 17:00", "could not read", id="a fruit with a time"),
        pytest.param("2026-12", "could not read", id="a month alone"),
        pytest.param("4 foo", "could not read", id="an unknown month"),
        pytest.param("13pm", "could not read", id="13pm"),
        pytest.param("0am", "could not read", id="0am"),
        pytest.param("24:00", "24:00 is not a time of day", id="24:00 does not exist"),
        pytest.param("friday 17:60", "17:60 is not a time of day", id="an hour has sixty minutes"),
        pytest.param("friday 15:00-14:00", "“15:00-14:00” does not end after it begins", id="a range that ends first"),
        pytest.param("friday 10:30-9:00", "“10:30-9:00” does not end after it begins", id="a range in the wrong order"),
        pytest.param("friday 11:00-11:00", "does not end after it begins", id="a range without a length"),
        pytest.param("friday 12:30-9:00", "does not end after it begins", id="in the wrong order from noon"),
        pytest.param("friday 14:00-9:00", "does not end after it begins", id="in the wrong order in the afternoon"),
        pytest.param("friday 11am-9", "does not end after it begins", id="in the wrong order with one half"),
        pytest.param("friday 2:00-1:30", "does not end after it begins", id="in the wrong order before eight"),
        pytest.param("friday 7:00-7:00", "does not end after it begins", id="an early range without a length"),
        pytest.param("2026-12-04 14:00-05:00", "does not end after it begins", id="a range or a zone without letters"),
        pytest.param("2026-13-01", "not a day in the calendar", id="a thirteenth month"),
        pytest.param("2026-02-30", "not a day in the calendar", id="30 February"),
        pytest.param("2027-02-29", "not a day in the calendar", id="29 February of a year without one"),
        pytest.param("31 june", "not a day in the calendar", id="31 June"),
        pytest.param("9999-12-31", "not a day in the calendar", id="the last day of the calendar"),
        pytest.param("0001-01-01 00:00", "not a day in the calendar", id="the first day of the calendar"),
        pytest.param("2026-11-24", "is in the past", id="yesterday"),
        pytest.param("2026-11-25 10:00", "is in the past", id="this very moment"),
        pytest.param("9:00", "is in the past", id="an hour of today that is over"),
        pytest.param("0d", "is in the past", id="no time at all"),
        pytest.param("1 january 2020", "is in the past", id="a year that is over"),
        pytest.param("2036-12-01", "more than three years away", id="a year typed wrong"),
        pytest.param("9999d", "more than three years away", id="a span typed wrong"),
        pytest.param("9999w", "more than three years away", id="weeks typed wrong"),
    ],
)
def test_other_text_is_refused_with_an_example(typed, sentence):
    refusal = refused(typed)
    assert sentence in refusal
    assert "looks like `" in refusal or "such as `" in refusal
    assert "!" not in refusal


def asked(typed, now=NOW, zone=DENVER):
    """Return the readings that are offered as buttons, each parsed."""
    with pytest.raises(Ambiguous) as caught:
        dates.parse_time(typed, now, zone)
    assert caught.value.typed == typed
    return [read(reading.text, now, zone) for reading in caught.value.readings]


@pytest.mark.parametrize(
    ("typed", "ways"),
    [
        pytest.param("12/3", ["2026-12-03 17:00", "2027-03-12 17:00"], id="either number may be the month"),
        pytest.param("3/12", ["2027-03-12 17:00", "2026-12-03 17:00"], id="the other way round too"),
        pytest.param("12.3", ["2026-12-03 17:00", "2027-03-12 17:00"], id="with a point"),
        pytest.param("12/3/2027", ["2027-12-03 17:00", "2027-03-12 17:00"], id="the year that was typed is kept"),
        pytest.param("12/3/27", ["2027-12-03 17:00", "2027-03-12 17:00"], id="a short year is kept"),
        pytest.param("12/3 9:00", ["2026-12-03 09:00", "2027-03-12 09:00"], id="the time is kept"),
        pytest.param("9am 12/3", ["2026-12-03 09:00", "2027-03-12 09:00"], id="the time may come first"),
        pytest.param("next friday", ["2026-11-27 17:00", "2026-12-04 17:00"], id="this week's or the next one's"),
        pytest.param("Next Friday at 9am", ["2026-11-27 09:00", "2026-12-04 09:00"], id="with a time"),
        pytest.param("next week", ["2026-11-30 17:00", "2026-12-02 17:00"], id="its Monday, or a week from now"),
        pytest.param("end of the week", ["2026-11-27 17:00", "2026-11-29 17:00"], id="Friday or Sunday"),
        pytest.param("friday at 5", ["2026-11-27 05:00", "2026-11-27 17:00"], id="in the morning or the afternoon"),
        pytest.param("Thu, Dec 4", ["2026-12-04 17:00", "2026-12-03 17:00"], id="December 4 is a Friday"),
        pytest.param("friday 2:00", ["2026-11-27 02:00", "2026-11-27 14:00"], id="a clock time before eight"),
        pytest.param("saturday 10", ["2026-11-28 10:00", "2026-11-28 22:00"], id="a number behind a day"),
        pytest.param("frday", ["2026-11-27 17:00"], id="a letter is missing"),
        pytest.param("Wensday 9:00", ["2026-12-02 09:00"], id="a weekday as it is pronounced"),
        pytest.param("4 decmber", ["2026-12-04 17:00"], id="a month"),
        pytest.param("tmrw 9am", ["2026-11-26 09:00"], id="tomorrow, in short"),
        pytest.param("7:30 tomorrow", ["2026-11-26 07:30", "2026-11-26 19:30"], id="just before eight"),
        pytest.param("friday 9:00-10:30", ["2026-11-27 09:00", "2026-11-27 10:30"], id="either end of a range"),
        pytest.param("friday 14:00 – 15:00", ["2026-11-27 14:00", "2026-11-27 15:00"], id="a range with a dash"),
        pytest.param("friday 9 to 10:30am", ["2026-11-27 09:00", "2026-11-27 10:30"], id="a range in words"),
        pytest.param(
            "friday 5:00 PM IST",
            ["2026-11-27 04:30", "2026-11-27 08:00", "2026-11-27 09:00"],
            id="a name of three zones",
        ),
    ],
)
def test_what_can_be_read_in_two_ways_is_asked_about(typed, ways):
    assert sorted(asked(typed)) == sorted(ways)


@pytest.mark.parametrize(
    ("typed", "begins", "minutes"),
    [
        pytest.param("friday 9:00-10:30", "09:00", 90, id="two clock times"),
        pytest.param("friday 14:00-15:00", "14:00", 60, id="in the afternoon"),
        pytest.param("friday 14:00 to 15:00", "14:00", 60, id="in words"),
        pytest.param("from 9:00 until 10:00 friday", "09:00", 60, id="from and until, before the day"),
        pytest.param("friday 2-3:30pm", "14:00", 90, id="the second half counts for the first"),
        pytest.param("friday 11-1pm", "11:00", 120, id="unless that is too late"),
        pytest.param("friday 11am-1", "11:00", 120, id="the first half, and past noon"),
        pytest.param("friday 11:00-1:00", "11:00", 120, id="past noon without a half"),
        pytest.param("friday noon-1:30", "12:00", 90, id="from noon"),
        pytest.param("friday 8:00-5:00", "08:00", 540, id="a working day without a half"),
        pytest.param("friday 7:30am-4:30", "07:30", 540, id="a working day with the half of its beginning"),
        pytest.param("friday 14:00-3:30", "14:00", 90, id="a clock of 24 hours and one of 12"),
        pytest.param("friday 2pm-9", "14:00", 420, id="the first half counts for the second"),
        pytest.param("friday 9:00-12:00", "09:00", 180, id="until noon"),
        pytest.param("friday 11:00-9pm", "11:00", 600, id="a long day whose half is typed"),
        pytest.param("friday 8:00-22:00", "08:00", 840, id="a clock of 24 hours"),
        pytest.param("4 dec 5-6pm", "17:00", 60, id="after a day of the month"),
        pytest.param("dec 4 9:00 AM - 10:00 AM MST", "09:00", 60, id="as the bot writes times"),
    ],
)
def test_a_range_of_hours_is_a_beginning_and_a_length(typed, begins, minutes):
    assert f"{dates.parse_moment(typed, NOW, DENVER).astimezone(ZoneInfo(DENVER)):%H:%M}" == begins
    assert dates.length_of_hours(typed) == timedelta(minutes=minutes)


def test_the_half_of_the_day_of_a_range_is_asked_once_for_both_ends():
    with pytest.raises(Ambiguous) as question:
        dates.parse_moment("friday 2:00-3:30", NOW, DENVER)
    assert [reading.text for reading in question.value.readings] == ["friday 02:00-03:30", "friday 14:00-15:30"]


@pytest.mark.parametrize("typed", ["friday 9:00", "friday", "2026-12-04T14:00-05:00", "14:00 UTC-5", "dec 4 - 5"])
def test_what_is_no_range_of_hours_has_no_length(typed):
    assert dates.length_of_hours(typed) is None


def test_where_the_hour_counts_a_day_alone_is_asked_about_with_hours_to_choose():
    with pytest.raises(Ambiguous, match="but at what time") as question:
        dates.parse_moment("friday", NOW, DENVER)
    assert question.value.readings[0].text == "2026-11-27 09:00"
    with pytest.raises(Ambiguous) as today:
        dates.parse_moment("today", NOW, DENVER)
    assert today.value.readings[0].text == "2026-11-25 13:00", "nothing that is over is offered"
    assert dates.parse_moment("in 3 hours", NOW, DENVER) == NOW + timedelta(hours=3)


def test_where_only_the_day_counts_the_hour_is_not_asked_about():
    for typed in ("friday 2:00", "friday at 5", "friday 9:00-10:00"):
        assert dates.parse_future_day(typed, NOW, DENVER) == date(2026, 11, 27)


MONDAY, SATURDAY, SUNDAY = (at(DENVER, 2026, *day, 10) for day in ((11, 30), (12, 5), (12, 6)))


@pytest.mark.parametrize(
    ("typed", "now", "ways"),
    [
        pytest.param("next friday", MONDAY, ["2026-12-04", "2026-12-11"], id="on a Monday"),
        pytest.param("next friday", SUNDAY, ["2026-12-11", "2026-12-18"], id="on a Sunday, which may begin a week"),
        pytest.param("next friday", SATURDAY, ["2026-12-11"], id="on a Saturday it is the next week's"),
        pytest.param("next friday", at(DENVER, 2026, 12, 4, 10), ["2026-12-11"], id="on a Friday"),
        pytest.param("next monday", at(DENVER, 2026, 12, 4, 10), ["2026-12-07"], id="next Monday, on a Friday"),
        pytest.param("next monday", MONDAY, ["2026-12-07"], id="next Monday, on a Monday"),
        pytest.param("next week", MONDAY, ["2026-12-07"], id="on a Monday, next week is clear"),
        pytest.param("this friday", MONDAY, ["2026-12-04"], id="this Friday is clear"),
    ],
)
def test_next_depends_on_the_day_on_which_it_is_typed(typed, now, ways):
    found = asked(typed, now) if len(ways) > 1 else [read(typed, now)]
    assert [way[:10] for way in found] == ways


@pytest.mark.parametrize("typed", ["2/30", "40/50", "0/0"])
def test_only_days_that_exist_are_offered(typed):
    assert "is not a day in the calendar" in refused(typed)


def test_a_question_names_both_readings_for_forms_which_have_no_buttons():
    sentence = refused("next friday", MONDAY)
    assert sentence == "“next friday” could mean Fri, Dec 4, 2026 or Fri, Dec 11, 2026. Which one do you mean?"


@pytest.mark.parametrize(
    ("typed", "since", "past", "expected"),
    [
        pytest.param("3 march", None, True, (2026, 3, 3), id="something given on March 3 was given this year"),
        pytest.param("Dec 4", None, True, (2025, 12, 4), id="something given on December 4 was given last year"),
        pytest.param("friday", None, True, (2026, 11, 20), id="something given on a Friday"),
        pytest.param("wednesday", None, True, (2026, 11, 25), id="today's weekday is today"),
        pytest.param("last friday", None, True, (2026, 11, 20), id="last Friday"),
        pytest.param("2 days ago", None, True, (2026, 11, 23), id="days ago"),
        pytest.param("29 feb", None, True, (2024, 2, 29), id="the last leap day"),
        pytest.param("5 jan", date(2027, 12, 21), False, (2028, 1, 5), id="the first such day after another"),
        pytest.param("6 nov", date(2026, 11, 2), False, (2026, 11, 6), id="the same year, though it is over"),
        pytest.param("5 jan 2027", date(2027, 12, 21), False, (2027, 1, 5), id="a year that was typed is kept"),
    ],
)
def test_a_day_without_a_year_gets_the_year_that_makes_sense(typed, since, past, expected):
    assert dates.parse_day(typed, NOW, DENVER, since, past=past) == date(*expected)


@given(
    st.datetimes(datetime(2026, 12, 1), datetime(2029, 6, 1)).map(lambda wall: wall.replace(second=0, microsecond=0)),
    st.sampled_from(ZONES),
    st.sampled_from(ZONES),
)
def test_every_date_that_the_bot_writes_can_be_typed_back(wall, writer, reader):
    meant = dates.local_to_utc(wall, writer)
    typed = format_time(meant, writer)
    try:
        results = {dates.parse_time(typed, NOW, reader)}
    except Ambiguous as question:
        # a short name may belong to several zones, and people say MST in summer too
        results = {dates.parse_time(reading.text, NOW, reader) for reading in question.readings}
    assert meant in results
    assert dates.parse_day(format_day(wall.date()), NOW, reader) == wall.date()


@given(st.dates(date(2026, 11, 25), date(2027, 11, 20)))
def test_a_day_as_slack_writes_it_without_a_year_is_the_coming_one(on):
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(on.day % 10 if on.day not in (11, 12, 13) else 0, "th")
    assert dates.parse_future_day(f"{on:%A}, {on:%B} {on.day}{suffix}", NOW, DENVER) == on


@pytest.mark.parametrize(
    ("typed", "zone", "hours"),
    [
        ("GMT+2", "Etc/GMT-2", 2),
        ("+05:30", "Asia/Kolkata", 5.5),
        ("UTC+5:45", "Asia/Kathmandu", 5.75),
        ("UTC-9:30", "Pacific/Marquesas", -9.5),
        ("UTC+2", "Etc/GMT-2", 2),
        ("+02:00", "Etc/GMT-2", 2),
        ("utc-7", "Etc/GMT+7", -7),
        ("Denver", DENVER, -7),
        ("america/denver", DENVER, -7),
        ("new york", "America/New_York", -5),
    ],
)
def test_a_time_zone_is_a_name_a_city_or_hours_from_utc(typed, zone, hours):
    assert dates.parse_time_zone(typed) == zone
    assert NOW.astimezone(ZoneInfo(zone)).utcoffset() == timedelta(hours=hours)


def test_a_standard_time_may_be_meant_with_summer_time():
    with pytest.raises(Ambiguous, match="“EST” could mean the clock of New York or no summer time") as question:
        dates.parse_time_zone("EST")
    assert [reading.text for reading in question.value.readings] == ["America/New_York", "America/Panama"]


@pytest.mark.parametrize("typed", ["Atlantis", "GMT+25", "+05:20", "-03:30", "", "GMT+"])
def test_an_unknown_time_zone_is_refused_with_an_example(typed):
    with pytest.raises(Refusal, match="A time zone looks like `America/Denver`, `Denver` or `UTC\\+2`"):
        dates.parse_time_zone(typed)


def test_typed_text_is_escaped_in_refusals():
    for typed in ("<!channel>", "<!channel> 17:00"):
        assert "&lt;!channel&gt;" in refused(typed)


# daylight saving time ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "wall", "utc"),
    [
        pytest.param(DENVER, (2027, 3, 14, 2, 30), (2027, 3, 14, 9, 0), id="Denver in spring: half past two is three"),
        pytest.param(DENVER, (2027, 3, 14, 1, 59), (2027, 3, 14, 8, 59), id="Denver in spring: just before"),
        pytest.param(DENVER, (2027, 3, 14, 3, 0), (2027, 3, 14, 9, 0), id="Denver in spring: just after"),
        pytest.param(
            DENVER, (2026, 11, 1, 1, 30), (2026, 11, 1, 7, 30), id="Denver in autumn: the first half past one"
        ),
        pytest.param(BERLIN, (2027, 3, 28, 2, 30), (2027, 3, 28, 1, 0), id="Berlin in spring: half past two is three"),
        pytest.param(
            BERLIN, (2027, 10, 31, 2, 30), (2027, 10, 31, 0, 30), id="Berlin in autumn: the first half past two"
        ),
        pytest.param(SYDNEY, (2027, 10, 3, 2, 30), (2027, 10, 2, 16, 0), id="Sydney in spring: half past two is three"),
        pytest.param(SYDNEY, (2027, 4, 4, 2, 30), (2027, 4, 3, 15, 30), id="Sydney in autumn: the first half past two"),
        pytest.param(
            HOWE, (2027, 10, 3, 2, 15), (2027, 10, 2, 15, 30), id="Lord Howe in spring: half an hour is missing"
        ),
        pytest.param(
            HOWE, (2027, 10, 3, 2, 30), (2027, 10, 2, 15, 30), id="Lord Howe in spring: then it is half past two"
        ),
        pytest.param(
            HOWE, (2027, 4, 4, 1, 45), (2027, 4, 3, 14, 45), id="Lord Howe in autumn: the first quarter to two"
        ),
        pytest.param(
            "America/Santiago", (2027, 9, 5, 0, 0), (2027, 9, 5, 4, 0), id="Santiago in spring: a day without midnight"
        ),
    ],
)
def test_times_that_daylight_saving_skips_or_repeats(zone, wall, utc):
    assert dates.local_to_utc(datetime(*wall), zone) == datetime(*utc, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "now"),
    [
        (DENVER, (2027, 3, 12, 10)),
        (DENVER, (2026, 10, 30, 10)),
        (BERLIN, (2027, 3, 26, 10)),
        (SYDNEY, (2027, 10, 1, 10)),
        (HOWE, (2027, 10, 1, 10)),
    ],
)
def test_days_are_counted_on_the_wall_clock(zone, now):
    shown = datetime(*now) + timedelta(days=7)
    assert read("7d", at(zone, *now), zone) == f"{shown:%Y-%m-%d %H:%M}"


walls = st.datetimes(datetime(2026, 1, 1), datetime(2031, 1, 1)).map(lambda wall: wall.replace(microsecond=0))


@given(walls, st.sampled_from(ZONES))
def test_a_wall_time_becomes_itself_or_the_next_time_that_exists(wall, zone):
    result = dates.local_to_utc(wall, zone).astimezone(ZoneInfo(zone))
    shown = result.replace(tzinfo=None)
    assert result.fold == 0
    if shown != wall:
        before = (result.astimezone(UTC) - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert before < wall < shown


@given(walls, st.sampled_from(ZONES))
def test_a_formatted_date_is_parsed_as_the_same_date(wall, zone):
    wall = wall.replace(second=0)
    now = dates.local_to_utc(wall, zone) - timedelta(days=1, hours=3)
    assert dates.parse_time(f"{wall:%Y-%m-%d %H:%M}", now, zone) == dates.local_to_utc(wall, zone)


forms = st.sampled_from(
    [
        "today",
        "next",
        "week",
        "end of",
        "june",
        "Fri,",
        "MST",
        "at 5",
        "tomorrow",
        "friday",
        "mon",
        "17:00",
        "2:00",
        "9:00-10:30",
        "to 3pm",
        "5pm",
        "5 pm",
        "7d",
        "2w",
        "4 dec",
        "29 feb",
        "2026-12-01",
        "12/3",
    ]
)


@given(
    st.one_of(st.text(max_size=40), st.lists(forms, max_size=3).map(" ".join)),
    walls,
    st.sampled_from(ZONES),
)
def test_any_text_is_a_future_time_or_refused(typed, wall, zone):
    now = dates.local_to_utc(wall, zone)
    try:
        result = dates.parse_time(typed, now, zone)
    except Refusal as refusal:
        assert "<" not in refusal.sentence
    else:
        assert now < result <= now + dates.MAX_AHEAD


# days, spans and zones ---------------------------------------------------------------------------------


def test_a_day_is_the_same_in_every_zone():
    for zone in ZONES:
        assert dates.parse_future_day("2027-06-01", NOW, zone) == date(2027, 6, 1)
        assert dates.parse_future_day("today", NOW, zone) == NOW.astimezone(ZoneInfo(zone)).date()


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("7d", timedelta(days=7)),
        ("2w", timedelta(days=14)),
        ("36H", timedelta(hours=36)),
        ("1 week", timedelta(days=7)),
        ("7", None),
        ("d", None),
        ("in 3 days", timedelta(days=3)),
        ("2 days", timedelta(days=2)),
        ("3hrs", timedelta(hours=3)),
        ("1h30", timedelta(minutes=90)),
        ("a week", timedelta(days=7)),
        ("90min", timedelta(minutes=90)),
        ("3m", None),
        ("-7d", None),
        ("7dd", None),
        ("friday", None),
        ("", None),
    ],
)
def test_spans(typed, span):
    assert dates.parse_duration(typed) == span


def test_time_zones_are_recognized_by_name():
    assert dates.is_time_zone(DENVER)
    assert not dates.is_time_zone("Denver")
    assert not dates.is_time_zone("")
    assert not dates.is_time_zone("../etc/passwd")
