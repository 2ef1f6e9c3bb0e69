"""When meetings repeat, and when their steps are due, in many time zones."""

# ruff: noqa: DTZ001 - a wall-clock time has no zone

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.kit import quiet_hours
from handlers.kit.dates import local_to_utc
from handlers.kit.refusals import Refusal
from handlers.meetings import reminder_settings
from handlers.meetings.rules import recurrence, rule_words, step_times
from handlers.meetings.rules.step_times import DEFAULT_OFFSETS, MeetingStep, MeetingTiming

ZONES = ("America/Denver", "Europe/Berlin", "Australia/Sydney", "Australia/Lord_Howe", "Asia/Kolkata")
HOURS = (time(18), time(8))
ZONE = "America/Denver"
THURSDAY = datetime(2026, 12, 3, 14)
WALLS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(second=0, microsecond=0))
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def timing(wall, zone="America/Denver", *, interval=None, planned_at=LONG_AGO, length=60, is_new=False):
    starts_at = local_to_utc(wall, zone)
    return MeetingTiming(starts_at, starts_at + timedelta(minutes=length), planned_at, zone, HOURS, interval, is_new)


def shown(at, zone="America/Denver"):
    return f"{at.astimezone(ZoneInfo(zone)):%a %d %b %H:%M}" if at else None


# the clock before a meeting ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wall", "interval", "call", "agenda", "remind"),
    [
        pytest.param(
            THURSDAY, None, "Thu 26 Nov 14:00", "Wed 02 Dec 14:00", "Thu 03 Dec 13:45", id="7 days, 1 day, 15 minutes"
        ),
        pytest.param(
            THURSDAY,
            timedelta(days=28),
            "Thu 26 Nov 14:00",
            "Wed 02 Dec 14:00",
            "Thu 03 Dec 13:45",
            id="half a month is longer than 7 days",
        ),
        pytest.param(
            THURSDAY,
            timedelta(days=7),
            "Mon 30 Nov 08:00",
            "Wed 02 Dec 14:00",
            "Thu 03 Dec 13:45",
            id="half a week is at night, so the next morning",
        ),
        pytest.param(
            datetime(2026, 12, 7, 9),
            None,
            "Mon 30 Nov 09:00",
            "Fri 04 Dec 17:00",
            "Mon 07 Dec 08:45",
            id="on a Monday the agenda is out before the weekend",
        ),
        pytest.param(
            datetime(2026, 12, 4, 7),
            None,
            "Fri 27 Nov 08:00",
            "Wed 02 Dec 17:00",
            "Fri 04 Dec 06:45",
            id="an early meeting disturbs people only with its reminder",
        ),
        pytest.param(
            THURSDAY,
            timedelta(days=1),
            None,
            "Wed 02 Dec 14:00",
            "Thu 03 Dec 13:45",
            id="no call after the agenda",
        ),
    ],
)
def test_each_step_before_a_meeting_is_due_at_its_time(wall, interval, call, agenda, remind):
    at = step_times.times_before(timing(wall, interval=interval), DEFAULT_OFFSETS)
    assert [shown(at.call), shown(at.agenda), shown(at.remind)] == [call, agenda, remind]


@pytest.mark.parametrize(
    ("ahead", "present"),
    [
        pytest.param(timedelta(days=8), ["call", "agenda", "remind"], id="nothing has passed"),
        pytest.param(timedelta(days=3), ["agenda", "remind"], id="the call has passed"),
        pytest.param(timedelta(hours=2), ["remind"], id="the agenda has passed too"),
        pytest.param(timedelta(minutes=5), [], id="everything has passed"),
    ],
)
def test_steps_that_have_passed_when_a_meeting_is_planned_are_skipped(ahead, present):
    at = step_times.times_before(
        timing(THURSDAY, planned_at=local_to_utc(THURSDAY, "America/Denver") - ahead), DEFAULT_OFFSETS
    )
    assert [name for name in ("call", "agenda", "remind") if getattr(at, name)] == present


@pytest.mark.parametrize(
    ("ahead", "is_new", "after"),
    [
        pytest.param(timedelta(minutes=10), True, timedelta(), id="at once, ten minutes ahead"),
        pytest.param(timedelta(minutes=15), True, timedelta(), id="at once, where it is due just now"),
        pytest.param(timedelta(minutes=16), True, timedelta(minutes=1), id="at its time"),
        pytest.param(timedelta(minutes=10), False, None, id="never for a meeting that was moved"),
    ],
)
def test_the_reminder_of_a_new_meeting_that_begins_soon_is_due_at_once(ahead, is_new, after):
    planned_at = local_to_utc(THURSDAY, ZONE) - ahead
    at = step_times.times_before(timing(THURSDAY, planned_at=planned_at, is_new=is_new), DEFAULT_OFFSETS)
    assert at.remind == (planned_at + after if after is not None else None)


