"""Calendar files: which events close days, and which files are refused."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.holidays.rules import ics
from handlers.kit.fetch import Unreadable
from storage.vocabulary import ClosedDays
from tests.loopback import all_day_event, icalendar

TODAY = date(2026, 11, 30)
WINTER = ClosedDays(date(2026, 12, 21), date(2027, 1, 4), "Winter break")


def closed(*events, **more):
    return ics.closed(icalendar(*events).encode(), TODAY, **more)


def timed(begins, ends, *more):
    return "\r\n".join(["BEGIN:VEVENT", "UID:1", f"DTSTART{begins}", f"DTEND{ends}", *more, "END:VEVENT"])


def firsts(*events):
    return [str(days.first) for days in closed(*events)]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([all_day_event("20261221", "20270105", "Winter break")], [WINTER]),
        ([all_day_event("20261221", "20261222")], [ClosedDays(date(2026, 12, 21), date(2026, 12, 21))]),
        ([all_day_event("20261221")], [ClosedDays(date(2026, 12, 21), date(2026, 12, 21))]),
        ([all_day_event("20261221", "20261221")], [ClosedDays(date(2026, 12, 21), date(2026, 12, 21))]),
        ([all_day_event("20261221", "", "", "DURATION:P2D")], [ClosedDays(date(2026, 12, 21), date(2026, 12, 22))]),
        ([all_day_event("20261221", "20270105", "Winter break")] * 2, [WINTER]),
        ([timed(":20261221T000000", ":20261223T000000")], [ClosedDays(date(2026, 12, 21), date(2026, 12, 22))]),
        ([timed(":20261221T080000Z", ":20261221T170000Z")], []),
        ([timed(";TZID=America/Denver:20261221T080000", ";TZID=America/Denver:20261223T170000")], []),
        ([timed(":20261221T000000", ":20261221T120000")], []),
        ([all_day_event("20261101", "20261130")], []),
        ([all_day_event("20261101", "20261201", "Begun")], [ClosedDays(date(2026, 11, 1), TODAY, "Begun")]),
        ([all_day_event("20280601")], []),
        ([all_day_event("20280530")], [ClosedDays(date(2028, 5, 30), date(2028, 5, 30))]),
        ([all_day_event("20261221", "20270105", "", "STATUS:CANCELLED")], []),
        ([all_day_event("20261221", "20281221")], []),
        ([all_day_event("16010101")], []),
        ([all_day_event("20261221", "20261220")], [ClosedDays(date(2026, 12, 21), date(2026, 12, 21))]),
        (["BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT"], []),
    ],
)
def test_all_day_events_close_days_and_events_with_hours_do_not(events, expected):
    assert closed(*events) == expected


def test_a_series_is_followed_with_its_exceptions():
    yearly = all_day_event("20201221", "20210105", "Winter break", "RRULE:FREQ=YEARLY")
    assert closed(yearly) == [WINTER, ClosedDays(date(2027, 12, 21), date(2028, 1, 4), "Winter break")]
    assert firsts(all_day_event("20261204", "", "", "RRULE:FREQ=WEEKLY;COUNT=3")) == [
        "2026-12-04",
        "2026-12-11",
        "2026-12-18",
    ]
    left_out = all_day_event("20261204", "", "", "RRULE:FREQ=WEEKLY;UNTIL=20261218", "EXDATE;VALUE=DATE:20261211")
    assert firsts(left_out) == ["2026-12-04", "2026-12-18"]
    assert firsts(all_day_event("20261204", "", "", "RDATE;VALUE=DATE:20261208,20261210")) == [
        "2026-12-04",
        "2026-12-08",
        "2026-12-10",
    ]
    monday = all_day_event("20260907", "", "Labor Day", "RRULE:FREQ=YEARLY;BYMONTH=9;BYDAY=1MO")
    assert firsts(monday) == ["2027-09-06"]


def test_a_moved_or_cancelled_event_of_a_series_replaces_the_original_day():
    series = "BEGIN:VEVENT\r\nUID:a\r\nDTSTART;VALUE=DATE:20261204\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nEND:VEVENT"
    instead = "BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID;VALUE=DATE:{}\r\nDTSTART;VALUE=DATE:{}\r\n{}END:VEVENT"
    moved = instead.format("20261211", "20261214", "")
    gone = instead.format("20261218", "20261218", "STATUS:CANCELLED\r\n")
    assert firsts(series, moved, gone) == ["2026-12-04", "2026-12-14"]


def test_folded_lines_alarms_time_zones_and_other_parts_are_ignored():
    zone = "BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nEND:STANDARD\r\nEND:VTIMEZONE"
    alarm = "BEGIN:VALARM\r\nTRIGGER:-PT1H\r\nDTSTART;VALUE=DATE:20270101\r\nEND:VALARM"
    folded = all_day_event("20261221", "20270105", "Winter\r\n  break", alarm, "X-ODD;A=B:c", "nonsense")
    todo = "BEGIN:VTODO\r\nDTSTART;VALUE=DATE:20270201\r\nEND:VTODO"
    assert closed(zone, folded, todo) == [WINTER]
    text = icalendar(folded).replace("\r\n", "\n")
    assert ics.closed(b"\xef\xbb\xbf" + text.encode(), TODAY) == [WINTER]


def test_a_label_is_cleaned_and_cut():
    (days,) = closed(all_day_event("20261221", "", "x\u202e" + "y" * 500))
    assert len(days.label) == 120
    assert "\u202e" not in days.label


HOSTILE = {
    "nothing": b"",
    "not a calendar": b"hello",
    "a web page": b"<!DOCTYPE html><html><body>Sign in</body></html>",
    "noise": bytes(range(256)) * 100,
    "cut off": icalendar(all_day_event("20261221")).encode()[:-30],
    "an end without a beginning": b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    "endless nesting": b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 50_000,
    "too large": icalendar().encode() + b"x" * 2_000_000,
    "too many events": icalendar(*[all_day_event("20261221")] * 5_001).encode(),
    "too many lines": icalendar(all_day_event("20261221", "", "", *["RRULE:FREQ=DAILY"] * 50_000)).encode(),
    "an impossible day": icalendar(all_day_event("20261232"), all_day_event("20261221")).encode(),
    "every second": icalendar(all_day_event("20261221", "", "", "RRULE:FREQ=SECONDLY")).encode(),
    "every hour": icalendar(all_day_event("20261221", "", "", "RRULE:FREQ=HOURLY;COUNT=999999999")).encode(),
    "a flood of dates": icalendar(
        all_day_event("20261221", "", "", "RDATE:" + ",".join(["20270101"] * 100_000))
    ).encode(),
    "a nonsense rule": icalendar(all_day_event("20261221", "", "", "RRULE:FREQ=YEARLY;BYMONTH=99")).encode(),
    "an interval of zero": icalendar(all_day_event("20261221", "", "", "RRULE:FREQ=DAILY;INTERVAL=0")).encode(),
    "series without any day": icalendar(
        *[all_day_event("20261221", "", "", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")] * 1_000
    ).encode(),
    "too many days": icalendar(
        *[
            all_day_event("20261221", f"2027{m:02}{d:02}", "", "RRULE:FREQ=DAILY")
            for m in range(1, 7)
            for d in range(1, 28)
        ]
    ).encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_with_a_sentence(name):
    with pytest.raises(Unreadable) as refused:
        ics.closed(HOSTILE[name], TODAY, seconds=1)
    assert refused.value.sentence.endswith(".")


def test_a_huge_count_costs_no_more_than_the_days_in_the_window():
    days = closed(all_day_event("20261221", "", "", "RRULE:FREQ=DAILY;COUNT=999999999"))
    assert days[-1].last == date(2028, 5, 30)
    assert closed(all_day_event("19700101", "", "", "RRULE:FREQ=DAILY"))[0].first == TODAY


dates = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(st.lists(st.tuples(dates, st.integers(1, 300)), max_size=8))
def test_each_event_closes_exactly_its_days_within_the_window(events):
    calendar_events = [all_day_event(f"{first:%Y%m%d}", f"{first + timedelta(days=n):%Y%m%d}") for first, n in events]
    wanted = {(first, first + timedelta(days=n - 1)) for first, n in events}
    until = TODAY + ics.WINDOW
    assert [(d.first, d.last) for d in closed(*calendar_events)] == sorted(
        w for w in wanted if w[0] <= until and w[1] >= TODAY
    )


parts = st.lists(
    st.sampled_from(
        ["BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "END:VALARM", "DTSTART;VALUE=DATE:20261221", "DTSTART:x",
         "DTEND;VALUE=DATE:20261224", "DTEND:20261224T000000Z", "RRULE:FREQ=DAILY", "RRULE:FREQ=", "RRULE:COUNT=2",
         "RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=4", "RDATE;VALUE=PERIOD:20261201T000000Z/P1D", "RDATE:",
         "EXDATE:20261222", "DURATION:-P1D", "DURATION:P9999999D", "SUMMARY:a", "SUMMARY:b", "UID:1",
         "RECURRENCE-ID:20261222", "STATUS:CANCELLED",
         ":", ";", "DTSTART;TZID=Nowhere/At:20261221T000000", "RRULE:FREQ=WEEKLY;UNTIL=99999999"]
    ),
    max_size=14,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(parts, st.booleans())
def test_any_lines_are_parsed_or_refused(lines, wrapped):
    events = ["BEGIN:VEVENT", *lines, "END:VEVENT"] if wrapped else lines
    try:
        parsed = closed(*events, seconds=1)
    except Unreadable:
        return
    assert all(days.first <= days.last and days.last >= TODAY for days in parsed)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_parsed_or_refused(content):
    for prefix in (b"", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"):
        try:
            ics.closed(prefix + content, TODAY, seconds=1)
        except Unreadable:
            continue
