"""Reading calendars that are due, when something else happens meanwhile or goes badly wrong."""

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


class Fetched:
    """Gives what the test says, after doing what the test wants done meanwhile."""

    def __init__(self, give, meanwhile=lambda: None):
        self.give = give
        self.meanwhile = meanwhile

    def check(self, typed):
        return typed

    def address(self, url):
        self.meanwhile()
        if isinstance(self.give, Exception):
            raise self.give
        return self.give

    def file(self, workspace, url):
        return self.address(url)


@pytest.fixture
def due(db):
    """Leave a calendar that is due; give what makes another one."""

    def leave(kind=CalendarKind.ADDRESS, url="https://elm.example/a.ics", **more):
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
    return leave


def kept(db, table):
    with db.read() as session:
        return list(session.scalars(select(table)))


def test_what_was_read_from_an_address_that_was_replaced_meanwhile_is_not_kept(db, due):
    row = due()

    def replaced():
        with db.begin() as session:
            closures.forget(session, row)
        due(url="https://elm.example/b.ics", attempts=1)

    jobs.sweep(db, Fetched(WINTER, replaced), START)
    assert not kept(db, Closure)
    assert not kept(db, Outbox)
    assert [one.attempts for one in kept(db, Calendar)] == [1]


def test_two_workers_that_read_the_same_keep_and_tell_it_once(db, due):
    due()

    def other():
        jobs.sweep(db, Fetched(WINTER), START)

    jobs.sweep(db, Fetched(WINTER, other), START)
    assert len(kept(db, Closure)) == 1
    assert len(kept(db, Outbox)) == 1


@pytest.mark.parametrize("bug", [RuntimeError("x"), RecursionError(), MemoryError()])
def test_a_bug_while_reading_is_told_as_a_broken_calendar_and_not_met_again_every_few_seconds(db, due, bug):
    due(kind=CalendarKind.FILE)
    jobs.sweep(db, Fetched(bug), START)
    (said,) = kept(db, Outbox)
    assert "The calendar file is broken" in str(said.body["blocks"])
    assert not kept(db, Calendar)


def test_what_cannot_be_reached_is_tried_three_times_before_it_is_told(db, due):
    due()
    moments = [START]
    for _ in range(3):
        jobs.sweep(db, Fetched(Unreachable("It did not answer.")), moments[-1])
        moments += [one.next_at for one in kept(db, Calendar)]
        assert bool(kept(db, Outbox)) is (len(moments) == 3 and not kept(db, Calendar))
    assert moments == [START, START + timedelta(minutes=1), START + timedelta(minutes=11)]


def test_an_agency_has_room_for_so_many_days_and_no_more(db, due, monkeypatch):
    monkeypatch.setattr(closed_days, "MOST_WITH_FILES", 3)
    row = due(kind=CalendarKind.FILE)
    with db.begin() as session:
        days = [Days(date(2027, 1, number), date(2027, 1, number)) for number in (1, 2, 3)]
        closures.add(session, row.agency_id, ClosureSource.TYPED, days)
    jobs.sweep(db, Fetched(WINTER), START)
    assert len(kept(db, Closure)) == 3
    assert "no room for more" in str(kept(db, Outbox)[0].body["blocks"])
