"""Rules as people type them: their dates computed by hand, and the words in which they are read back."""

# ruff: noqa: DTZ001 - a wall-clock time has no zone

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.dates import local_to_utc
from handlers.kit.refusals import Refusal
from handlers.kit.text import format_day
from handlers.meetings.rules import recurrence, rule_words

DENVER, BERLIN = "America/Denver", "Europe/Berlin"
TUESDAY = datetime(2027, 1, 5, 14)
THURSDAY = datetime(2026, 12, 3, 14)
MIDNIGHT = datetime(2027, 2, 9)
"""A Tuesday."""


def dates(typed, begins, zone, count=5):
    rule = recurrence.parse_rule(typed, begins, zone)
    return [f"{at.day} {at:%b}" for at in recurrence.occurrences(rule, begins, begins, count, zone)]


TWO_DAYS = "FREQ=WEEKLY;BYDAY=TU,WE"

ENDS = [
    pytest.param(
        f"{TWO_DAYS};UNTIL=20270113T065959Z", TUESDAY, DENVER, "5 Jan, 6 Jan, 12 Jan", id="the end of the 12th, in UTC"
    ),
    pytest.param(
        f"{TWO_DAYS};UNTIL=20270113T210000Z", TUESDAY, DENVER, "5 Jan, 6 Jan, 12 Jan, 13 Jan", id="its own hour, in UTC"
    ),
    pytest.param(
        f"{TWO_DAYS};UNTIL=20270113T205959Z",
        TUESDAY,
        DENVER,
        "5 Jan, 6 Jan, 12 Jan",
        id="a second before its hour, in UTC",
    ),
    pytest.param(f"{TWO_DAYS};UNTIL=20270113", TUESDAY, DENVER, "5 Jan, 6 Jan, 12 Jan, 13 Jan", id="a day"),
    pytest.param(f"{TWO_DAYS};UNTIL=20270112", TUESDAY, DENVER, "5 Jan, 6 Jan, 12 Jan", id="the day before"),
    pytest.param(
        f"{TWO_DAYS};UNTIL=20270113T140000",
        TUESDAY,
        DENVER,
        "5 Jan, 6 Jan, 12 Jan, 13 Jan",
        id="its own hour, without a zone",
    ),
    pytest.param(
        f"{TWO_DAYS};UNTIL=20270113T135959",
        TUESDAY,
        DENVER,
        "5 Jan, 6 Jan, 12 Jan",
        id="an earlier hour, without a zone",
    ),
    pytest.param(
        "FREQ=WEEKLY;UNTIL=20270222T230000Z", MIDNIGHT, BERLIN, "9 Feb, 16 Feb, 23 Feb", id="midnight in Berlin, in UTC"
    ),
    pytest.param(
        "FREQ=WEEKLY;UNTIL=20270222T225959Z", MIDNIGHT, BERLIN, "9 Feb, 16 Feb", id="before midnight in Berlin"
    ),
    pytest.param(
        "FREQ=DAILY;UNTIL=20270210", MIDNIGHT, BERLIN, "9 Feb, 10 Feb", id="a day does not include the next midnight"
    ),
]


@pytest.mark.parametrize(("typed", "begins", "zone", "expected"), ENDS)
def test_the_end_of_a_rule_keeps_its_hour_and_its_zone(typed, begins, zone, expected):
    assert ", ".join(dates(typed, begins, zone)) == expected


