"""Meetings as iCalendar data: a calendar program shows them at the right times."""

# ruff: noqa: DTZ001 - a wall-clock time has no zone

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.kit.dates import local_to_utc
from handlers.meetings.rules import ical, recurrence
from handlers.meetings.rules.ical import CalendarMeeting, CalendarSeries
from tests.calendars import event_starts, parse_events

CHANGED = datetime(2026, 11, 30, 16, tzinfo=UTC)
ZONES = ("America/Denver", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "UTC", "America/Sao_Paulo")
RULES = (
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;INTERVAL=2",
    "FREQ=DAILY;COUNT=40",
    "FREQ=DAILY;UNTIL=20270401",
    "FREQ=DAILY;UNTIL=20270401T065959Z",
    "FREQ=WEEKLY;UNTIL=20270401T093000",
    "FREQ=MONTHLY",
    "monthly",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;WKST=SU",
    "FREQ=YEARLY;BYEASTER=0",
    None,
)


@st.composite
def several_series(draw):
    """Draw a series whose meetings are kept, moved, canceled or missed, and that may be ended."""
    zone = draw(st.sampled_from(ZONES))
    day = draw(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
    clock = draw(st.sampled_from([time(0), time(1, 30), time(2), time(2, 30), time(9), time(14, 15), time(23, 45)]))
    rule = draw(st.sampled_from(RULES))
    rule = recurrence.monthly_rule(day) if rule == "monthly" else rule
    begins = datetime.combine(day, clock)
    walls = recurrence.occurrences(rule, begins, begins, draw(st.integers(1, 20)), zone) or [begins]
    length = draw(st.integers(5, 720))
    meetings = []
    for place, wall in enumerate(walls, start=1):
        at = local_to_utc(wall, zone)
        what = draw(st.sampled_from(["kept", "kept", "kept", "moved", "cancelled", "missed"]))
        if what == "missed" and rule is not None and place < len(walls):
            continue
        start = at + timedelta(minutes=draw(st.integers(-600, 600))) if what == "moved" else at
        meetings.append(CalendarMeeting(place, at, start, start + timedelta(minutes=length), what == "cancelled"))
    ended = rule is not None and draw(st.booleans())
    if ended:
        last = draw(st.integers(0, len(meetings)))
        meetings = [*meetings[:last], *(replace(meeting, cancelled=True) for meeting in meetings[last:])]
    return CalendarSeries(
        "4711", draw(st.integers(0, 9)), "Council", zone, walls[0], rule, length, ended, CHANGED, meetings
    )


def expected(series):
    return sorted(meeting.starts_at for meeting in series.meetings if not meeting.cancelled)


def within(series, found):
    """Leave out the times of the rule after the last meeting that was planned."""
    last = max((meeting.original_at for meeting in series.meetings), default=CHANGED)
    known = set(expected(series))
    return [at for at in found if at <= last or at in known]


@given(several_series())
@settings(max_examples=150, deadline=None)
def test_a_calendar_program_shows_the_meetings_at_their_stored_times(series):
    found = event_starts(ical.render_calendar("Northern Valleys", [series]))
    assert within(series, found) == expected(series)
    if series.ended or series.rule is None:
        assert found == expected(series)


@given(several_series())
@settings(max_examples=50, deadline=None)
def test_rendering_is_repeatable_and_every_event_is_complete(series):
    content = ical.render_calendar("Northern Valleys", [series])
    assert content == ical.render_calendar("Northern Valleys", [series])
    for event in parse_events(content):
        assert event["sequence"] == series.sequence
        assert event["dtstamp"].dt == CHANGED
        assert event["dtend"].dt.astimezone(UTC) > event["dtstart"].dt.astimezone(UTC)
        assert not event.errors
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


@pytest.mark.parametrize("zone", ["America/Denver", "Europe/Berlin"])
def test_the_wall_clock_hour_stays_the_same_when_clocks_change(zone):
    begins = datetime(2027, 3, 1, 14, 0)
    meetings = [
        CalendarMeeting(
            n, local_to_utc(wall, zone), local_to_utc(wall, zone), local_to_utc(wall, zone) + timedelta(hours=1)
        )
        for n, wall in enumerate(recurrence.occurrences("FREQ=WEEKLY", begins, begins, 40, zone), start=1)
    ]
    series = CalendarSeries("1", 0, "Council", zone, begins, "FREQ=WEEKLY", 60, False, CHANGED, meetings)
    content = ical.render_calendar("Northern Valleys", [series])
    found = event_starts(content)[:40]
    assert found == [meeting.starts_at for meeting in meetings]
    assert {at.astimezone(ZoneInfo(zone)).hour for at in found} == {14}
    assert len({at.hour for at in found}) == 2
    assert f"DTSTART;TZID={zone}:20270301T140000".encode() in content
    assert content.count(b"BEGIN:VTIMEZONE") == 1


WEEKS = [datetime(2026, 12, 3, 14, 0) + timedelta(weeks=n) for n in range(3)]


def weekly(*changes, **more):
    """Return the events of three Thursdays in Denver, each kept (0), moved by some hours, or canceled (None)."""
    meetings = []
    for place, (wall, change) in enumerate(zip(WEEKS, changes, strict=True), start=1):
        at = local_to_utc(wall, "America/Denver")
        start = at + timedelta(hours=change or 0)
        meetings.append(CalendarMeeting(place, at, start, start + timedelta(minutes=90), change is None))
    series = CalendarSeries("1", 3, "Council", "America/Denver", WEEKS[0], "FREQ=WEEKLY", 90, False, CHANGED, meetings)
    return parse_events(ical.render_calendar("x", [replace(series, **more)]))


def test_a_moved_meeting_stands_beside_its_series_under_its_original_date():
    master, moved = weekly(0, 24, 0)
    assert master["rrule"].to_ical() == b"FREQ=WEEKLY"
    assert moved["recurrence-id"].dt == WEEKS[1].replace(tzinfo=ZoneInfo("America/Denver"))
    assert moved["dtstart"].dt.astimezone(UTC) == datetime(2026, 12, 11, 21, tzinfo=UTC)
    assert (moved["uid"], moved["sequence"]) == (master["uid"], 3)


def test_a_canceled_meeting_is_marked_for_every_calendar_program():
    _, cancelled = weekly(0, None, 0)
    assert (cancelled["status"], cancelled["transp"]) == ("CANCELLED", "TRANSPARENT")
    assert cancelled["summary"] == "Canceled: Council"


def test_a_series_that_was_ended_ends_with_its_last_meeting():
    (master,) = weekly(0, 0, None, ended=True)
    assert master["rrule"]["UNTIL"] == [local_to_utc(WEEKS[1], "America/Denver")]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        pytest.param("20261217T205959Z", "20261217T205959Z", id="UTC stays as it is"),
        pytest.param("20261217", "20261218T065959Z", id="a day ends with its last second"),
        pytest.param("20261217T140000", "20261217T210000Z", id="an hour is one of the series' zone"),
    ],
)
def test_the_end_of_a_rule_is_written_in_utc(typed, written):
    master, *_ = weekly(0, 0, 0, rule=f"FREQ=WEEKLY;UNTIL={typed}")
    assert master["rrule"].to_ical().decode() == f"FREQ=WEEKLY;UNTIL={written}"


