"""Meetings over weeks, tick by tick: nothing is lost or repeated, and wall-clock times hold."""

# ruff: noqa: DTZ001 - a wall-clock time has no zone

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from handlers.kit.callers import Caller
from handlers.kit.dates import local_to_utc
from handlers.meetings import creation, jobs
from storage import consortia, meetings
from storage.meetings import Meeting
from storage.members import Member
from storage.notices import Notice
from storage.occurrences import Occurrence
from storage.outbox import OutboxMessage
from storage.vocabulary import NoticeKind
from tests.storage.people import founded

WEEKS = 5


def planned(db, zone, wall, rule="FREQ=WEEKLY"):
    now = local_to_utc(wall, zone) - timedelta(days=10)
    with db.begin() as session:
        caller = founded(session, zone, now)
        draft = creation.SeriesDraft("Council", "C1", wall.isoformat(), zone, rule, 60)
        creation.create_series(session, caller, draft, now)
    return now


def runs(db, begin, end, step=None):
    """Tick whenever something is due or, with `step`, at fixed intervals."""
    now, ticks = begin, 0
    while now < end:
        jobs.sweep(db, now)
        with db.read() as session:
            due = jobs.next_due(session)
        ticks += 1
        assert ticks < 500, "the sweep never comes to rest"
        if step is not None:
            now += step
            continue
        if due is None:
            break
        assert due > now, "work that is done is no longer due"
        now = due


def posts(db):
    with db.read() as session:
        return [
            (row.about, row.created_at) for row in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        ]


GAPS = [
    pytest.param("America/Denver", datetime(2027, 3, 7, 14), id="Denver, spring"),
    pytest.param("America/Denver", datetime(2026, 10, 25, 14), id="Denver, autumn"),
    pytest.param("America/Denver", datetime(2027, 3, 7, 2, 30), id="Denver, in the gap"),
    pytest.param("Europe/Berlin", datetime(2027, 3, 21, 14), id="Berlin, spring"),
    pytest.param("Europe/Berlin", datetime(2026, 10, 18, 2, 30), id="Berlin, twice"),
    pytest.param("Australia/Sydney", datetime(2026, 9, 27, 2, 30), id="Sydney, in the gap"),
    pytest.param("Australia/Sydney", datetime(2027, 3, 28, 14), id="Sydney, autumn"),
    pytest.param("Australia/Lord_Howe", datetime(2026, 9, 27, 2, 15), id="Lord Howe, in the gap"),
    pytest.param("Australia/Lord_Howe", datetime(2027, 3, 28, 1, 45), id="Lord Howe, twice"),
    pytest.param("Asia/Kolkata", datetime(2027, 3, 7, 14), id="a zone without daylight saving"),
]


@pytest.mark.parametrize(("zone", "wall"), GAPS)
def test_around_daylight_saving_every_meeting_is_planned_once_at_its_hour(db, zone, wall):
    begin = planned(db, zone, wall)
    runs(db, begin, begin + timedelta(days=10, weeks=WEEKS))
    with db.read() as session:
        starts = [m.starts_at for m in session.scalars(select(Meeting).order_by(Meeting.place))]
    expected = [local_to_utc(wall + timedelta(weeks=n), zone) for n in range(len(starts))]
    assert starts == expected
    assert len(starts) >= WEEKS + 2
    agendas = [(at, n) for n, (about, at) in enumerate(posts(db)) if about == "the agenda of Council"]
    for (at, _), start in zip(agendas, starts, strict=False):
        day_before = local_to_utc(start.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - timedelta(days=1), zone)
        assert at <= day_before