WORDS = [
    pytest.param(
        "third thursday",
        "FREQ=MONTHLY;BYDAY=3TH",
        "every third Thursday of the month",
        "17 Dec, 21 Jan, 18 Feb",
        id="third",
    ),
    pytest.param(
        "last friday", "FREQ=MONTHLY;BYDAY=-1FR", "every last Friday of the month", "25 Dec, 29 Jan, 26 Feb", id="last"
    ),
    pytest.param(
        "every First Monday",
        "FREQ=MONTHLY;BYDAY=1MO",
        "every first Monday of the month",
        "7 Dec, 4 Jan, 1 Feb",
        id="first",
    ),
    pytest.param(
        "the 2nd tue of each month",
        "FREQ=MONTHLY;BYDAY=2TU",
        "every second Tuesday of the month",
        "8 Dec, 12 Jan, 9 Feb",
        id="2nd",
    ),
    pytest.param(
        "first and third Wednesdays",
        "FREQ=MONTHLY;BYDAY=1WE,3WE",
        "every first and third Wednesday of the month",
        "16 Dec, 6 Jan, 20 Jan",
        id="two places",
    ),
    pytest.param(
        "last and first monday",
        "FREQ=MONTHLY;BYDAY=1MO,-1MO",
        "every first and last Monday of the month",
        "7 Dec, 28 Dec, 4 Jan",
        id="places in their order",
    ),
    pytest.param(
        "first thursday of the quarter",
        "FREQ=MONTHLY;INTERVAL=3;BYDAY=1TH",
        "the first Thursday every 3 months",
        "3 Dec, 4 Mar, 3 Jun",
        id="of the quarter",
    ),
    pytest.param(
        "quarter",
        "FREQ=MONTHLY;INTERVAL=3;BYDAY=1TH",
        "the first Thursday every 3 months",
        "3 Dec, 4 Mar, 3 Jun",
        id="quarter",
    ),
    pytest.param(
        "quarterly",
        "FREQ=MONTHLY;INTERVAL=3;BYDAY=1TH",
        "the first Thursday every 3 months",
        "3 Dec, 4 Mar, 3 Jun",
        id="quarterly",
    ),
    pytest.param(
        "2 quarters",
        "FREQ=MONTHLY;INTERVAL=6;BYDAY=1TH",
        "the first Thursday every 6 months",
        "3 Dec, 3 Jun, 2 Dec",
        id="two quarters",
    ),
    pytest.param("friday", "FREQ=WEEKLY;BYDAY=FR", "every Friday", "4 Dec, 11 Dec, 18 Dec", id="another weekday"),
    pytest.param("Thursdays", "FREQ=WEEKLY", "every Thursday", "3 Dec, 10 Dec, 17 Dec", id="its own weekday"),
]


@pytest.mark.parametrize(("typed", "rule", "words", "following"), WORDS)
def test_words_become_a_rule_and_the_rule_becomes_words(typed, rule, words, following):
    assert recurrence.parse_rule(typed, THURSDAY, DENVER) == rule
    assert rule_words.describe_rule(rule, THURSDAY, DENVER, DENVER) == f"{words} at 2:00 PM"
    assert ", ".join(dates(typed, THURSDAY, DENVER, 3)) == following


