"""Series of a calendar file, computed by hand: exceptions, moves and ends in any zone and kind."""

from datetime import date

import pytest

from handlers.holidays.rules import ics
from tests.loopback import icalendar

TODAY = date(2026, 11, 30)


def event(*lines):
    return "\r\n".join(["BEGIN:VEVENT", "UID:a", *lines, "END:VEVENT"])


def days(*parts, zone="America/Denver"):
    """Return the closed days as "9 Feb" or, for several days, "9 Feb-10 Feb"."""
    reading = ics.read(icalendar(*parts).encode(), TODAY, zone)
    assert not reading.left_out
    return [_text(d.first) + ("" if d.first == d.last else f"-{_text(d.last)}") for d in reading.days]


def _text(day):
    return f"{day.day} {day:%b}"


BERLIN = ("DTSTART;TZID=Europe/Berlin:20270209T000000", "DTEND;TZID=Europe/Berlin:20270210T000000")
"""A Tuesday; midnight in Berlin is 23:00 UTC the day before."""

DENVER = ("DTSTART;TZID=America/Denver:20270304T000000", "DTEND;TZID=America/Denver:20270305T000000")
"""A Thursday; midnight in Denver is 07:00 UTC, and 06:00 UTC from 14 March on."""

WHOLE = ("DTSTART;VALUE=DATE:20270209",)
FLOATING = ("DTSTART:20270209T000000", "DTEND:20270210T000000")
IN_UTC = ("DTSTART:20270208T230000Z", "DTEND:20270209T230000Z")
IN_BERLIN = "X-WR-TIMEZONE:Europe/Berlin"

WEEKLY, DAILY = "RRULE:FREQ=WEEKLY", "RRULE:FREQ=DAILY"
THREE = f"{WEEKLY};COUNT=3"
"""9, 16 and 23 February."""

UNTIL = [
    pytest.param(
        BERLIN, f"{WEEKLY};UNTIL=20270222T230000Z", "9 Feb, 16 Feb, 23 Feb", id="zoned, the last midnight in UTC"
    ),
    pytest.param(BERLIN, f"{WEEKLY};UNTIL=20270222T225959Z", "9 Feb, 16 Feb", id="zoned, a second before it in UTC"),
    pytest.param(BERLIN, f"{WEEKLY};UNTIL=20270223", "9 Feb, 16 Feb, 23 Feb", id="zoned, a day"),
    pytest.param(BERLIN, f"{WEEKLY};UNTIL=20270222", "9 Feb, 16 Feb", id="zoned, the day before"),
    pytest.param(
        BERLIN, f"{WEEKLY};UNTIL=20270223T000000", "9 Feb, 16 Feb, 23 Feb", id="zoned, an hour without a zone"
    ),
    pytest.param(
        BERLIN, f"{WEEKLY};UNTIL=20270222T235959", "9 Feb, 16 Feb", id="zoned, an earlier hour without a zone"
    ),
    pytest.param(DENVER, f"{DAILY};UNTIL=20270306T065959Z", "4 Mar, 5 Mar", id="Denver, the end of the 5th in UTC"),
    pytest.param(DENVER, f"{DAILY};UNTIL=20270306T070000Z", "4 Mar, 5 Mar, 6 Mar", id="Denver, midnight of the 6th"),
    pytest.param(
        DENVER, f"{WEEKLY};UNTIL=20270318T060000Z", "4 Mar, 11 Mar, 18 Mar", id="Denver, after the clocks change"
    ),
    pytest.param(
        DENVER, f"{WEEKLY};UNTIL=20270318T055959Z", "4 Mar, 11 Mar", id="Denver, a second too early in summer"
    ),
    pytest.param(WHOLE, f"{WEEKLY};UNTIL=20270223", "9 Feb, 16 Feb, 23 Feb", id="whole days, a day"),
    pytest.param(
        WHOLE, f"{WEEKLY};UNTIL=20270223T070000Z", "9 Feb, 16 Feb, 23 Feb", id="whole days, the agency's midnight"
    ),
    pytest.param(WHOLE, f"{WEEKLY};UNTIL=20270223T000000Z", "9 Feb, 16 Feb, 23 Feb", id="whole days, midnight in UTC"),
    pytest.param(
        WHOLE,
        f"{WEEKLY};UNTIL=20270222T230000Z",
        "9 Feb, 16 Feb",
        id="whole days, an hour in UTC on the agency's clock",
    ),
    pytest.param(
        WHOLE, f"{WEEKLY};UNTIL=20270223T065959Z", "9 Feb, 16 Feb", id="whole days, before the agency's midnight"
    ),
    pytest.param(
        WHOLE, f"{WEEKLY};UNTIL=20270223T000000", "9 Feb, 16 Feb, 23 Feb", id="whole days, an hour without a zone"
    ),
    pytest.param(
        FLOATING, f"{WEEKLY};UNTIL=20270223T070000Z", "9 Feb, 16 Feb, 23 Feb", id="floating, the agency's midnight"
    ),
    pytest.param(
        FLOATING, f"{WEEKLY};UNTIL=20270223T065959Z", "9 Feb, 16 Feb", id="floating, before the agency's midnight"
    ),
    pytest.param(FLOATING, f"{WEEKLY};UNTIL=20270223", "9 Feb, 16 Feb, 23 Feb", id="floating, a day"),
]