@pytest.mark.parametrize("step", [MeetingStep.CALL, MeetingStep.AGENDA, MeetingStep.REMIND])
def test_a_step_that_is_off_is_never_due(step):
    at = step_times.times_before(timing(THURSDAY), {**DEFAULT_OFFSETS, step: None})
    assert getattr(at, step.value) is None
    assert at.note_taker < local_to_utc(THURSDAY, "America/Denver")


def test_consortium_settings_override_the_defaults_and_series_settings_override_both():
    offsets = step_times.merge_offsets({"call": 60, "remind": None}, {"call": None, "agenda": 120, "nonsense": 1})
    assert offsets == {**DEFAULT_OFFSETS, MeetingStep.CALL: None, MeetingStep.REMIND: None, MeetingStep.AGENDA: 120}


@pytest.mark.parametrize(
    ("zone", "wall", "days", "before"),
    [
        pytest.param("America/Denver", datetime(2027, 3, 18, 14), 7, "Thu 11 Mar 14:00", id="Denver, spring"),
        pytest.param("America/Denver", datetime(2026, 11, 5, 14), 7, "Thu 29 Oct 14:00", id="Denver, autumn"),
        pytest.param("Europe/Berlin", datetime(2027, 3, 29, 9), 1, "Sun 28 Mar 09:00", id="Berlin, spring"),
        pytest.param("Europe/Berlin", datetime(2026, 10, 26, 9), 1, "Sun 25 Oct 09:00", id="Berlin, autumn"),
        pytest.param("Australia/Sydney", datetime(2026, 10, 5, 9), 1, "Sun 04 Oct 09:00", id="Sydney, spring"),
        pytest.param("Australia/Sydney", datetime(2027, 4, 5, 9), 1, "Sun 04 Apr 09:00", id="Sydney, autumn"),
        pytest.param("Australia/Lord_Howe", datetime(2026, 10, 5, 2, 15), 1, "Sun 04 Oct 02:30", id="Lord Howe, gap"),
        pytest.param("Australia/Lord_Howe", datetime(2027, 4, 5, 1, 45), 1, "Sun 04 Apr 01:45", id="Lord Howe, twice"),
        pytest.param(
            "Asia/Kolkata", datetime(2026, 10, 5, 9), 7, "Mon 28 Sep 09:00", id="a zone without daylight saving"
        ),
    ],
)
def test_whole_days_are_counted_on_the_wall_clock(zone, wall, days, before):
    assert shown(step_times.minutes_before(local_to_utc(wall, zone), days * 24 * 60, zone), zone) == before


def test_an_hour_that_occurs_twice_means_the_first():
    at = step_times.minutes_before(
        local_to_utc(datetime(2027, 4, 5, 1, 45), "Australia/Lord_Howe"), 24 * 60, "Australia/Lord_Howe"
    )
    assert at.astimezone(ZoneInfo("Australia/Lord_Howe")).fold == 0


@example(datetime(2026, 1, 1, 8, 1), "America/Denver", 1, 721)
@given(WALLS, st.sampled_from(ZONES), st.sampled_from([None, 1, 7, 14, 28]), st.integers(0, 20 * 24 * 60))
def test_steps_are_due_in_order_and_after_the_meeting_was_planned(wall, zone, days, ahead):
    planned_at = local_to_utc(wall, zone) - timedelta(minutes=ahead)
    meeting = timing(wall, zone, interval=timedelta(days=days) if days else None, planned_at=planned_at)
    at = step_times.times_before(meeting, DEFAULT_OFFSETS)
    present = [due for due in (at.call, at.agenda, at.remind) if due is not None]
    assert present == sorted(present)
    assert all(planned_at < due < meeting.starts_at for due in present)
    assert at.note_taker >= planned_at


@given(WALLS, st.sampled_from(ZONES))
def test_the_agenda_is_published_a_wall_clock_day_before_or_earlier(wall, zone):
    meeting = timing(wall, zone)
    at = step_times.times_before(meeting, DEFAULT_OFFSETS)
    day_before = local_to_utc(
        meeting.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - timedelta(days=1), zone
    )
    assert at.agenda is not None
    assert at.agenda <= day_before
    if not quiet_hours.is_quiet(day_before, zone, HOURS):
        assert at.agenda == day_before


