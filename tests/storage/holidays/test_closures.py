"""Closures: closed days of all agencies at once, replacement by a new reading, and deletion."""

from datetime import date, timedelta

import pytest

from storage import agencies, closures, consortia, vocabulary
from storage.closures import Closure, ClosureCalendar
from storage.members import Member
from storage.vocabulary import CalendarKind, ClosedDays, ClosureSource
from tests.town import START

DECEMBER = date(2026, 12, 1)


def days(*numbers):
    return {date(2026, 12, number) for number in numbers}


@pytest.fixture
def two_agencies(db):
    """Return a consortium and two of its agencies."""
    with db.begin() as session:
        consortium = consortia.create(session, "T1", "Northern Valleys", "UTC", START)
        elm, birch = (agencies.add(session, consortium.id, name, START) for name in ("Elm", "Birch"))
    return consortium, elm, birch


def test_closed_days_of_all_agencies_are_limited_to_the_requested_range(db, two_agencies):
    consortium, elm, birch = two_agencies
    with db.begin() as session:
        other = consortia.create(session, "T2", "Southern Valleys", "UTC", START)
        stranger = agencies.add(session, other.id, "Fir", START)
        for agency, begins, ends in (
            (elm, date(2026, 11, 20), date(2026, 12, 2)),
            (elm, date(2026, 12, 2), date(2026, 12, 3)),
            (elm, date(2026, 12, 30), date(2027, 1, 4)),
            (birch, date(2027, 2, 1), date(2027, 2, 1)),
            (stranger, date(2026, 12, 1), date(2026, 12, 31)),
        ):
            closures.add(session, agency.id, ClosureSource.TYPED, [ClosedDays(begins, ends)])
    with db.read() as session:
        closed = closures.closed_days(session, consortium.id, DECEMBER, date(2026, 12, 31))
        assert closed == {elm.id: days(1, 2, 3, 30, 31)}
        assert closures.closed_days(session, consortium.id, DECEMBER, DECEMBER) == {elm.id: days(1)}
        assert closures.closed_days(session, consortium.id, date(2026, 12, 10), DECEMBER) == {}


def test_the_same_range_is_stored_once_for_each_source(db, two_agencies):
    _, elm, _ = two_agencies
    winter = ClosedDays(DECEMBER, DECEMBER, "Winter")
    with db.begin() as session:
        for source in (ClosureSource.TYPED, ClosureSource.TYPED, ClosureSource.FILE):
            closures.add(session, elm.id, source, [winter, winter])
        assert closures.count(session, elm.id) == 2


def test_a_new_reading_replaces_the_calendar_s_days_but_not_typed_or_past_ones(db, two_agencies):
    _, elm, birch = two_agencies
    past = ClosedDays(date(2026, 11, 1), date(2026, 11, 2), "Past")
    old = ClosedDays(date(2026, 11, 29), date(2026, 12, 2), "Begun")
    with db.begin() as session:
        closures.add(session, elm.id, ClosureSource.TYPED, [ClosedDays(date(2026, 12, 9), date(2026, 12, 9), "Typed")])
        closures.add(session, elm.id, ClosureSource.CALENDAR, [past, old])
        closures.add(session, birch.id, ClosureSource.CALENDAR, [old])
        closures.replace_from_calendar(
            session, elm.id, [ClosedDays(date(2026, 12, 24), date(2026, 12, 25), "New")], {}, DECEMBER
        )
    with db.read() as session:
        assert [c.label for c in closures.list_coming(session, elm.id, DECEMBER)] == ["Typed", "New"]
        assert [c.label for c in closures.list_coming(session, elm.id, date(2026, 11, 1))] == ["Past", "Typed", "New"]
        assert [c.label for c in closures.list_coming(session, birch.id, DECEMBER)] == ["Begun"]


def test_only_its_own_agency_finds_a_closure(db, two_agencies):
    _, elm, birch = two_agencies
    with db.begin() as session:
        closures.add(session, elm.id, ClosureSource.TYPED, [ClosedDays(DECEMBER, DECEMBER, "x" * 300)])
    with db.begin() as session:
        closure = closures.list_coming(session, elm.id, DECEMBER)[0]
        assert len(closure.label) == vocabulary.LONGEST_LABEL
        assert closures.find(session, birch.id, closure.id) is None
        closures.delete_closure(session, closure)
    with db.read() as session:
        assert session.get(Closure, closure.id) is None


def test_calendars_are_read_one_by_one_longest_overdue_first(db, two_agencies):
    consortium, elm, birch = two_agencies
    with db.begin() as session:
        ana = Member(consortium_id=consortium.id, team_id="T1", user_id="U1", name="Ana", zone="UTC", joined_at=START)
        session.add(ana)
        session.flush()
        for agency, kind, hours in ((elm, CalendarKind.ADDRESS, 2), (birch, CalendarKind.FILE, 1)):
            session.add(
                ClosureCalendar(
                    agency_id=agency.id,
                    kind=kind,
                    team_id="T1",
                    url="https://calendar.example/a.ics",
                    name="calendar.example",
                    asked_by=ana.id,
                    next_at=START + timedelta(hours=hours),
                )
            )
    with db.begin() as session:
        assert closures.find_due_calendar(session, START) is None
        assert closures.next_due(session) == START + timedelta(hours=1)
        calendar = closures.find_due_calendar(session, START + timedelta(hours=3))
        assert calendar.agency_id == birch.id
        assert closures.count_unread_files(session, birch.id) == 1
        assert closures.find_calendar(session, birch.id) is None
        assert closures.lock_calendar(session, calendar.id).id == calendar.id
        closures.delete_calendar(session, calendar)
        assert (
            closures.find_due_calendar(session, START + timedelta(hours=3)).id
            == closures.find_calendar(session, elm.id).id
        )
