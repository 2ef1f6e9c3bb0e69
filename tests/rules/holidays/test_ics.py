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


ZONE = "America/Denver"


def read(content, zone=ZONE, **more):
    return ics.read(content, TODAY, zone, **more)


def closed(*events, **more):
    return list(read(icalendar(*events).encode(), **more).days)


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
        (
            [timed(";TZID=America/Denver:20261221T080000", ";TZID=America/Denver:20261223T170000")],
            [ClosedDays(date(2026, 12, 22), date(2026, 12, 22))],
        ),
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


@pytest.mark.parametrize(
    ("begins", "ends", "filled"),
    [
        ("20270308T120000", "20270312T120000", (9, 11)),
        ("20270305T170000", "20270308T080000", (6, 7)),
        ("20270308T000000", "20270312T120000", (8, 11)),
        ("20270308T120000", "20270312T000000", (9, 11)),
        ("20270308T120000", "20270309T120000", None),
        ("20270308T120000Z", "20270310T120000Z", (9, 9)),
    ],
)
def test_an_event_with_hours_at_its_edges_closes_the_days_that_it_fills(begins, ends, filled):
    expected = [ClosedDays(*(date(2027, 3, day) for day in filled))] if filled else []
    assert closed(timed(f":{begins}", f":{ends}")) == expected


def test_an_event_that_the_file_has_in_a_newer_version_counts_once():
    def version(day, title, *more):
        return all_day_event(day, "", title, *more).replace(f"UID:{day}--{title}", "UID:a")

    first = version("20270315", "Snow day", "SEQUENCE:0")
    moved = version("20270322", "Snow day", "SEQUENCE:1")
    gone = version("20270315", "Snow day", "SEQUENCE:2", "STATUS:CANCELLED")
    same = version("20270329", "Another", "SEQUENCE:1")
    assert firsts(first, moved) == ["2027-03-22"]
    assert firsts(moved, first) == ["2027-03-22"]
    assert firsts(first, gone) == []
    assert firsts(moved, same) == ["2027-03-22", "2027-03-29"], "programs that give many events one UID"


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


def test_a_moved_or_canceled_event_of_a_series_replaces_the_original_day():
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
    assert read(b"\xef\xbb\xbf" + text.encode()).days == [WINTER]


# whole days that are written with hours ----------------------------------------------------------------

ON_MONDAY = ["Mon 21"]
"""21 December 2026 is a Monday."""

FLAG = "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"