@given(WALLS, st.sampled_from(ZONES))
def test_channels_are_not_disturbed_in_quiet_hours_if_another_time_is_possible(wall, zone):
    at = step_times.times_before(timing(wall, zone), DEFAULT_OFFSETS)
    for due in (at.call, at.agenda):
        assert due is None or not quiet_hours.is_quiet(due, zone, HOURS)


@given(WALLS, st.sampled_from(ZONES))
def test_the_reminder_is_due_exactly_15_minutes_before(wall, zone):
    meeting = timing(wall, zone)
    assert meeting.starts_at - step_times.times_before(meeting, DEFAULT_OFFSETS).remind == timedelta(minutes=15)


# the minutes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        pytest.param(
            datetime(2026, 12, 1, 16),
            ["Tue 01 Dec 16:00", "Wed 02 Dec 16:00", "Thu 03 Dec 16:00", "Fri 04 Dec 16:00"],
            id="three times, then the chair",
        ),
        pytest.param(
            datetime(2026, 12, 3, 16, 30),
            ["Thu 03 Dec 16:30", "Fri 04 Dec 16:30", "Mon 07 Dec 08:00", "Tue 08 Dec 08:00"],
            id="over a weekend",
        ),
        pytest.param(
            datetime(2026, 12, 4, 20),
            ["Mon 07 Dec 08:00", "Tue 08 Dec 08:00", "Wed 09 Dec 08:00", "Thu 10 Dec 08:00"],
            id="an evening meeting on a Friday",
        ),
    ],
)
def test_a_note_taker_is_asked_outside_quiet_hours_a_day_apart(first, expected):
    asked = step_times.request_times(local_to_utc(first, "America/Denver"), 24 * 60, "America/Denver", HOURS)
    assert [shown(at) for at in asked] == expected


def test_without_repeated_requests_there_is_only_one():
    assert len(step_times.request_times(local_to_utc(THURSDAY, "America/Denver"), None, "America/Denver", HOURS)) == 1


@given(WALLS, st.sampled_from(ZONES), st.integers(30, 7 * 24 * 60))
def test_requests_for_minutes_avoid_quiet_hours_and_each_other(wall, zone, again):
    asked = step_times.request_times(local_to_utc(wall, zone), again, zone, HOURS)
    assert not any(quiet_hours.is_quiet(at, zone, HOURS) for at in asked)
    assert all(earlier < later for earlier, later in pairwise(asked))


@pytest.mark.parametrize(
    ("taken", "order"),
    [
        pytest.param({}, [1, 2, 3], id="no agency yet, so by name"),
        pytest.param({1: 5}, [2, 3, 1], id="an agency that did comes last"),
        pytest.param({1: 5, 2: 7, 3: 6}, [1, 3, 2], id="longest ago comes first"),
        pytest.param({2: 7, 3: 6}, [1, 3, 2], id="an agency that passed it on is next"),
        pytest.param({9: 1, 3: 6}, [1, 2, 3], id="an agency that ended is ignored"),
    ],
)
def test_the_agencies_take_turns_with_the_minutes(taken, order):
    days = {agency: datetime(2026, 12, day, tzinfo=UTC) for agency, day in taken.items()}
    assert step_times.agencies_by_turn([1, 2, 3], days) == order