@pytest.mark.parametrize(("start", "rule", "expected"), UNTIL)
def test_the_end_of_a_series_counts_on_its_own_clock(start, rule, expected):
    assert ", ".join(days(event(*start, rule))) == expected


CALENDAR_ZONE = [
    pytest.param(
        WHOLE, f"{WEEKLY};UNTIL=20270222T230000Z", "9 Feb, 16 Feb, 23 Feb", id="whole days end at its midnight"
    ),
    pytest.param(WHOLE, f"{WEEKLY};UNTIL=20270222T225959Z", "9 Feb, 16 Feb", id="whole days end before its midnight"),
    pytest.param(
        FLOATING, f"{WEEKLY};UNTIL=20270222T230000Z", "9 Feb, 16 Feb, 23 Feb", id="floating ends at its midnight"
    ),
    pytest.param(IN_UTC, f"{WEEKLY};UNTIL=20270222T230000Z", "9 Feb, 16 Feb, 23 Feb", id="UTC is read at its midnight"),
    pytest.param(
        IN_UTC,
        f"{WEEKLY};COUNT=9",
        "9 Feb, 16 Feb, 23 Feb, 2 Mar, 9 Mar, 16 Mar, 23 Mar, 30 Mar, 6 Apr",
        id="UTC stays on its days when clocks change",
    ),
    pytest.param(
        BERLIN, f"{WEEKLY};UNTIL=20270222T230000Z", "9 Feb, 16 Feb, 23 Feb", id="a zone of its own is not affected"
    ),
]


@pytest.mark.parametrize(("start", "rule", "expected"), CALENDAR_ZONE)
def test_a_series_without_a_zone_counts_on_the_clock_that_the_calendar_names(start, rule, expected):
    assert ", ".join(days(IN_BERLIN, event(*start, rule))) == expected


def test_a_summer_series_in_utc_keeps_its_days_in_winter():
    summer = event("DTSTART:20270830T220000Z", "DTEND:20270831T220000Z", f"{WEEKLY};COUNT=12")
    assert days(IN_BERLIN, summer)[-2:] == ["9 Nov", "16 Nov"]