DESCRIBED = [
    pytest.param("FREQ=DAILY", "every day at 2:00 PM", id="daily"),
    pytest.param("FREQ=DAILY;INTERVAL=3;COUNT=1", "every 3 days at 2:00 PM, once", id="every 3 days, once"),
    pytest.param("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "every day from Monday to Friday at 2:00 PM", id="weekdays"),
    pytest.param("FREQ=WEEKLY;BYDAY=WE,TU", "every Tuesday and Wednesday at 2:00 PM", id="two weekdays"),
    pytest.param(
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR",
        "every 2 weeks from Monday to Friday at 2:00 PM",
        id="every second week",
    ),
    pytest.param(
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=SU",
        "every 2 weeks on Monday and Wednesday at 2:00 PM",
        id="two weekdays every second week",
    ),
    pytest.param("FREQ=WEEKLY;BYMONTH=1,2", "every Thursday in January and February at 2:00 PM", id="in two months"),
    pytest.param("FREQ=MONTHLY", "the 3rd of every month at 2:00 PM", id="by the date of the first"),
    pytest.param(
        "FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=5", "the 1st and 15th of every month at 2:00 PM, 5 times", id="by dates"
    ),
    pytest.param("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1", "the last day every 2 months at 2:00 PM", id="the last day"),
    pytest.param("FREQ=MONTHLY;BYMONTHDAY=-2", "the 2nd day from the end of every month at 2:00 PM", id="from the end"),
    pytest.param(
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "every last weekday of the month at 2:00 PM",
        id="the last weekday",
    ),
    pytest.param("FREQ=MONTHLY;BYDAY=TH;BYSETPOS=2", "every second Thursday of the month at 2:00 PM", id="by position"),
    pytest.param(
        "FREQ=MONTHLY;BYDAY=1MO,-1FR",
        "every first Monday and last Friday of the month at 2:00 PM",
        id="two weekdays of a month",
    ),
    pytest.param("FREQ=YEARLY", "every year on the 3rd of December at 2:00 PM", id="yearly"),
    pytest.param(
        "FREQ=YEARLY;BYMONTH=9;BYDAY=1MO",
        "every year on the first Monday of September at 2:00 PM",
        id="a weekday of a month",
    ),
    pytest.param(
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=3,9;BYMONTHDAY=12",
        "every 2 years on the 12th of March and September at 2:00 PM",
        id="every second year",
    ),
    pytest.param(
        "FREQ=WEEKLY;UNTIL=20270113T065959Z", "every Thursday at 2:00 PM until Tue, Jan 12, 2027", id="an end in UTC"
    ),
    pytest.param(
        "FREQ=WEEKLY;UNTIL=20270114T130000",
        "every Thursday at 2:00 PM until Wed, Jan 13, 2027",
        id="an end before the hour",
    ),
    pytest.param("FREQ=WEEKLY;UNTIL=20270114", "every Thursday at 2:00 PM until Thu, Jan 14, 2027", id="an end by day"),
    pytest.param(
        "FREQ=YEARLY;BYWEEKNO=20;COUNT=3", "by the rule FREQ=YEARLY;BYWEEKNO=20;COUNT=3 at 2:00 PM", id="a rare rule"
    ),
    pytest.param(
        "FREQ=MONTHLY;BYDAY=TH", "by the rule FREQ=MONTHLY;BYDAY=TH at 2:00 PM", id="weekdays without a place"
    ),
]


@pytest.mark.parametrize(("rule", "words"), DESCRIBED)
def test_a_rule_is_read_back_in_words(rule, words):
    assert recurrence.parse_rule(rule, THURSDAY, DENVER) == rule
    assert rule_words.describe_rule(rule, THURSDAY, DENVER, DENVER) == words


def test_a_zone_is_named_unless_readers_expect_it():
    words = rule_words.describe_rule("FREQ=WEEKLY;UNTIL=20270114", THURSDAY, "America/New_York", DENVER)
    assert words == "every Thursday at 2:00 PM (America/New York) until Thu, Jan 14, 2027"
    assert rule_words.describe_rule(None, THURSDAY, DENVER, DENVER) == "once, at 2:00 PM"


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("second thursday", "FREQ=WEEKLY;INTERVAL=2"),
        ("every 3rd friday", "FREQ=WEEKLY;INTERVAL=3;BYDAY=FR"),
        ("second thursday of the month", None),
        ("the second thursday", None),
        ("first thursday", None),
        ("last thursday", None),
        ("first and third thursday", None),
        ("week", None),
    ],
)
def test_words_that_can_mean_every_few_weeks_have_another_reading(typed, other):
    assert recurrence.other_reading(typed, THURSDAY) == other