@pytest.mark.parametrize(("zone", "wall"), GAPS[:4])
def test_every_meeting_has_one_call_and_one_reminder_for_each_person(db, zone, wall):
    begin = planned(db, zone, wall)
    runs(db, begin, begin + timedelta(days=10, weeks=WEEKS))
    with db.read() as session:
        held = [m for m in session.scalars(select(Meeting)) if m.ends_at < begin + timedelta(days=10, weeks=WEEKS)]
        reminded = session.scalars(select(Notice).where(Notice.kind == NoticeKind.MEETING)).all()
    for meeting in held:
        own = [notice for notice in reminded if notice.subject == meeting.id]
        assert len(own) == 3
        assert {notice.due_at for notice in own} == {meeting.starts_at - timedelta(minutes=15)}
    calls = [at for about, at in posts(db) if about == "the call for the agenda of Council"]
    assert len(calls) == len(set(calls)) >= len(held)


@pytest.mark.parametrize(
    "step", [timedelta(hours=7), timedelta(days=1), timedelta(days=9)], ids=["seven hours", "a day", "nine days"]
)
def test_rare_ticks_never_repeat_a_post_or_a_notice(db, step):
    begin = planned(db, "America/Denver", datetime(2027, 3, 7, 14))
    end = begin + timedelta(days=10, weeks=WEEKS)
    runs(db, begin, end, step)
    jobs.sweep(db, end)
    jobs.sweep(db, end)
    with db.read() as session:
        keys = session.scalars(select(Occurrence.key)).all()
        told = session.scalars(select(Notice.key)).all()
        coming = [m for m in session.scalars(select(Meeting)) if m.starts_at > end]
    assert len(keys) == len(set(keys))
    assert len(told) == len(set(told))
    assert len([about for about, _ in posts(db) if "agenda" in about]) == len(
        [key for key in keys if "/call/" in key or "/agenda" in key]
    )
    assert len(coming) == creation.AHEAD


def test_steps_that_passed_while_the_bot_was_down_are_not_made_up_for(db):
    begin = planned(db, "America/Denver", datetime(2027, 3, 7, 14))
    later = begin + timedelta(days=80)
    jobs.sweep(db, later)
    jobs.sweep(db, later)
    with db.read() as session:
        places = [m.starts_at > later for m in session.scalars(select(Meeting).order_by(Meeting.place))]
    assert places == [False] * 3 + [True] * 3
    calls = [about for about, _ in posts(db) if about.startswith("the call")]
    assert len(calls) <= 1


def test_the_consortiums_settings_are_stored_and_replaced(db):
    with db.begin() as session:
        caller = founded(session, "UTC", datetime.fromisoformat("2026-12-01T00:00:00+00:00"))
        assert meetings.reminder_steps(session, caller.consortium.id) == {}
        meetings.save_reminder_steps(session, caller.consortium.id, {"call": None})
        meetings.save_reminder_steps(session, caller.consortium.id, {"remind": 30})
        assert meetings.reminder_steps(session, caller.consortium.id) == {"remind": 30}


def test_a_meeting_that_fails_does_not_hold_up_the_others(db):
    begin = planned(db, "America/Denver", datetime(2026, 12, 10, 14), rule=None)
    with db.begin() as session:
        author = session.scalars(select(Member).order_by(Member.id)).first()
        caller = Caller("T1", "T1", author.user_id, session.get_one(consortia.Consortium, 1), author, None)
        draft = creation.SeriesDraft("Board", "C2", "2026-12-10T14:00:00", "America/Denver")
        creation.create_series(session, caller, draft, begin)
        session.get_one(meetings.Series, 1).zone = "Nowhere/At"
    with capture_logs() as logs:
        jobs.sweep(db, begin + timedelta(days=5))
    assert calls(db) == ["the call for the agenda of Board"]
    assert [line["event"] for line in logs] == ["sweep failed for one of several"]
    with db.begin() as session:
        session.get_one(meetings.Series, 1).zone = "America/Denver"
    jobs.sweep(db, begin + timedelta(days=5))
    assert calls(db) == ["the call for the agenda of Board", "the call for the agenda of Council"]


def calls(db):
    return [about for about, _ in posts(db) if about.startswith("the call")]
