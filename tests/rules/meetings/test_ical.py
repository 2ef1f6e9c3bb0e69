"""Meetings in calendars: what a calendar program makes of them is when they take place."""

# ruff: noqa: DTZ001 - what a wall clock shows has no zone

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.kit.dates import local
from handlers.meetings.rules import ical, recurrence
from handlers.meetings.rules.ical import Occasion, Plan
from tests.calendars import parsed, starts

CHANGED = datetime(2026, 11, 30, 16, tzinfo=UTC)
ZONES = ("America/Denver", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "UTC", "America/Sao_Paulo")
RULES = (
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;INTERVAL=2",
    "FREQ=DAILY;COUNT=40",
    "FREQ=DAILY;UNTIL=20270401",
    "FREQ=MONTHLY",
    "monthly",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;WKST=SU",
    "FREQ=YEARLY;BYEASTER=0",
    None,
)


@st.composite
def plans(draw):
    """Make series as they come to be: planned three ahead, moved, cancelled, left out, ended."""
    zone = draw(st.sampled_from(ZONES))
    day = draw(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
    clock = draw(st.sampled_from([time(0), time(1, 30), time(2), time(2, 30), time(9), time(14, 15), time(23, 45)]))
    rule = draw(st.sampled_from(RULES))
    rule = recurrence.monthly(day) if rule == "monthly" else rule
    begins = datetime.combine(day, clock)
    walls = recurrence.following(rule, begins, begins, draw(st.integers(1, 20))) or [begins]
    length = draw(st.integers(5, 720))
    made = []
    for place, wall in enumerate(walls, start=1):
        at = local(wall, zone)
        what = draw(st.sampled_from(["kept", "kept", "kept", "moved", "cancelled", "missed"]))
        if what == "missed" and rule is not None and place < len(walls):
            continue
        start = at + timedelta(minutes=draw(st.integers(-600, 600))) if what == "moved" else at
        made.append(Occasion(place, at, start, start + timedelta(minutes=length), what == "cancelled"))
    ended = rule is not None and draw(st.booleans())
    if ended:
        last = draw(st.integers(0, len(made)))
        made = [*made[:last], *(replace(one, cancelled=True) for one in made[last:])]
    return Plan("4711", draw(st.integers(0, 9)), "Council", zone, walls[0], rule, length, ended, CHANGED, made)


def expected(plan):
    return sorted(one.starts_at for one in plan.occasions if not one.cancelled)


def within(plan, found):
    """Leave out what the rule goes on with after the last meeting that was planned."""
    last = max((one.original_at for one in plan.occasions), default=CHANGED)
    known = set(expected(plan))
    return [at for at in found if at <= last or at in known]


@given(plans())
@settings(max_examples=150, deadline=None)
def test_a_calendar_program_finds_the_meetings_where_the_rows_have_them(plan):
    found = starts(ical.calendar("Northern Valleys", [plan]))
    assert within(plan, found) == expected(plan)
    if plan.ended or plan.rule is None:
        assert found == expected(plan)


@given(plans())
@settings(max_examples=50, deadline=None)
def test_a_calendar_is_the_same_as_long_as_nothing_has_changed_and_every_event_is_whole(plan):
    content = ical.calendar("Northern Valleys", [plan])
    assert content == ical.calendar("Northern Valleys", [plan])
    for event in parsed(content):
        assert event["sequence"] == plan.sequence
        assert event["dtstamp"].dt == CHANGED
        assert event["dtend"].dt.astimezone(UTC) > event["dtstart"].dt.astimezone(UTC)
        assert not event.errors
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


@pytest.mark.parametrize("zone", ["America/Denver", "Europe/Berlin"])
def test_the_hour_on_the_wall_stays_when_clocks_are_changed(zone):
    begins = datetime(2027, 3, 1, 14, 0)
    occasions = [
        Occasion(n, local(wall, zone), local(wall, zone), local(wall, zone) + timedelta(hours=1))
        for n, wall in enumerate(recurrence.following("FREQ=WEEKLY", begins, begins, 40), start=1)
    ]
    plan = Plan("1", 0, "Council", zone, begins, "FREQ=WEEKLY", 60, False, CHANGED, occasions)
    content = ical.calendar("Northern Valleys", [plan])
    found = starts(content)[:40]
    assert found == [one.starts_at for one in occasions]
    assert {at.astimezone(ZoneInfo(zone)).hour for at in found} == {14}
    assert len({at.hour for at in found}) == 2
    assert f"DTSTART;TZID={zone}:20270301T140000".encode() in content
    assert content.count(b"BEGIN:VTIMEZONE") == 1


WEEKS = [datetime(2026, 12, 3, 14, 0) + timedelta(weeks=n) for n in range(3)]


def weekly(*changes, **more):
    """Three Thursdays in Denver, each kept, moved by some hours, or cancelled."""
    made = []
    for place, (wall, change) in enumerate(zip(WEEKS, changes, strict=True), start=1):
        at = local(wall, "America/Denver")
        start = at + timedelta(hours=change or 0)
        made.append(Occasion(place, at, start, start + timedelta(minutes=90), change is None))
    plan = Plan("1", 3, "Council", "America/Denver", WEEKS[0], "FREQ=WEEKLY", 90, False, CHANGED, made)
    return parsed(ical.calendar("x", [replace(plan, **more)]))


def test_a_moved_meeting_stands_beside_its_series_under_the_date_it_had():
    master, moved = weekly(0, 24, 0)
    assert master["rrule"].to_ical() == b"FREQ=WEEKLY"
    assert moved["recurrence-id"].dt == WEEKS[1].replace(tzinfo=ZoneInfo("America/Denver"))
    assert moved["dtstart"].dt.astimezone(UTC) == datetime(2026, 12, 11, 21, tzinfo=UTC)
    assert (moved["uid"], moved["sequence"]) == (master["uid"], 3)


def test_a_cancelled_meeting_says_so_in_every_program():
    _, cancelled = weekly(0, None, 0)
    assert (cancelled["status"], cancelled["transp"]) == ("CANCELLED", "TRANSPARENT")
    assert cancelled["summary"] == "Cancelled: Council"


def test_a_series_that_was_ended_ends_with_its_last_meeting():
    (master,) = weekly(0, 0, None, ended=True)
    assert master["rrule"]["UNTIL"] == [local(WEEKS[1], "America/Denver")]


def test_a_series_that_was_cancelled_before_it_began_is_cancelled_as_a_whole():
    (master,) = weekly(None, None, None, ended=True)
    assert master["status"] == "CANCELLED" and "rrule" not in master


def test_meetings_before_all_later_ones_were_moved_stay_where_they_were():
    old = weekly(0, 0, 0, begins=datetime(2026, 12, 8, 9, 0))
    assert [str(event["uid"]) for event in old] == ["1", "1-1", "1-2", "1-3"]
    assert old[0]["dtstart"].dt.hour == 9


def test_a_rule_with_a_number_of_times_that_was_ended_early_has_no_number_any_more():
    (master,) = weekly(0, 0, None, rule="FREQ=WEEKLY;COUNT=3", ended=True)
    assert "COUNT" not in master["rrule"] and "UNTIL" in master["rrule"]


@pytest.mark.parametrize("title", ["Council; a, b\\c", "Reunión de “todos”", "x" * 100, "BEGIN:VEVENT\r\nSUMMARY:no"])
def test_titles_come_back_as_they_were_written(title):
    (event,) = weekly(0, 0, 0, title=title)
    assert str(event["summary"]) == title.replace("\r\n", "\n")


@given(st.text(max_size=120))
@example("\r\nBEGIN:VEVENT")
def test_whatever_a_title_holds_it_makes_no_second_event(title):
    assert len(weekly(0, 0, 0, title=title)) == 1


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;COUNT=5X", "FREQ=WEEKLY;COUNT=5,6", "FREQ=YEARLY;BYMONTH=+12"])
def test_a_series_whose_rule_cannot_be_written_is_written_meeting_by_meeting(rule):
    begins = datetime(2026, 12, 3, 14)
    at = local(begins, "America/Denver")
    sick = Plan(
        "1",
        0,
        "Sick",
        "America/Denver",
        begins,
        rule,
        60,
        ended=False,
        changed_at=CHANGED,
        occasions=[
            Occasion(1, at, at, at + timedelta(hours=1)),
            Occasion(2, at + timedelta(days=7), at + timedelta(days=7), at + timedelta(days=7, hours=1)),
        ],
    )
    well = replace(sick, uid="2", title="Well", rule="FREQ=WEEKLY")
    found = starts(ical.calendar("Northern Valleys", [sick, well]))
    assert found.count(at) == 2
    assert found.count(at + timedelta(days=7)) == 2
