"""When meetings come back and what is said about them when, on every kind of clock."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit import quiet_hours
from handlers.kit.dates import local
from handlers.kit.refusals import Refusal
from handlers.meetings import reminder_settings
from handlers.meetings.rules import recurrence, step_times
from handlers.meetings.rules.step_times import DEFAULTS, Frame, Step

ZONES = ("America/Denver", "Europe/Berlin", "Australia/Sydney", "Australia/Lord_Howe", "Asia/Kolkata")
HOURS = (time(18), time(8))
THURSDAY = datetime(2026, 12, 3, 14)  # noqa: DTZ001 - a wall clock
WALLS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001
    lambda at: at.replace(second=0, microsecond=0)
)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def frame(wall, zone="America/Denver", *, interval=None, planned_at=LONG_AGO, length=60):
    starts_at = local(wall, zone)
    return Frame(starts_at, starts_at + timedelta(minutes=length), planned_at, zone, HOURS, interval)


def shown(at, zone="America/Denver"):
    return f"{at.astimezone(ZoneInfo(zone)):%a %d %b %H:%M}" if at else None


# the clock before a meeting ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wall", "interval", "call", "agenda", "remind"),
    [
        pytest.param(
            THURSDAY, None, "Thu 26 Nov 14:00", "Wed 02 Dec 14:00", "Thu 03 Dec 13:45", id="seven days, one, a quarter"
        ),
        pytest.param(
            THURSDAY,
            timedelta(days=28),
            "Thu 26 Nov 14:00",
            "Wed 02 Dec 14:00",
            "Thu 03 Dec 13:45",
            id="half of a month is longer than seven days",
        ),
        pytest.param(
            THURSDAY,
            timedelta(days=7),
            "Mon 30 Nov 08:00",
            "Wed 02 Dec 14:00",
            "Thu 03 Dec 13:45",
            id="half a week, which is two at night, so in the morning",
        ),
        pytest.param(
            datetime(2026, 12, 7, 9),  # noqa: DTZ001
            None,
            "Mon 30 Nov 09:00",
            "Fri 04 Dec 17:00",
            "Mon 07 Dec 08:45",
            id="on a Monday the agenda is out before the weekend",
        ),
        pytest.param(
            datetime(2026, 12, 4, 7),  # noqa: DTZ001
            None,
            "Fri 27 Nov 08:00",
            "Wed 02 Dec 17:00",
            "Fri 04 Dec 06:45",
            id="an early meeting wakes nobody but for its reminder",
        ),
        pytest.param(
            THURSDAY,
            timedelta(days=1),
            None,
            "Wed 02 Dec 14:00",
            "Thu 03 Dec 13:45",
            id="what would be called for after the agenda is not",
        ),
    ],
)
def test_steps_before_a_meeting(wall, interval, call, agenda, remind):
    at = step_times.moments(frame(wall, interval=interval), DEFAULTS)
    assert [shown(at.call), shown(at.agenda), shown(at.remind)] == [call, agenda, remind]


@pytest.mark.parametrize(
    ("ahead", "present"),
    [
        pytest.param(timedelta(days=8), ["call", "agenda", "remind"], id="all are to come"),
        pytest.param(timedelta(days=3), ["agenda", "remind"], id="the call is past"),
        pytest.param(timedelta(hours=2), ["remind"], id="the agenda is past too"),
        pytest.param(timedelta(minutes=5), [], id="everything is past"),
    ],
)
def test_what_is_past_already_when_a_meeting_is_made_is_skipped(ahead, present):
    at = step_times.moments(frame(THURSDAY, planned_at=local(THURSDAY, "America/Denver") - ahead), DEFAULTS)
    assert [name for name in ("call", "agenda", "remind") if getattr(at, name)] == present


@pytest.mark.parametrize("step", [Step.CALL, Step.AGENDA, Step.REMIND])
def test_a_step_that_is_off_does_not_come(step):
    at = step_times.moments(frame(THURSDAY), {**DEFAULTS, step: None})
    assert getattr(at, step.value) is None
    assert at.prepare < local(THURSDAY, "America/Denver")


def test_the_consortium_lays_its_steps_over_the_defaults_and_the_series_over_those():
    made = step_times.steps({"call": 60, "remind": None}, {"call": None, "agenda": 120, "nonsense": 1})
    assert made == {**DEFAULTS, Step.CALL: None, Step.REMIND: None, Step.AGENDA: 120}


@pytest.mark.parametrize(
    ("zone", "wall", "days", "before"),
    [
        pytest.param("America/Denver", datetime(2027, 3, 18, 14), 7, "Thu 11 Mar 14:00", id="Denver, spring"),  # noqa: DTZ001
        pytest.param("America/Denver", datetime(2026, 11, 5, 14), 7, "Thu 29 Oct 14:00", id="Denver, autumn"),  # noqa: DTZ001
        pytest.param("Europe/Berlin", datetime(2027, 3, 29, 9), 1, "Sun 28 Mar 09:00", id="Berlin, spring"),  # noqa: DTZ001
        pytest.param("Europe/Berlin", datetime(2026, 10, 26, 9), 1, "Sun 25 Oct 09:00", id="Berlin, autumn"),  # noqa: DTZ001
        pytest.param("Australia/Sydney", datetime(2026, 10, 5, 9), 1, "Sun 04 Oct 09:00", id="Sydney, spring"),  # noqa: DTZ001
        pytest.param("Australia/Sydney", datetime(2027, 4, 5, 9), 1, "Sun 04 Apr 09:00", id="Sydney, autumn"),  # noqa: DTZ001
        pytest.param("Australia/Lord_Howe", datetime(2026, 10, 5, 2, 15), 1, "Sun 04 Oct 02:30", id="Lord Howe, gap"),  # noqa: DTZ001
        pytest.param("Australia/Lord_Howe", datetime(2027, 4, 5, 1, 45), 1, "Sun 04 Apr 01:45", id="Lord Howe, twice"),  # noqa: DTZ001
        pytest.param("Asia/Kolkata", datetime(2026, 10, 5, 9), 7, "Mon 28 Sep 09:00", id="a zone without"),  # noqa: DTZ001
    ],
)
def test_days_are_counted_on_the_wall_clock(zone, wall, days, before):
    assert shown(step_times.before(local(wall, zone), days * 24 * 60, zone), zone) == before


def test_where_an_hour_comes_twice_the_first_is_meant():
    at = step_times.before(local(datetime(2027, 4, 5, 1, 45), "Australia/Lord_Howe"), 24 * 60, "Australia/Lord_Howe")  # noqa: DTZ001
    assert at.astimezone(ZoneInfo("Australia/Lord_Howe")).fold == 0


@given(WALLS, st.sampled_from(ZONES), st.sampled_from([None, 1, 7, 14, 28]), st.integers(0, 20 * 24 * 60))
def test_steps_come_in_their_order_and_never_before_the_meeting_was_planned(wall, zone, days, ahead):
    planned_at = local(wall, zone) - timedelta(minutes=ahead)
    one = frame(wall, zone, interval=timedelta(days=days) if days else None, planned_at=planned_at)
    at = step_times.moments(one, DEFAULTS)
    present = [moment for moment in (at.call, at.agenda, at.remind) if moment is not None]
    assert present == sorted(present)
    assert all(planned_at < moment < one.starts_at for moment in present)
    assert at.prepare >= planned_at


@given(WALLS, st.sampled_from(ZONES))
def test_the_agenda_is_out_a_day_before_on_the_wall_clock_or_earlier(wall, zone):
    one = frame(wall, zone)
    at = step_times.moments(one, DEFAULTS)
    day_before = local(one.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - timedelta(days=1), zone)
    assert at.agenda is not None
    assert at.agenda <= day_before
    if not quiet_hours.is_quiet(day_before, zone, HOURS):
        assert at.agenda == day_before


@given(WALLS, st.sampled_from(ZONES))
def test_no_channel_is_disturbed_in_quiet_hours_where_there_is_another_time(wall, zone):
    at = step_times.moments(frame(wall, zone), DEFAULTS)
    for moment in (at.call, at.agenda):
        assert moment is None or not quiet_hours.is_quiet(moment, zone, HOURS)


@given(WALLS, st.sampled_from(ZONES))
def test_the_reminder_comes_exactly_a_quarter_of_an_hour_before(wall, zone):
    one = frame(wall, zone)
    assert one.starts_at - step_times.moments(one, DEFAULTS).remind == timedelta(minutes=15)


# the minutes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        pytest.param(
            datetime(2026, 12, 1, 16),  # noqa: DTZ001
            ["Tue 01 Dec 16:00", "Wed 02 Dec 16:00", "Thu 03 Dec 16:00", "Fri 04 Dec 16:00"],
            id="three times, then the chair",
        ),
        pytest.param(
            datetime(2026, 12, 3, 16, 30),  # noqa: DTZ001
            ["Thu 03 Dec 16:30", "Fri 04 Dec 16:30", "Mon 07 Dec 08:00", "Tue 08 Dec 08:00"],
            id="over a weekend",
        ),
        pytest.param(
            datetime(2026, 12, 4, 20),  # noqa: DTZ001
            ["Mon 07 Dec 08:00", "Tue 08 Dec 08:00", "Wed 09 Dec 08:00", "Thu 10 Dec 08:00"],
            id="an evening meeting on a Friday",
        ),
    ],
)
def test_a_note_taker_is_asked_in_open_hours_each_time_a_day_later(first, expected):
    asked = step_times.asks(local(first, "America/Denver"), 24 * 60, "America/Denver", HOURS)
    assert [shown(at) for at in asked] == expected


def test_where_nobody_is_to_be_asked_again_the_first_time_is_the_only_one():
    assert len(step_times.asks(local(THURSDAY, "America/Denver"), None, "America/Denver", HOURS)) == 1


@given(WALLS, st.sampled_from(ZONES), st.integers(30, 7 * 24 * 60))
def test_nobody_is_asked_for_minutes_in_quiet_hours_nor_twice_at_once(wall, zone, again):
    asked = step_times.asks(local(wall, zone), again, zone, HOURS)
    assert not any(quiet_hours.is_quiet(at, zone, HOURS) for at in asked)
    assert all(earlier < later for earlier, later in pairwise(asked))


@pytest.mark.parametrize(
    ("taken", "order"),
    [
        pytest.param({}, [1, 2, 3], id="nobody yet: by name"),
        pytest.param({1: 5}, [2, 3, 1], id="who did comes last"),
        pytest.param({1: 5, 2: 7, 3: 6}, [1, 3, 2], id="who did longest ago comes first"),
        pytest.param({2: 7, 3: 6}, [1, 3, 2], id="who passed it on is still the next"),
        pytest.param({9: 1, 3: 6}, [1, 2, 3], id="an agency that ended counts for nothing"),
    ],
)
def test_the_minutes_go_round_the_agencies(taken, order):
    days = {agency: datetime(2026, 12, day, tzinfo=UTC) for agency, day in taken.items()}
    assert step_times.turn([1, 2, 3], days) == order


# coming back -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "begins", "said", "following"),
    [
        pytest.param("week", THURSDAY, "every Thursday at 14:00", ["3 Dec", "10 Dec", "17 Dec"], id="weekly"),
        pytest.param("2weeks", THURSDAY, "every second Thursday at 14:00", ["3 Dec", "17 Dec", "31 Dec"], id="2 weeks"),
        pytest.param("3 weeks", THURSDAY, "every 3 weeks on Thursday at 14:00", ["3 Dec", "24 Dec", "14 Jan"], id="3"),
        pytest.param("Thursday", THURSDAY, "every Thursday at 14:00", ["3 Dec", "10 Dec", "17 Dec"], id="by its name"),
        pytest.param(
            "month", THURSDAY, "every first Thursday of the month at 14:00", ["3 Dec", "7 Jan", "4 Feb"], id="first"
        ),
        pytest.param(
            "monthly",
            datetime(2026, 12, 17, 14),  # noqa: DTZ001
            "every third Thursday of the month at 14:00",
            ["17 Dec", "21 Jan", "18 Feb"],
            id="third Thursday",
        ),
        pytest.param(
            "month",
            datetime(2026, 12, 31, 14),  # noqa: DTZ001
            "every last Thursday of the month at 14:00",
            ["31 Dec", "28 Jan", "25 Feb"],
            id="a fifth one becomes the last",
        ),
        pytest.param(
            "2months", THURSDAY, "the first Thursday every 2 months at 14:00", ["3 Dec", "4 Feb", "1 Apr"], id="months"
        ),
        pytest.param(
            "RRULE:FREQ=MONTHLY;BYMONTHDAY=31",
            THURSDAY,
            "by the rule FREQ=MONTHLY;BYMONTHDAY=31 at 14:00",
            ["31 Dec", "31 Jan", "31 Mar"],
            id="a rule of its own",
        ),
        pytest.param(
            "FREQ=WEEKLY;COUNT=2",
            THURSDAY,
            "by the rule FREQ=WEEKLY;COUNT=2 at 14:00",
            ["3 Dec", "10 Dec"],
            id="a rule that ends by itself",
        ),
        pytest.param(
            "FREQ=WEEKLY;UNTIL=20261210T235959Z",
            THURSDAY,
            "by the rule FREQ=WEEKLY;UNTIL=20261210 at 14:00",
            ["3 Dec", "10 Dec"],
            id="a rule with a last day",
        ),
    ],
)
def test_how_a_meeting_comes_back(typed, begins, said, following):
    rule = recurrence.read(typed, begins)
    assert recurrence.words(rule, begins) == said
    dates = recurrence.following(rule, begins, begins, 3)
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
        ("0weeks", "every 1 to 24 weeks"),
        ("99 months", "every 1 to 24 months"),
        ("now and then", "`week`, `2weeks` or `month`"),
        ("", "`week`, `2weeks` or `month`"),
    ],
)
def test_what_cannot_be_read_or_never_happens_is_refused_with_an_example(typed, why):
    with pytest.raises(Refusal) as refused:
        recurrence.read(typed, THURSDAY)
    assert why in refused.value.sentence
    assert "/meeting new" in refused.value.sentence


def test_the_example_of_a_rule_is_a_rule():
    example = recurrence.RULE_EXAMPLE.partition('every:"')[2].partition('"')[0]
    assert recurrence.read(example, THURSDAY) == "FREQ=WEEKLY;COUNT=5"


@given(WALLS, st.sampled_from(ZONES), st.sampled_from(["week", "2weeks", "month", "3months"]))
def test_every_occurrence_has_the_same_weekday_and_hour_and_comes_after_the_one_before(wall, zone, typed):
    rule = recurrence.read(typed, wall)
    dates = recurrence.following(rule, wall, wall, 8)
    assert dates[0] == wall or typed.endswith(("month", "months"))
    assert all(at.weekday() == wall.weekday() and at.time() == wall.time() for at in dates)
    moments = [local(at, zone) for at in dates]
    assert all(earlier < later for earlier, later in pairwise(moments))


@given(WALLS, st.integers(0, 60), st.sampled_from(["week", "2weeks", "month"]))
def test_it_does_not_matter_from_when_on_the_next_ones_are_asked_for(wall, days, typed):
    rule = recurrence.read(typed, wall)
    since = wall + timedelta(days=days)
    every = recurrence.following(rule, wall, wall, 40)
    assert recurrence.following(rule, wall, since, 3) == [at for at in every if at >= since][:3]


@given(WALLS, st.sampled_from(["week", "2weeks", "month"]), st.integers(1, 30))
def test_a_series_that_is_moved_goes_on_as_often_from_its_new_day(wall, typed, days):
    rule = recurrence.read(typed, wall)
    to = wall + timedelta(days=days)
    again = recurrence.moved(rule, to)
    assert again == recurrence.read(typed, to)
    assert recurrence.following(again, to, to, 1) == [to]


def test_a_rule_of_its_own_cannot_be_moved_as_a_whole():
    assert recurrence.moved("FREQ=MONTHLY;BYMONTHDAY=31", THURSDAY) is None
    assert recurrence.moved(None, THURSDAY) is None


@pytest.mark.parametrize("zone", ["America/Denver", "Europe/Berlin", "Australia/Sydney", "Australia/Lord_Howe"])
def test_only_the_meeting_in_the_gap_is_moved_and_the_others_keep_their_hour(zone):
    gaps = {
        "America/Denver": (datetime(2027, 3, 7, 2, 30), "03:00"),  # noqa: DTZ001
        "Europe/Berlin": (datetime(2027, 3, 21, 2, 30), "03:00"),  # noqa: DTZ001
        "Australia/Sydney": (datetime(2026, 9, 27, 2, 30), "03:00"),  # noqa: DTZ001
        "Australia/Lord_Howe": (datetime(2026, 9, 27, 2, 15), "02:30"),  # noqa: DTZ001
    }
    wall, after = gaps[zone]
    dates = recurrence.following("FREQ=WEEKLY", wall, wall, 3)
    clocks = [f"{local(at, zone).astimezone(ZoneInfo(zone)):%H:%M}" for at in dates]
    assert clocks == [f"{wall:%H:%M}", after, f"{wall:%H:%M}"]


# spans as people write them ----------------------------------------------------------------------------


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
def test_spans_are_read_as_people_write_them(typed, minutes):
    assert reminder_settings.read(typed) == minutes


@given(st.none() | st.integers(1, 60 * 24 * 60))
def test_a_span_that_was_written_reads_as_it_was(minutes):
    text = reminder_settings.written(minutes)
    assert (None if text in reminder_settings.OFF else reminder_settings.read(text)) == minutes


@pytest.mark.parametrize(("typed", "bad"), [("0", True), ("400d", True), ("x", True), ("off", False), ("3d", False)])
def test_a_step_is_a_span_within_reason_or_off(typed, bad):
    usual = {step.value: reminder_settings.written(minutes) for step, minutes in DEFAULTS.items()}

    def written(field):
        return typed if field == "step.call" else usual[field.removeprefix("step.")]

    if bad:
        with pytest.raises(Refusal) as refused:
            reminder_settings.chosen_in(written, DEFAULTS)
        assert refused.value.field == "step.call"
    else:
        assert reminder_settings.chosen_in(written, DEFAULTS) == {"call": None if typed == "off" else 3 * 24 * 60}


def test_the_first_day_of_a_fifth_week_is_found_by_its_date():
    assert recurrence.monthly(date(2026, 12, 29)) == "FREQ=MONTHLY;BYDAY=-1TU"
    assert recurrence.monthly(date(2026, 12, 28)) == "FREQ=MONTHLY;BYDAY=4MO"
