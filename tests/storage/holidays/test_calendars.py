"""Reading due calendars: changes during the reading, errors, and limits."""

from datetime import date, timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, select
from sqlalchemy.orm import undefer

from handlers.holidays import closed_days, jobs
from handlers.kit.fetch import DownloadFailed
from storage import agencies, closures, consortia, migrate
from storage.closures import Closure, ClosureCalendar
from storage.members import Member
from storage.outbox import OutboxMessage
from storage.vocabulary import CalendarKind, ClosedDays, ClosureSource
from tests.loopback import all_day_event, icalendar
from tests.town import START

WINTER = icalendar(all_day_event("20261221", "20270105", "Winter break")).encode()


class FakeFetcher:
    """Returns or raises `result` for each address, after calling `meanwhile`."""

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
def add_due_calendar(db):
    """Return a function that adds a calendar that is due."""

    def add(kind=CalendarKind.ADDRESS, url="https://elm.example/a.ics", **more):
        with db.begin() as session:
            row = ClosureCalendar(
                agency_id=agency.id,
                kind=kind,
                team_id="T1",
                url=url,
                name="elm.example",
                asked_by=ana.id,
                next_at=START,
                **more,
            )
            session.add(row)
            session.flush()
            return row

    with db.begin() as session:
        consortium = consortia.create(session, "T1", "Northern Valleys", "UTC", START)
        agency = agencies.add(session, consortium.id, "Elm", START)
        ana = Member(consortium_id=consortium.id, team_id="T1", user_id="U1", name="Ana", zone="UTC", joined_at=START)
        session.add(ana)
    return add


def rows(db, table):
    with db.read() as session:
        return list(session.scalars(select(table).options(undefer("*"))))


def test_days_from_an_address_that_is_replaced_during_the_reading_are_discarded(db, add_due_calendar):
    row = add_due_calendar()

    def replace():
        with db.begin() as session:
            closures.delete_calendar(session, row)
        add_due_calendar(url="https://elm.example/b.ics", attempts=1)

    jobs.sweep(db, FakeFetcher(WINTER, replace), START)
    assert not rows(db, Closure)
    assert not rows(db, OutboxMessage)
    assert [row.attempts for row in rows(db, ClosureCalendar)] == [1]


def test_two_workers_that_read_the_same_calendar_store_and_report_it_once(db, add_due_calendar):
    add_due_calendar()

    def other_worker():
        jobs.sweep(db, FakeFetcher(WINTER), START)

    jobs.sweep(db, FakeFetcher(WINTER, other_worker), START)
    assert len(rows(db, Closure)) == 1
    assert len(rows(db, OutboxMessage)) == 1


@pytest.mark.parametrize("bug", [RuntimeError("x"), RecursionError(), MemoryError()])
def test_a_bug_during_the_reading_is_reported_as_a_broken_calendar_and_not_retried(db, add_due_calendar, bug):
    add_due_calendar(kind=CalendarKind.FILE)
    jobs.sweep(db, FakeFetcher(bug), START)
    (message,) = rows(db, OutboxMessage)
    assert "The calendar file is broken" in str(message.body["blocks"])
    assert not rows(db, ClosureCalendar)


def test_an_unreachable_address_is_tried_three_times_before_it_is_reported(db, add_due_calendar):
    add_due_calendar()
    times = [START]
    for _ in range(3):
        jobs.sweep(db, FakeFetcher(DownloadFailed("It did not answer.")), times[-1])
        times += [row.next_at for row in rows(db, ClosureCalendar)]
        assert bool(rows(db, OutboxMessage)) is (len(times) == 3 and not rows(db, ClosureCalendar))
    assert times == [START, START + timedelta(minutes=1), START + timedelta(minutes=11)]


def test_an_agency_cannot_have_more_closures_than_the_limit(db, add_due_calendar, monkeypatch):
    monkeypatch.setattr(closed_days, "MOST_WITH_FILES", 3)
    row = add_due_calendar(kind=CalendarKind.FILE)
    with db.begin() as session:
        days = [ClosedDays(date(2027, 1, number), date(2027, 1, number)) for number in (1, 2, 3)]
        closures.add(session, row.agency_id, ClosureSource.TYPED, days)
    jobs.sweep(db, FakeFetcher(WINTER), START)
    assert len(rows(db, Closure)) == 3
    assert "no room for more" in str(rows(db, OutboxMessage)[0].body["blocks"])


def test_a_calendar_of_an_older_version_is_kept_and_has_left_nothing_out(db, add_due_calendar):
    add_due_calendar()
    engine = create_engine(db.url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", "storage/migrations")
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
    engine.dispose()
    assert migrate.upgrade(db)
    (calendar,) = rows(db, ClosureCalendar)
    assert (calendar.url, calendar.left_out) == ("https://elm.example/a.ics", None)


def test_left_out_events_fit_however_long_their_titles_are(db, add_due_calendar):
    add_due_calendar()
    events = [all_day_event("20270232", "", f"{number} " + "<&>" * 200) for number in range(100)]
    jobs.sweep(db, FakeFetcher(icalendar(all_day_event("20261221"), *events).encode()), START)
    (calendar,) = rows(db, ClosureCalendar)
    assert len(calendar.left_out) <= 1000
    assert "I left out 100 events:" in calendar.left_out
    assert "and 95 more. You can correct the calendar, or type their days." in calendar.left_out