WITH_HOURS = [
    pytest.param(":20261221T000000", ":20261221T235900", [], ON_MONDAY, id="to 23:59"),
    pytest.param(":20261221T000000", ":20261221T235959", [], ON_MONDAY, id="to 23:59:59"),
    pytest.param(":20261221T000000", ":20261221T235960", [], ON_MONDAY, id="to a leap second"),
    pytest.param(":20261221T000000", ":20261221T240000", [], ON_MONDAY, id="to 24:00:00"),
    pytest.param(":20261221T000000", ":20261222T000000", [], ON_MONDAY, id="to midnight"),
    pytest.param(":20261221T000000", ":20261221T235800", [], [], id="to 23:58"),
    pytest.param(":20261221T000100", ":20261221T235900", [], [], id="from 00:01"),
    pytest.param(":20261220T240000", ":20261221T240000", [], ON_MONDAY, id="from 24:00:00 to 24:00:00"),
    pytest.param(":20261221T000000", ":20261222T235900", [], ["Mon 21", "Tue 22"], id="two days to 23:59"),
    pytest.param(":20261221T000000", ";VALUE=DATE:20261222", [], ON_MONDAY, id="to a day"),
    pytest.param(";VALUE=DATE:20261221", ":20261222T070000Z", [], ON_MONDAY, id="a day to a time in UTC"),
    pytest.param(";VALUE=DATE:20261221", ":20261221T235959", [], ON_MONDAY, id="a day to 23:59:59"),
    pytest.param(";VALUE=DATE:20261221T000000", ";VALUE=DATE:20261222T000000", [], ON_MONDAY, id="days with an hour"),
    pytest.param(";TZID=Europe/Berlin:20261221T000000", ":20261221T230000Z", [], ON_MONDAY, id="zoned, ends in UTC"),
    pytest.param(
        ";TZID=Europe/Berlin:20261221T000000",
        ";TZID=America/New_York:20261221T180000",
        [],
        ON_MONDAY,
        id="zoned, ends in another zone",
    ),
    pytest.param(
        ";TZID=Europe/Berlin:20261221T000000", ":20261222T000000", [], ON_MONDAY, id="zoned, ends without a zone"
    ),
    pytest.param(":20261221T070000Z", ":20261222T070000Z", [], ON_MONDAY, id="UTC, at the agency's midnight"),
    pytest.param(":20261221T070000Z", ":20261222T065900Z", [], ON_MONDAY, id="UTC, to the agency's 23:59"),
    pytest.param(":20261221T000000Z", ":20261222T000000Z", [], ON_MONDAY, id="UTC, at its own midnight"),
    pytest.param(":20261221T080000Z", ":20261222T080000Z", [], [], id="UTC, at no midnight"),
    pytest.param(":20261221T090000Z", ":20261222T090000Z", [FLAG], ON_MONDAY, id="flagged, at no midnight"),
    pytest.param(":20261221T070000Z", ":20261223T070000Z", [FLAG], ["Mon 21", "Tue 22"], id="flagged, two days"),
    pytest.param(":20261221T000000", ":20261221T000000", [FLAG], ON_MONDAY, id="flagged, without a length"),
    pytest.param(
        ":20261221T090000", ":20261221T100000", ["X-MICROSOFT-CDO-ALLDAYEVENT:FALSE"], [], id="flagged as not all day"
    ),
    pytest.param(";TZID=America/Denver:20270314T000000", ":20270315T060000Z", [], ["Sun 14"], id="a day of 23 hours"),
    pytest.param(";TZID=America/Denver:20261101T000000", ":20261102T070000Z", [], [], id="a day of 25 hours, past"),
    pytest.param(";TZID=America/Denver:20271107T000000", ":20271108T070000Z", [], ["Sun 7"], id="a day of 25 hours"),
]


@pytest.mark.parametrize(("begins", "ends", "more", "expected"), WITH_HOURS)
def test_whole_days_written_with_hours_close_the_day(begins, ends, more, expected):
    days = [
        d.first + timedelta(days=n)
        for d in closed(timed(begins, ends, *more))
        for n in range((d.last - d.first).days + 1)
    ]
    assert [f"{day:%a} {day.day}" for day in days] == expected


def test_times_in_utc_are_read_on_the_clock_that_the_calendar_names():
    event = timed(":20261220T230000Z", ":20261221T225900Z")
    assert firsts("X-WR-TIMEZONE:Europe/Berlin", event) == ["2026-12-21"]
    assert firsts("X-WR-TIMEZONE:W. Europe Standard Time", event) == ["2026-12-21"]
    assert firsts("X-WR-TIMEZONE:Nowhere", event) == []
    assert firsts(event) == []


def test_each_calendar_of_a_file_has_its_own_clock():
    event = timed(":20261220T230000Z", ":20261221T230000Z")
    named = icalendar("X-WR-TIMEZONE:Europe/Berlin", event)
    assert [
        str(d.first)
        for d in read((named + icalendar(event.replace("1220T", "1222T").replace("1221T", "1223T"))).encode()).days
    ] == ["2026-12-21"]


# the text of a file ------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\r"], ids=ascii)
def test_only_crlf_or_lf_ends_a_line(sign):
    event = all_day_event(
        "20261221", "20270105", f"Winter{sign} break", f"DESCRIPTION:x{sign}END:VEVENT{sign}DTSTART:1"
    )
    (days,) = closed(event)
    assert (days.first, days.last) == (WINTER.first, WINTER.last)
    assert days.label.split() == ["Winter", "break"] or days.label == "Winter break"


def test_a_line_may_be_folded_within_a_character():
    content = icalendar(all_day_event("20261221", "", "Fête d’hiver")).encode()
    for sign in ("ê".encode(), "’".encode()):
        for place in range(1, len(sign)):
            folded = content.replace(sign, sign[:place] + b"\r\n " + sign[place:])
            assert [days.label for days in read(folded).days] == ["Fête d’hiver"]