EXCLUDED = [
    pytest.param(BERLIN, "EXDATE:20270215T230000Z", "9 Feb, 23 Feb", id="zoned, in UTC"),
    pytest.param(BERLIN, "EXDATE:20270216T000000Z", "9 Feb, 16 Feb, 23 Feb", id="zoned, another moment in UTC"),
    pytest.param(BERLIN, "EXDATE;TZID=America/New_York:20270215T180000", "9 Feb, 23 Feb", id="zoned, in another zone"),
    pytest.param(BERLIN, "EXDATE;TZID=Europe/Berlin:20270216T000000", "9 Feb, 23 Feb", id="zoned, in its own zone"),
    pytest.param(BERLIN, "EXDATE;VALUE=DATE:20270216", "9 Feb, 23 Feb", id="zoned, a day"),
    pytest.param(BERLIN, "EXDATE:20270216T000000", "9 Feb, 23 Feb", id="zoned, without a zone"),
    pytest.param(BERLIN, "EXDATE:20270215T230000Z,20270222T230000Z", "9 Feb", id="zoned, two in one line"),
    pytest.param(BERLIN, "EXDATE:20270208T230000Z", "16 Feb, 23 Feb", id="zoned, the first one"),
    pytest.param(WHOLE, "EXDATE;VALUE=DATE:20270216", "9 Feb, 23 Feb", id="whole days, a day"),
    pytest.param(WHOLE, "EXDATE:20270216T000000Z", "9 Feb, 23 Feb", id="whole days, midnight in UTC names its date"),
    pytest.param(
        WHOLE, "EXDATE;TZID=America/New_York:20270216T000000", "9 Feb, 23 Feb", id="whole days, midnight elsewhere"
    ),
    pytest.param(WHOLE, "EXDATE:20270216T070000Z", "9 Feb, 23 Feb", id="whole days, the agency's midnight in UTC"),
    pytest.param(
        WHOLE, "EXDATE:20270217T065959Z", "9 Feb, 23 Feb", id="whole days, the end of the agency's day in UTC"
    ),
    pytest.param(WHOLE, "EXDATE:20270216T065959Z", "9 Feb, 16 Feb, 23 Feb", id="whole days, the day before in UTC"),
    pytest.param(WHOLE, "EXDATE;TZID=America/Denver:20270216T000000", "9 Feb, 23 Feb", id="whole days, with a zone"),
    pytest.param(WHOLE, "EXDATE;TZID=Europe/Berlin:20270216T080000", "9 Feb, 23 Feb", id="whole days, in another zone"),
    pytest.param(WHOLE, "EXDATE:20270216T000000", "9 Feb, 23 Feb", id="whole days, an hour without a zone"),
    pytest.param(FLOATING, "EXDATE:20270216T070000Z", "9 Feb, 23 Feb", id="floating, in UTC"),
    pytest.param(FLOATING, "EXDATE;VALUE=DATE:20270216", "9 Feb, 23 Feb", id="floating, a day"),
    pytest.param(BERLIN, "EXRULE:FREQ=WEEKLY;INTERVAL=2", "16 Feb", id="zoned, by a rule"),
    pytest.param(BERLIN, "EXRULE:FREQ=WEEKLY;UNTIL=20270215T230000Z", "23 Feb", id="zoned, by a rule with an end"),
]


@pytest.mark.parametrize(("start", "exception", "expected"), EXCLUDED)
def test_an_excluded_date_counts_on_the_series_clock(start, exception, expected):
    assert ", ".join(days(event(*start, THREE, exception))) == expected


ADDED = [
    pytest.param(BERLIN, "RDATE:20270301T230000Z", "9 Feb, 2 Mar", id="zoned, in UTC"),
    pytest.param(BERLIN, "RDATE;TZID=America/New_York:20270301T180000", "9 Feb, 2 Mar", id="zoned, in another zone"),
    pytest.param(BERLIN, "RDATE;VALUE=DATE:20270302", "9 Feb, 2 Mar", id="zoned, a day"),
    pytest.param(BERLIN, "RDATE:20270302T000000", "9 Feb, 2 Mar", id="zoned, without a zone"),
    pytest.param(BERLIN, "RDATE;VALUE=PERIOD:20270301T230000Z/P3D", "9 Feb, 2 Mar-4 Mar", id="zoned, a period in UTC"),
    pytest.param(
        BERLIN,
        "RDATE;VALUE=PERIOD:20270301T230000Z/20270303T230000Z",
        "9 Feb, 2 Mar-3 Mar",
        id="zoned, a period with an end",
    ),
    pytest.param(BERLIN, "RDATE;VALUE=PERIOD:20270302T080000Z/PT1H", "9 Feb", id="zoned, a period of an hour"),
    pytest.param(WHOLE, "RDATE:20270302T000000Z", "9 Feb, 2 Mar", id="whole days, midnight in UTC names its date"),
    pytest.param(WHOLE, "RDATE;TZID=America/New_York:20270302T000000", "9 Feb, 2 Mar", id="whole days, elsewhere"),
    pytest.param(WHOLE, "RDATE:20270302T070000Z", "9 Feb, 2 Mar", id="whole days, in UTC"),
    pytest.param(WHOLE, "RDATE:20270302T065959Z", "1 Mar, 9 Feb", id="whole days, the evening before in UTC"),
    pytest.param(WHOLE, "RDATE;TZID=Europe/Berlin:20270302T080000", "9 Feb, 2 Mar", id="whole days, in another zone"),
    pytest.param(WHOLE, "RDATE;VALUE=DATE:20270302,20270309", "9 Feb, 2 Mar, 9 Mar", id="whole days, two days"),
    pytest.param(FLOATING, "RDATE:20270302T070000Z", "9 Feb, 2 Mar", id="floating, in UTC"),
    pytest.param(FLOATING, "RDATE;VALUE=DATE:20270302", "9 Feb, 2 Mar", id="floating, a day"),
]