# recurrence -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "begins", "words", "following"),
    [
        pytest.param("week", THURSDAY, "every Thursday at 2:00 PM", ["3 Dec", "10 Dec", "17 Dec"], id="weekly"),
        pytest.param(
            "2weeks", THURSDAY, "every 2 weeks on Thursday at 2:00 PM", ["3 Dec", "17 Dec", "31 Dec"], id="2 weeks"
        ),
        pytest.param(
            "3 weeks", THURSDAY, "every 3 weeks on Thursday at 2:00 PM", ["3 Dec", "24 Dec", "14 Jan"], id="3"
        ),
        pytest.param(
            "Thursday",
            THURSDAY,
            "every Thursday at 2:00 PM",
            ["3 Dec", "10 Dec", "17 Dec"],
            id="by the name of the weekday",
        ),
        pytest.param(
            "month", THURSDAY, "every first Thursday of the month at 2:00 PM", ["3 Dec", "7 Jan", "4 Feb"], id="first"
        ),
        pytest.param(
            "monthly",
            datetime(2026, 12, 17, 14),
            "every third Thursday of the month at 2:00 PM",
            ["17 Dec", "21 Jan", "18 Feb"],
            id="third Thursday",
        ),
        pytest.param(
            "month",
            datetime(2026, 12, 31, 14),
            "every last Thursday of the month at 2:00 PM",
            ["31 Dec", "28 Jan", "25 Feb"],
            id="a fifth one becomes the last",
        ),
        pytest.param(
            "2months",
            THURSDAY,
            "the first Thursday every 2 months at 2:00 PM",
            ["3 Dec", "4 Feb", "1 Apr"],
            id="months",
        ),
        pytest.param(
            "RRULE:FREQ=MONTHLY;BYMONTHDAY=31",
            THURSDAY,
            "the 31st of every month at 2:00 PM",
            ["31 Dec", "31 Jan", "31 Mar"],
            id="a custom rule",
        ),
        pytest.param(
            "FREQ=WEEKLY;COUNT=2",
            THURSDAY,
            "every Thursday at 2:00 PM, 2 times",
            ["3 Dec", "10 Dec"],
            id="a rule with a count",
        ),
        pytest.param(
            "FREQ=WEEKLY;UNTIL=20261210T235959Z",
            THURSDAY,
            "every Thursday at 2:00 PM until Thu, Dec 10, 2026",
            ["3 Dec", "10 Dec"],
            id="a rule with a last day",
        ),
    ],
)
def test_a_typed_rule_is_parsed_described_and_followed(typed, begins, words, following):
    rule = recurrence.parse_rule(typed, begins, ZONE)
    assert rule_words.describe_rule(rule, begins, ZONE, ZONE) == words
    dates = recurrence.occurrences(rule, begins, begins, 3, ZONE)
    assert [f"{at.day} {at:%b}" for at in dates] == following
    assert all(at.time() == begins.time() for at in dates)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("31st", "keeps its weekday"),
        ("31st of the month", "keeps its weekday"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never take place"),
        ("FREQ=DAILY;BYMONTH=4;BYMONTHDAY=31", "never take place"),
        ("FREQ=WEEKLY;UNTIL=20200101", "never take place"),
        ("FREQ=HOURLY", "after a day or more"),
        ("FREQ=DAILY;INTERVAL=0", "after a day or more"),
        ("FREQ=WEEKLY;BYHOUR=3", "after a day or more"),
        ("FREQ=FORTNIGHTLY", "not a rule that calendars know"),
        ("FREQ=WEEKLY;BYDAY=XX", "not a rule that calendars know"),
        ("FREQ=WEEKLY;" + "BYDAY=MO;" * 40, "not a rule that calendars know"),
        ("FREQ=WEEKLY;COUNT=5X", "not a rule that calendars know"),
        ("FREQ=WEEKLY;COUNT=5,6", "not a rule that calendars know"),
        ("FREQ=WEEKLY;COUNT=", "not a rule that calendars know"),
        ("FREQ=WEEKLY;COUNT=5;COUNT=6", "not a rule that calendars know"),
        ("FREQ=WEEKLY;UNTIL=SOON", "not a rule that calendars know"),
        ("FREQ=WEEKLY;UNTIL=20261299", "not a rule that calendars know"),
        ("FREQ=YEARLY;BYMONTH=+12", "not a rule that calendars know"),
        ("FREQ=WEEKLY;COUNT=5;UNTIL=20270101", "not a rule that calendars know"),
        ("FREQ=WEEKLY;UNTIL=20270101T240000Z", "not a rule that calendars know"),
        ("FREQ=WEEKLY;UNTIL=20270101T10", "not a rule that calendars know"),
        ("FREQ=YEARLY;BYEASTER=0", "not a rule that calendars know"),
        ("fifth thursday", "not every month has a fifth Thursday"),
        ("9 quarters", "every 1 to 8 quarters"),
        ("0weeks", "every 1 to 24 weeks"),
        ("99 months", "every 1 to 24 months"),
        ("now and then", "`quarter`, `third thursday` or `last friday`"),
        ("", "`quarter`, `third thursday` or `last friday`"),
    ],
)
def test_a_rule_that_cannot_be_parsed_or_never_occurs_is_refused_with_an_example(typed, why):
    with pytest.raises(Refusal) as refused:
        recurrence.parse_rule(typed, THURSDAY, ZONE)
    assert why.casefold() in refused.value.sentence.casefold()
    assert "/meeting new" in refused.value.sentence


def test_the_example_of_a_rule_can_be_parsed():
    example = recurrence.RULE_EXAMPLE.partition('every:"')[2].partition('"')[0]
    assert recurrence.parse_rule(example, THURSDAY, ZONE) == "FREQ=WEEKLY;COUNT=5"


