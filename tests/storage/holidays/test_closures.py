"""Stored closed days: queried for all agencies, replaced by a new reading, and removed."""

from datetime import date, timedelta

import pytest

from storage import agencies, closures, consortia, vocabulary
from storage.closures import Calendar, Closure
from storage.members import Member
from storage.vocabulary import CalendarKind, ClosureSource, Days
from tests.town import START

DECEMBER = date(2026, 12, 1)


def days(*numbers):
    return {date(2026, 12, number) for number in numbers}


@pytest.fixture
def elm(db):
    """Return a consortium and two of its agencies."""
    with db.begin() as session:
        consortium = consortia.found(session, "T1", "Northern Valleys", "UTC", START)
        two = [agencies.add(session, consortium.id, name, START) for name in ("Elm", "Birch")]
    return consortium, *two


def test_closed_days_come_for_all_agencies_at_once_and_only_within_the_requested_dates(db, elm):
    consortium, first, second = elm
    with db.begin() as session:
        other = consortia.found(session, "T2", "Southern Valleys", "UTC", START)
        stranger = agencies.add(session, other.id, "Fir", START)
        for agency, begins, ends in (
            (first, date(2026, 11, 20), date(2026, 12, 2)),
            (first, date(2026, 12, 2), date(2026, 12, 3)),
            (first, date(2026, 12, 30), date(2027, 1, 4)),
            (second, date(2027, 2, 1), date(2027, 2, 1)),
            (stranger, date(2026, 12, 1), date(2026, 12, 31)),
        ):
            closures.add(session, agency.id, ClosureSource.TYPED, [Days(begins, ends)])
    with db.read() as session:
        found = closures.closed_days(session, consortium.id, DECEMBER, date(2026, 12, 31))
        assert found == {first.id: days(1, 2, 3, 30, 31)}
        assert closures.closed_days(session, consortium.id, DECEMBER, DECEMBER) == {first.id: days(1)}
        assert closures.closed_days(session, consortium.id, date(2026, 12, 10), DECEMBER) == {}


def test_the_same_range_is_stored_once_for_each_source(db, elm):
    _, first, _ = elm
    winter = Days(DECEMBER, DECEMBER, "Winter")
    with db.begin() as session:
        for source in (ClosureSource.TYPED, ClosureSource.TYPED, ClosureSource.FILE):
            closures.add(session, first.id, source, [winter, winter])
        assert closures.count(session, first.id) == 2


def test_a_new_reading_replaces_the_coming_days_of_the_calendar_and_no_others(db, elm):
    _, first, second = elm
    past = Days(date(2026, 11, 1), date(2026, 11, 2), "Past")
    old = Days(date(2026, 11, 29), date(2026, 12, 2), "Begun")
    with db.begin() as session:
        closures.add(session, first.id, ClosureSource.TYPED, [Days(date(2026, 12, 9), date(2026, 12, 9), "Typed")])
        closures.add(session, first.id, ClosureSource.CALENDAR, [past, old])
        closures.add(session, second.id, ClosureSource.CALENDAR, [old])
        closures.replace(session, first.id, [Days(date(2026, 12, 24), date(2026, 12, 25), "New")], DECEMBER)
    with db.read() as session:
        assert [c.label for c in closures.coming(session, first.id, DECEMBER)] == ["Typed", "New"]
        assert [c.label for c in closures.coming(session, first.id, date(2026, 11, 1))] == ["Past", "Typed", "New"]
        assert [c.label for c in closures.coming(session, second.id, DECEMBER)] == ["Begun"]


def test_a_range_is_found_only_for_its_own_agency_and_can_be_removed(db, elm):
    _, first, second = elm
    with db.begin() as session:
        closures.add(session, first.id, ClosureSource.TYPED, [Days(DECEMBER, DECEMBER, "x" * 300)])
    with db.begin() as session:
        closure = closures.coming(session, first.id, DECEMBER)[0]
        assert len(closure.label) == vocabulary.LABEL
        assert closures.find(session, second.id, closure.id) is None
        closures.take(session, closure)
    with db.read() as session:
        assert session.get(Closure, closure.id) is None


def test_the_calendar_that_has_waited_longest_is_due_first(db, elm):
    consortium, first, second = elm
    with db.begin() as session:
        asker = Member(consortium_id=consortium.id, team_id="T1", user_id="U1", name="Ana", zone="UTC", joined_at=START)
        session.add(asker)
        session.flush()
        for agency, kind, hours in ((first, CalendarKind.ADDRESS, 2), (second, CalendarKind.FILE, 1)):
            session.add(
                Calendar(
                    agency_id=agency.id,
                    kind=kind,
                    team_id="T1",
                    url="https://calendar.example/a.ics",
                    name="calendar.example",
                    asked_by=asker.id,
                    next_at=START + timedelta(hours=hours),
                )
            )
    with db.begin() as session:
        assert closures.due(session, START) is None
        assert closures.next_due(session) == START + timedelta(hours=1)
        found = closures.due(session, START + timedelta(hours=3))
        assert found.agency_id == second.id
        assert closures.waiting_files(session, second.id) == 1
        assert closures.calendar_of(session, second.id) is None
        assert closures.lock_calendar(session, found.id).id == found.id
        closures.forget(session, found)
        assert closures.due(session, START + timedelta(hours=3)).id == closures.calendar_of(session, first.id).id