@pytest.mark.parametrize(("start", "addition", "expected"), ADDED)
def test_an_added_date_counts_on_the_series_clock(start, addition, expected):
    assert sorted(days(event(*start, addition))) == sorted(expected.split(", "))


def instead(*lines):
    return event(*lines)


GONE = "STATUS:CANCELLED"
ONWARD = "RECURRENCE-ID;RANGE=THISANDFUTURE"

REPLACED = [
    pytest.param(
        WHOLE, ["RECURRENCE-ID:20270216T000000Z", *WHOLE, GONE], "9 Feb, 23 Feb", id="whole days, midnight in UTC"
    ),
    pytest.param(
        WHOLE,
        ["RECURRENCE-ID;TZID=America/New_York:20270216T000000", *WHOLE, GONE],
        "9 Feb, 23 Feb",
        id="whole days, midnight elsewhere",
    ),
    pytest.param(BERLIN, ["RECURRENCE-ID:20270215T230000Z", *BERLIN, GONE], "9 Feb, 23 Feb", id="canceled, in UTC"),
    pytest.param(
        BERLIN, ["RECURRENCE-ID;VALUE=DATE:20270216", *BERLIN, GONE], "9 Feb, 23 Feb", id="canceled, by a day"
    ),
    pytest.param(
        BERLIN, ["RECURRENCE-ID:20270216T000000", *BERLIN, GONE], "9 Feb, 23 Feb", id="canceled, without a zone"
    ),
    pytest.param(
        BERLIN,
        ["RECURRENCE-ID;TZID=America/New_York:20270215T180000", *BERLIN, GONE],
        "9 Feb, 23 Feb",
        id="canceled, in another zone",
    ),
    pytest.param(
        BERLIN,
        ["RECURRENCE-ID:20270215T230000Z", "DTSTART:20270216T230000Z", "DTEND:20270217T230000Z"],
        "9 Feb, 17 Feb, 23 Feb",
        id="moved, in UTC",
    ),
    pytest.param(
        BERLIN,
        ["RECURRENCE-ID:20270215T230000Z", "DTSTART;VALUE=DATE:20270217"],
        "9 Feb, 17 Feb, 23 Feb",
        id="moved to a whole day",
    ),
    pytest.param(
        BERLIN,
        ["RECURRENCE-ID:20270215T230000Z", "DTSTART:20270217T000000", "DTEND:20270218T000000"],
        "9 Feb, 17 Feb, 23 Feb",
        id="moved, without a zone",
    ),
    pytest.param(
        BERLIN,
        [
            "RECURRENCE-ID:20270215T230000Z",
            "DTSTART;TZID=America/New_York:20270216T180000",
            "DTEND;TZID=America/New_York:20270217T180000",
        ],
        "9 Feb, 17 Feb, 23 Feb",
        id="moved, in another zone",
    ),
    pytest.param(
        BERLIN,
        [
            "RECURRENCE-ID:20270215T230000Z",
            "DTSTART;TZID=Europe/Berlin:20270216T090000",
            "DTEND;TZID=Europe/Berlin:20270216T120000",
        ],
        "9 Feb, 23 Feb",
        id="moved to hours",
    ),
    pytest.param(
        WHOLE,
        ["RECURRENCE-ID;VALUE=DATE:20270216", "DTSTART;VALUE=DATE:20270217", "DTEND;VALUE=DATE:20270219"],
        "9 Feb, 17 Feb-18 Feb, 23 Feb",
        id="a whole day, moved and longer",
    ),
    pytest.param(
        WHOLE,
        ["RECURRENCE-ID:20270216T070000Z", "DTSTART;VALUE=DATE:20270217"],
        "9 Feb, 17 Feb, 23 Feb",
        id="a whole day, named in UTC",
    ),
    pytest.param(
        WHOLE,
        ["RECURRENCE-ID;TZID=America/Denver:20270216T000000", *WHOLE, GONE],
        "9 Feb, 23 Feb",
        id="a whole day, named with a zone",
    ),
    pytest.param(
        FLOATING, ["RECURRENCE-ID:20270216T070000Z", *WHOLE, GONE], "9 Feb, 23 Feb", id="floating, named in UTC"
    ),
    pytest.param(
        BERLIN, [f"{ONWARD}:20270215T230000Z", *BERLIN, GONE], "9 Feb", id="all that follow, canceled, in UTC"
    ),
    pytest.param(
        BERLIN, [f"{ONWARD};VALUE=DATE:20270216", *BERLIN, GONE], "9 Feb", id="all that follow, canceled, by a day"
    ),
    pytest.param(
        WHOLE, [f"{ONWARD};VALUE=DATE:20270216", *WHOLE, GONE], "9 Feb", id="all whole days that follow, canceled"
    ),
    pytest.param(
        WHOLE, [f"{ONWARD}:20270216T070000Z", *WHOLE, GONE], "9 Feb", id="all whole days that follow, canceled, in UTC"
    ),
    pytest.param(
        BERLIN,
        [f"{ONWARD}:20270215T230000Z", "DTSTART:20270216T230000Z", "DTEND:20270217T230000Z"],
        "9 Feb, 17 Feb, 24 Feb",
        id="all that follow, a day later, in UTC",
    ),
    pytest.param(
        BERLIN,
        [f"{ONWARD};TZID=Europe/Berlin:20270216T000000", "DTSTART;VALUE=DATE:20270217", "DTEND;VALUE=DATE:20270219"],
        "9 Feb, 17 Feb-18 Feb, 24 Feb-25 Feb",
        id="all that follow, a day later and longer, whole days",
    ),
    pytest.param(
        BERLIN,
        [
            f"{ONWARD}:20270215T230000Z",
            "DTSTART;TZID=Europe/Berlin:20270216T090000",
            "DTEND;TZID=Europe/Berlin:20270216T120000",
        ],
        "9 Feb",
        id="all that follow, with hours",
    ),
    pytest.param(
        WHOLE,
        [f"{ONWARD};VALUE=DATE:20270216", "DTSTART;VALUE=DATE:20270215"],
        "9 Feb, 15 Feb, 22 Feb",
        id="all whole days that follow, a day earlier",
    ),
    pytest.param(
        WHOLE,
        [f"{ONWARD};VALUE=DATE:20270209", "DTSTART;VALUE=DATE:20270210"],
        "10 Feb, 17 Feb, 24 Feb",
        id="all of them",
    ),
    pytest.param(
        WHOLE,
        [f"{ONWARD};VALUE=DATE:20270216", "DTSTART;VALUE=DATE:20270217", "RRULE:FREQ=WEEKLY;COUNT=2"],
        "9 Feb, 17 Feb, 24 Feb",
        id="all that follow, by a rule of their own",
    ),
]