def test_a_series_that_was_canceled_before_it_began_is_canceled_as_a_whole():
    (master,) = weekly(None, None, None, ended=True)
    assert master["status"] == "CANCELLED" and "rrule" not in master


def test_when_all_later_meetings_move_the_earlier_ones_stay():
    old = weekly(0, 0, 0, begins=datetime(2026, 12, 8, 9, 0))
    assert [str(event["uid"]) for event in old] == ["1", "1-1", "1-2", "1-3"]
    assert old[0]["dtstart"].dt.hour == 9


def test_a_series_with_a_count_that_ends_early_loses_its_count():
    (master,) = weekly(0, 0, None, rule="FREQ=WEEKLY;COUNT=3", ended=True)
    assert "COUNT" not in master["rrule"] and "UNTIL" in master["rrule"]


@pytest.mark.parametrize("title", ["Council; a, b\\c", "Reunión de “todos”", "x" * 100, "BEGIN:VEVENT\r\nSUMMARY:no"])
def test_titles_come_back_unchanged(title):
    (event,) = weekly(0, 0, 0, title=title)
    assert str(event["summary"]) == title.replace("\r\n", "\n")


@given(st.text(max_size=120))
@example("\r\nBEGIN:VEVENT")
def test_no_title_creates_a_second_event(title):
    assert len(weekly(0, 0, 0, title=title)) == 1


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;COUNT=5X", "FREQ=WEEKLY;COUNT=5,6", "FREQ=YEARLY;BYMONTH=+12"])
def test_a_series_whose_rule_cannot_be_written_becomes_single_events(rule):
    begins = datetime(2026, 12, 3, 14)
    at = local_to_utc(begins, "America/Denver")
    sick = CalendarSeries(
        "1",
        0,
        "Sick",
        "America/Denver",
        begins,
        rule,
        60,
        ended=False,
        changed_at=CHANGED,
        meetings=[
            CalendarMeeting(1, at, at, at + timedelta(hours=1)),
            CalendarMeeting(2, at + timedelta(days=7), at + timedelta(days=7), at + timedelta(days=7, hours=1)),
        ],
    )
    well = replace(sick, uid="2", title="Well", rule="FREQ=WEEKLY")
    found = event_starts(ical.render_calendar("Northern Valleys", [sick, well]))
    assert found.count(at) == 2
    assert found.count(at + timedelta(days=7)) == 2