ENCODINGS = ("utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be")


@pytest.mark.parametrize("ends", ["\r\n", "\n"], ids=["CRLF", "LF"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_encoding_of_a_file_is_recognized(encoding, ends):
    content = icalendar(all_day_event("20261221", "", "Fête d'hiver à Zürich")).replace("\r\n", ends)
    assert [days.label for days in read(content.encode(encoding)).days] == ["Fête d'hiver à Zürich"]
    marked = b"\xff\xfe" if encoding == "utf-16-le" else b"\xfe\xff" if encoding == "utf-16-be" else b""
    assert [days.label for days in read(marked + content.encode(encoding)).days] == ["Fête d'hiver à Zürich"]


def test_one_broken_character_does_not_change_the_others():
    content = icalendar(all_day_event("20261221", "", "Fête"), all_day_event("20261222", "", "x@y")).encode()
    assert [days.label for days in read(content.replace(b"@", b"\xff")).days] == ["Fête", "x\ufffdy"]


# one bad event -----------------------------------------------------------------------------------------

BAD = [
    pytest.param(all_day_event("20261232", "", "Bad"), "it is broken", id="an impossible day"),
    pytest.param(all_day_event("20261221", "20261299", "Bad"), "it is broken", id="an impossible last day"),
    pytest.param(all_day_event("20261221", "", "Bad", "DTSTART:soon"), None, id="a second beginning"),
    pytest.param(timed(":soon", ":later", "SUMMARY:Bad"), "it is broken", id="words for days"),
    pytest.param(
        all_day_event("20261221", "", "Bad", "RRULE:FREQ=SECONDLY"), "I cannot follow how it repeats", id="every second"
    ),
    pytest.param(
        all_day_event("20261221", "", "Bad", "RRULE:FREQ=YEARLY;BYMONTH=99"),
        "I cannot follow how it repeats",
        id="a month that does not exist",
    ),
    pytest.param(
        all_day_event("20261221", "", "Bad", "RRULE:FREQ=YEARLY;X-MOON=FULL"),
        "I cannot follow how it repeats",
        id="an unknown part",
    ),
    pytest.param(
        all_day_event("20261221", "", "Bad", "RRULE:FREQ=WEEKLY;BYDAY=XX"),
        "it is broken",
        id="a weekday that does not exist",
    ),
    pytest.param(
        all_day_event("20261221", "", "Bad", "RRULE:FREQ=WEEKLY;UNTIL=SOON"), "it is broken", id="an end that is no day"
    ),
    pytest.param(all_day_event("20261221", "", "Bad", "RRULE:"), "I cannot follow how it repeats", id="an empty rule"),
    pytest.param(all_day_event("20261221", "", "Bad", "EXDATE:20261232"), "it is broken", id="an impossible exception"),
    pytest.param(all_day_event("20261221", "", "Bad", "RDATE:P1D"), "it is broken", id="a length for a day"),
    pytest.param(all_day_event("20261221", "", "Bad", "RECURRENCE-ID:x"), "it is broken", id="an exception to nothing"),
    pytest.param(all_day_event("20261221", "", "Bad", "DURATION:x"), "it is broken", id="a length that is none"),
    pytest.param(all_day_event("20261221", "", "Bad", "DTEND"[:5] + ";;=:x"), "it is broken", id="a line that is none"),
    pytest.param(
        all_day_event("20261221", "", "Bad", "RDATE:" + ",".join(["20270101"] * 100_000)),
        "it has too many dates",
        id="a flood of dates",
    ),
    pytest.param(all_day_event("20261221", "20281221", "Bad"), "it lasts longer than a year", id="longer than a year"),
    pytest.param(all_day_event("20261221", "", "Bad", "BEGIN:VALARM"), "it is broken", id="an alarm without an end"),
    pytest.param(all_day_event("20261221", "", "Bad", "END:VALARM"), "it is broken", id="an alarm without a beginning"),
    pytest.param(
        all_day_event("20261221", "", "Bad").removesuffix("END:VEVENT"), "it is broken", id="an event without an end"
    ),
]


@pytest.mark.parametrize(("bad", "why"), BAD)
def test_one_bad_event_does_not_cost_the_others(bad, why):
    before, after = all_day_event("20261204", "", "Before"), all_day_event("20270205", "", "After")
    reading = read(icalendar(before, bad, after).encode())
    labels = [days.label for days in reading.days]
    assert labels == (["Before", "After"] if why else ["Before", "Bad", "After"])
    assert [(event.title, event.why) for event in reading.left_out] == ([("Bad", why)] if why else [])


@pytest.mark.parametrize("day", ["00010101", "99991231"])
@pytest.mark.parametrize("onward", ["", ";RANGE=THISANDFUTURE"])
def test_a_bad_replacement_does_not_cost_its_series(day, onward):
    series = "BEGIN:VEVENT\r\nUID:a\r\nDTSTART;VALUE=DATE:20261204\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nEND:VEVENT"
    replacement = (
        f"BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID;VALUE=DATE{onward}:{day}\r\nDTSTART;VALUE=DATE:20261205\r\nEND:VEVENT"
    )
    reading = read(icalendar(series, replacement).encode())
    assert [days.first.day for days in reading.days] == [4, 11, 18]
    assert len(reading.left_out) == 1


def test_a_bad_rule_of_an_event_with_hours_is_not_mentioned():
    event = timed(":20261221T080000", ":20261221T090000", "RRULE:FREQ=HOURLY")
    assert read(icalendar(event, all_day_event("20261221")).encode()).left_out == []


def test_a_file_of_which_nothing_can_be_read_is_refused():
    with pytest.raises(Unreadable) as refused:
        closed(all_day_event("20261232"), all_day_event("20261221", "", "", "RRULE:FREQ=SECONDLY"))
    assert refused.value.sentence == "I cannot read any of its events. Export the calendar again, or type the days."


def test_a_label_is_cleaned_and_cut():
    (days,) = closed(all_day_event("20261221", "", "x\u202e" + "y" * 500))
    assert len(days.label) == 120
    assert "\u202e" not in days.label


HOSTILE = {
    "a very long rule": icalendar(
        all_day_event("20261221", "", "", "RRULE:FREQ=YEARLY;BYMONTHDAY=" + ",".join(["1"] * 900_000))
    ).encode(),
    "nothing": b"",
    "not a calendar": b"hello",
    "a web page": b"<!DOCTYPE html><html><body>Sign in</body></html>",
    "noise": bytes(range(256)) * 100,
    "cut off": icalendar(all_day_event("20261221")).encode()[:-30],
    "endless nesting": b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 50_000,
    "too large": icalendar().encode() + b"x" * 2_000_000,
    "too many events": icalendar(*[all_day_event("20261221")] * 5_001).encode(),
    "too many lines": icalendar(all_day_event("20261221", "", "", *["RRULE:FREQ=DAILY"] * 50_000)).encode(),
    "an impossible day": icalendar(all_day_event("20261232")).encode(),
    "every second": icalendar(all_day_event("20261221", "", "", "RRULE:FREQ=SECONDLY")).encode(),
    "every hour": icalendar(all_day_event("20261221", "", "", "RRULE:FREQ=HOURLY;COUNT=999999999")).encode(),
    "a flood of dates": icalendar(
        all_day_event("20261221", "", "", "RDATE:" + ",".join(["20270101"] * 100_000))
    ).encode(),
    "a nonsense rule": icalendar(all_day_event("20261221", "", "", "RRULE:FREQ=YEARLY;BYMONTH=99")).encode(),
    "an interval of zero": icalendar(all_day_event("20261221", "", "", "RRULE:FREQ=DAILY;INTERVAL=0")).encode(),
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
        read(HOSTILE[name], seconds=1)
    assert refused.value.sentence.endswith(".")


def test_series_without_any_day_cost_little():
    never = ("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "RRULE:FREQ=DAILY;BYMONTH=4;BYMONTHDAY=31")
    events = [all_day_event("20261221", "", "", rule) for rule in never for _ in range(5)]
    assert closed(*events, seconds=60) == [ClosedDays(date(2026, 12, 21), date(2026, 12, 21))]


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
            read(prefix + content, seconds=1)
        except Unreadable:
            continue