@pytest.mark.parametrize(("start", "replacement", "expected"), REPLACED)
@pytest.mark.parametrize("order", [1, -1], ids=["series first", "replacement first"])
def test_an_occurrence_that_is_replaced_counts_on_the_series_clock(start, replacement, expected, order):
    parts = [event(*start, THREE), event(*replacement)]
    assert ", ".join(days(*parts[::order])) == expected


def test_a_series_of_hours_closes_days_once_it_becomes_whole_days():
    hours = ("DTSTART;TZID=Europe/Berlin:20270209T090000", "DTEND;TZID=Europe/Berlin:20270209T120000")
    onward = event(f"{ONWARD}:20270216T080000Z", "DTSTART;VALUE=DATE:20270217")
    assert days(event(*hours, THREE), onward) == ["17 Feb", "24 Feb"]


def test_replacements_work_together():
    parts = [
        event(*WHOLE, f"{WEEKLY};COUNT=6", "SUMMARY:Old"),
        event(f"{ONWARD};VALUE=DATE:20270216", "DTSTART;VALUE=DATE:20270217"),
        event("RECURRENCE-ID;VALUE=DATE:20270223", "DTSTART;VALUE=DATE:20270226"),
        event("RECURRENCE-ID;VALUE=DATE:20270302", "DTSTART;VALUE=DATE:20270303", GONE),
        event(f"{ONWARD};VALUE=DATE:20270309", "DTSTART;VALUE=DATE:20270308"),
    ]
    assert days(*parts) == ["9 Feb", "17 Feb", "26 Feb", "8 Mar", "15 Mar"]