def test_a_last_day_is_added_once_and_not_before_the_first_meeting():
    assert recurrence.add_end("FREQ=WEEKLY", THURSDAY.date(), THURSDAY, DENVER) == "FREQ=WEEKLY;UNTIL=20261203"
    for rule, last, why in (
        ("FREQ=WEEKLY;COUNT=3", date(2027, 1, 1), "already when the series ends"),
        ("FREQ=WEEKLY;UNTIL=20270101", date(2027, 1, 1), "already when the series ends"),
        ("FREQ=WEEKLY", date(2026, 12, 2), "before its first meeting on Thu, Dec 3, 2026"),
        ("FREQ=MONTHLY;BYDAY=3TH", date(2026, 12, 16), "before its first meeting on Thu, Dec 17, 2026"),
    ):
        with pytest.raises(Refusal) as refused:
            recurrence.add_end(rule, last, THURSDAY, DENVER)
        assert why in refused.value.sentence


def test_a_moved_series_keeps_its_end():
    friday = THURSDAY + timedelta(days=1)
    assert recurrence.rule_for_new_start("FREQ=WEEKLY;UNTIL=20270630", friday) == "FREQ=WEEKLY;UNTIL=20270630"
    assert recurrence.rule_for_new_start("FREQ=WEEKLY;BYDAY=FR", THURSDAY) == "FREQ=WEEKLY"
    moved = recurrence.rule_for_new_start("FREQ=MONTHLY;INTERVAL=3;BYDAY=3TH;UNTIL=20270113T065959Z", friday)
    assert moved == "FREQ=MONTHLY;INTERVAL=3;BYDAY=1FR;UNTIL=20270113T065959Z"
    assert recurrence.rule_for_new_start("FREQ=MONTHLY;BYDAY=1WE,3WE", friday) is None


ZONES = st.sampled_from([DENVER, BERLIN, "Australia/Lord_Howe", "Africa/Cairo", "UTC"])


@given(ZONES, st.dates(date(2026, 1, 1), date(2028, 1, 1)), st.times(), st.integers(0, 60 * 24 * 60))
def test_an_end_in_utc_keeps_exactly_the_meetings_up_to_it(zone, day, hour, minutes):
    begins = datetime.combine(day, time(hour.hour, hour.minute))
    until = local_to_utc(begins, zone) + timedelta(minutes=minutes)
    every = recurrence.occurrences("FREQ=DAILY", begins, begins, 70, zone)
    kept = recurrence.occurrences(f"FREQ=DAILY;UNTIL={until:%Y%m%dT%H%M%SZ}", begins, begins, 70, zone)
    assert kept == [at for at in every if local_to_utc(at, zone) <= until]
    said = rule_words.describe_rule(f"FREQ=DAILY;UNTIL={until:%Y%m%dT%H%M%SZ}", begins, zone, zone)
    assert said.endswith(f"until {format_day(kept[-1])}")
    assert until.astimezone(ZoneInfo(zone)) >= local_to_utc(kept[-1], zone).astimezone(UTC)


PARTS = st.lists(
    st.sampled_from(
        [
            "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY", "INTERVAL=2", "COUNT=3", "UNTIL=20270113",
            "UNTIL=20270113T065959Z", "BYDAY=MO", "BYDAY=1TH,-1FR", "BYDAY=+2TU", "BYDAY=0MO", "BYMONTH=1,13",
            "BYMONTH=0", "BYMONTH=12", "BYMONTHDAY=31", "BYMONTHDAY=-1,0", "BYSETPOS=1", "BYSETPOS=-1,2", "WKST=SU",
            "BYWEEKNO=20", "BYYEARDAY=100", "INTERVAL=X", "BYDAY=", "=", "X",
        ]
    ),
    min_size=1, max_size=4,
)  # fmt: skip


@given(PARTS)
def test_every_rule_is_refused_or_can_be_described_and_followed(parts):
    try:
        rule = recurrence.parse_rule(
            ";".join(["FREQ=WEEKLY", *parts] if parts[0][:4] != "FREQ" else parts), THURSDAY, DENVER
        )
    except Refusal:
        return
    assert rule_words.describe_rule(rule, THURSDAY, DENVER, DENVER)
    assert recurrence.occurrences(rule, THURSDAY, THURSDAY, 3, DENVER)
