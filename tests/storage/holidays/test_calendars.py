"""Calendars that are due, when something changes meanwhile or goes wrong."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from handlers.holidays import closed_days, jobs
from handlers.kit.fetch import Unreachable
from storage import agencies, closures, consortia
from storage.closures import Calendar, Closure
from storage.members import Member
from storage.outbox import Outbox
from storage.vocabulary import CalendarKind, ClosureSource, Days
from tests.loopback import calendar, event
from tests.town import START

WINTER = calendar(event("20261221", "20270105", "Winter break")).encode()


class FakeFetch:
    """Returns or raises `result`, after calling `meanwhile`."""

    def __init__(self, result, meanwhile=lambda: None):
        self.result = result
        self.meanwhile = meanwhile

    def check(self, typed):
        return typed

    def address(self, url):
        self.meanwhile()
        if isinstance(self.result, Exception):
            raise self.result
        return self.result

    def file(self, workspace, url):
        return self.address(url)


@pytest.fixture
def due(db):
    """Return a function that stores a calendar which is due."""

    def add(kind=CalendarKind.ADDRESS, url="https://elm.example/a.ics", **more):
        with db.begin() as session:
            row = Calendar(
                agency_id=agency.id,
                kind=kind,
                team_id="T1",
                url=url,
                name="elm.example",
                asked_by=asker.id,
                next_at=START,
                **more,
            )
            session.add(row)
            session.flush()
            return row

    with db.begin() as session:
        consortium = consortia.found(session, "T1", "Northern Valleys", "UTC", START)
        agency = agencies.add(session, consortium.id, "Elm", START)
        asker = Member(consortium_id=consortium.id, team_id="T1", user_id="U1", name="Ana", zone="UTC", joined_at=START)
        session.add(asker)
    return add


def stored(db, table):
    with db.read() as session:
        return list(session.scalars(select(table)))


def test_days_from_an_address_that_was_replaced_meanwhile_are_dropped(db, due):
    row = due()

    def replaced():
        with db.begin() as session:
            closures.forget(session, row)
        due(url="https://elm.example/b.ics", attempts=1)

    jobs.sweep(db, FakeFetch(WINTER, replaced), START)
    assert not stored(db, Closure)
    assert not stored(db, Outbox)
    assert [calendar.attempts for calendar in stored(db, Calendar)] == [1]


def test_two_workers_that_read_the_same_calendar_store_and_announce_it_once(db, due):
    due()

    def other():
        jobs.sweep(db, FakeFetch(WINTER), START)

    jobs.sweep(db, FakeFetch(WINTER, other), START)
    assert len(stored(db, Closure)) == 1
    assert len(stored(db, Outbox)) == 1


@pytest.mark.parametrize("bug", [RuntimeError("x"), RecursionError(), MemoryError()])
def test_an_unexpected_error_is_reported_as_a_broken_calendar_and_not_repeated(db, due, bug):
    due(kind=CalendarKind.FILE)
    jobs.sweep(db, FakeFetch(bug), START)
    (message,) = stored(db, Outbox)
    assert "The calendar file is broken" in str(message.body["blocks"])
    assert not stored(db, Calendar)


def test_an_unreachable_calendar_is_tried_three_times_before_anybody_is_told(db, due):
    due()
    times = [START]
    for _ in range(3):
        jobs.sweep(db, FakeFetch(Unreachable("It did not answer.")), times[-1])
        times += [calendar.next_at for calendar in stored(db, Calendar)]
        assert bool(stored(db, Outbox)) is (len(times) == 3 and not stored(db, Calendar))
    assert times == [START, START + timedelta(minutes=1), START + timedelta(minutes=11)]


def test_a_file_that_exceeds_the_room_of_an_agency_is_refused(db, due, monkeypatch):
    monkeypatch.setattr(closed_days, "MOST_WITH_FILES", 3)
    row = due(kind=CalendarKind.FILE)
    with db.begin() as session:
        days = [Days(date(2027, 1, number), date(2027, 1, number)) for number in (1, 2, 3)]
        closures.add(session, row.agency_id, ClosureSource.TYPED, days)
    jobs.sweep(db, FakeFetch(WINTER), START)
    assert len(stored(db, Closure)) == 3
    assert "no room for more" in str(stored(db, Outbox)[0].body["blocks"])