def test_the_latest_version_of_a_replacement_counts():
    series = event(*WHOLE, THREE)
    new = event("SEQUENCE:2", "RECURRENCE-ID;VALUE=DATE:20270216", "DTSTART;VALUE=DATE:20270218")
    old = event("SEQUENCE:1", "RECURRENCE-ID;VALUE=DATE:20270216", "DTSTART;VALUE=DATE:20270217")
    assert days(series, new, old) == ["9 Feb", "18 Feb", "23 Feb"]


def test_a_moved_event_without_its_series_closes_its_own_days():
    assert days(event("RECURRENCE-ID;VALUE=DATE:20270216", "DTSTART;VALUE=DATE:20270217")) == ["17 Feb"]


ZONES = {
    "its name": ("TZID=America/Denver", ""),
    "Windows' name": ("TZID=Mountain Standard Time", ""),
    "a long name": ("TZID=/example.org/20260101_1/America/Denver", ""),
    "a name with a colon": ("TZID=(UTC-07:00) Mountain Time (US & Canada)", "(UTC-07:00) Mountain Time (US & Canada)"),
    "a quoted name": ('TZID="Our own zone"', "Our own zone"),
}


@pytest.mark.parametrize("named", ZONES)
def test_the_zone_of_a_series_is_known_by(named):
    parameter, defined = ZONES[named]
    zone = "\r\n".join(
        ["BEGIN:VTIMEZONE", f"TZID:{defined}", "BEGIN:STANDARD", "DTSTART:16010101T020000", "TZOFFSETFROM:-0600",
         "TZOFFSETTO:-0700", "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11", "END:STANDARD", "BEGIN:DAYLIGHT",
         "DTSTART:16010101T020000", "TZOFFSETFROM:-0700", "TZOFFSETTO:-0600", "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3",
         "END:DAYLIGHT", "END:VTIMEZONE"]
    )  # fmt: skip
    series = event(f"DTSTART;{parameter}:20270304T000000", "DURATION:P1D", f"{WEEKLY};UNTIL=20270318T060000Z")
    parts = [zone, series] if defined else [series]
    assert days(*parts, zone="Asia/Tokyo") == ["4 Mar", "11 Mar", "18 Mar"]


def test_an_unknown_zone_is_taken_as_the_agencys():
    assert days(event("DTSTART;TZID=Nowhere:20270304T000000", "DURATION:P1D", f"{DAILY};UNTIL=20270306T065959Z")) == [
        "4 Mar",
        "5 Mar",
    ]


def test_midnight_that_the_clocks_skip_is_still_the_beginning_of_its_day():
    cairo = ("DTSTART;TZID=Africa/Cairo:20270423T000000", "DURATION:P1D")
    assert days(event(*cairo, f"{WEEKLY};UNTIL=20270429T220000Z")) == ["23 Apr", "30 Apr"]
    assert days(event(*cairo, f"{WEEKLY};COUNT=3", "EXDATE:20270429T220000Z")) == ["23 Apr", "7 May"]


RULES = [
    pytest.param(
        "FREQ=YEARLY;BYWEEKNO=7;COUNT=2", "9 Feb, 16 Feb, 15 Feb", id="a week has the weekday of the beginning"
    ),
    pytest.param(
        "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2;COUNT=3", "9 Feb, 9 Mar, 13 Apr", id="the second of a month's Tuesdays"
    ),
    pytest.param("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2", "9 Feb, 28 Feb, 31 Mar", id="the last day of a month"),
    pytest.param("FREQ=WEEKLY;BYDAY=MO,WE;WKST=SU;COUNT=2", "9 Feb, 10 Feb, 15 Feb", id="two days a week"),
    pytest.param("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "9 Feb", id="a day that never comes"),
    pytest.param("FREQ=DAILY;BYHOUR=0;BYMINUTE=0;BYSECOND=0;COUNT=2", "9 Feb, 10 Feb", id="the hour of the beginning"),
]


@pytest.mark.parametrize(("rule", "expected"), RULES)
def test_rules_are_followed_as_the_standard_says(rule, expected):
    assert ", ".join(days(event(*WHOLE, f"RRULE:{rule}"))) == expected