@given(WALLS, st.sampled_from(ZONES), st.sampled_from(["week", "2weeks", "month", "3months"]))
def test_occurrences_ascend_and_keep_their_weekday_and_hour(wall, zone, typed):
    rule = recurrence.parse_rule(typed, wall, ZONE)
    dates = recurrence.occurrences(rule, wall, wall, 8, ZONE)
    assert dates[0] == wall or typed.endswith(("month", "months"))
    assert all(at.weekday() == wall.weekday() and at.time() == wall.time() for at in dates)
    times = [local_to_utc(at, zone) for at in dates]
    assert all(earlier < later for earlier, later in pairwise(times))


@given(WALLS, st.integers(0, 60), st.sampled_from(["week", "2weeks", "month"]))
def test_occurrences_do_not_depend_on_the_date_from_which_they_are_listed(wall, days, typed):
    rule = recurrence.parse_rule(typed, wall, ZONE)
    since = wall + timedelta(days=days)
    every = recurrence.occurrences(rule, wall, wall, 40, ZONE)
    assert recurrence.occurrences(rule, wall, since, 3, ZONE) == [at for at in every if at >= since][:3]


@given(WALLS, st.sampled_from(["week", "2weeks", "month"]), st.integers(1, 30))
def test_a_moved_series_repeats_as_often_from_its_new_day(wall, typed, days):
    rule = recurrence.parse_rule(typed, wall, ZONE)
    to = wall + timedelta(days=days)
    again = recurrence.rule_for_new_start(rule, to)
    assert again == recurrence.parse_rule(typed, to, ZONE)
    assert recurrence.occurrences(again, to, to, 1, ZONE) == [to]


def test_a_custom_rule_cannot_be_moved_as_a_whole():
    assert recurrence.rule_for_new_start("FREQ=MONTHLY;BYMONTHDAY=31", THURSDAY) is None
    assert recurrence.rule_for_new_start(None, THURSDAY) is None


@pytest.mark.parametrize("zone", ["America/Denver", "Europe/Berlin", "Australia/Sydney", "Australia/Lord_Howe"])
def test_only_the_meeting_in_a_daylight_saving_gap_changes_its_hour(zone):
    gaps = {
        "America/Denver": (datetime(2027, 3, 7, 2, 30), "03:00"),
        "Europe/Berlin": (datetime(2027, 3, 21, 2, 30), "03:00"),
        "Australia/Sydney": (datetime(2026, 9, 27, 2, 30), "03:00"),
        "Australia/Lord_Howe": (datetime(2026, 9, 27, 2, 15), "02:30"),
    }
    wall, after = gaps[zone]
    dates = recurrence.occurrences("FREQ=WEEKLY", wall, wall, 3, ZONE)
    clocks = [f"{local_to_utc(at, zone).astimezone(ZoneInfo(zone)):%H:%M}" for at in dates]
    assert clocks == [f"{wall:%H:%M}", after, f"{wall:%H:%M}"]


# spans as people type them ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("90m", 90),
        ("90", 90),
        ("2h", 120),
        ("1.5h", 90),
        ("1,5 h", 90),
        ("1h30", 90),
        ("1:30", 90),
        ("7d", 7 * 24 * 60),
        ("2 weeks", 14 * 24 * 60),
        ("15 minutes", 15),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
def test_spans_are_parsed_as_people_type_them(typed, minutes):
    assert reminder_settings.parse_span(typed) == minutes


@given(st.none() | st.integers(1, 60 * 24 * 60))
def test_a_formatted_span_parses_to_the_same_span(minutes):
    text = reminder_settings.format_span(minutes)
    assert (None if text in reminder_settings.OFF else reminder_settings.parse_span(text)) == minutes


@pytest.mark.parametrize(("typed", "bad"), [("0", True), ("400d", True), ("x", True), ("off", False), ("3d", False)])
def test_a_step_field_is_a_span_within_its_limit_or_off(typed, bad):
    usual = {step.value: reminder_settings.format_span(minutes) for step, minutes in DEFAULT_OFFSETS.items()}

    def written(field):
        return typed if field == "step.call" else usual[field.removeprefix("step.")]

    if bad:
        with pytest.raises(Refusal) as refused:
            reminder_settings.parse_fields(written, DEFAULT_OFFSETS)
        assert refused.value.field == "step.call"
    else:
        assert reminder_settings.parse_fields(written, DEFAULT_OFFSETS) == {
            "call": None if typed == "off" else 3 * 24 * 60
        }


def test_the_fifth_weekday_of_a_month_becomes_the_last():
    assert recurrence.monthly_rule(date(2026, 12, 29)) == "FREQ=MONTHLY;BYDAY=-1TU"
    assert recurrence.monthly_rule(date(2026, 12, 28)) == "FREQ=MONTHLY;BYDAY=4MO"
