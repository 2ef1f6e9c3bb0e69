"""A clock that is set back stalls nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.delivery.pacing import Pacing
from bot.runtime import leadership
from bot.runtime.clock import StoryClock
from bot.runtime.scheduler import SweepRunner, Ticker
from handlers.kit.feature import Sweep
from storage import consortia, load, notices, outbox
from storage.due import Due
from storage.live_messages import LiveMessage
from storage.members import Member
from storage.notices import NewNotice, Notice
from storage.outbox import OutboxMessage
from storage.vocabulary import LiveMessageKind, NoticeKind, Seat
from tests.town import START
from tests.waiting import wait_until

BACK = [timedelta(hours=1), timedelta(days=1), timedelta(days=3653)]


class Wall:
    """A clock on the wall, which people can set, and the seconds that pass meanwhile."""

    def __init__(self):
        self.time = START
        self.seconds = 100.0

    def now(self):
        return self.time

    def monotonic(self):
        return self.seconds


class Deps:
    def __init__(self, db):
        self.db = db


@pytest.fixture
def runner(db):
    """Return what runs the sweeps of a bot without features."""
    leader = leadership.for_database(db)
    leader.begin()
    due = Due(select(OutboxMessage.due_at).limit(1), read=lambda _session, _values: START - timedelta(days=9999))
    ran = []
    sweep = Sweep("one", lambda _deps, now: ran.append(now), due, "nothing")
    yield SweepRunner(Deps(db), leader, [sweep], lambda _session, _sweep: ""), ran
    leader.end()


@pytest.mark.parametrize("back", BACK)
def test_calls_are_paced_by_seconds_and_not_by_the_time_of_day(back):
    wall = Wall()
    pacing = Pacing(wall.monotonic)
    for _ in range(30):
        pacing.record_call("T1", "C1", "chat.postMessage")
    pacing.block_for("T1", "chat.update", timedelta(seconds=30))
    wall.time -= back
    now = wall.now()
    assert now < pacing.free_at("T1", "C1", "chat.postMessage", now) <= now + timedelta(seconds=10)
    assert pacing.free_at("T1", "C1", "chat.update", now) == now + timedelta(seconds=30)
    wall.seconds += 30
    assert pacing.free_at("T1", "C1", "chat.postMessage", now) == now
    assert pacing.free_at("T1", "C1", "chat.update", now) == now


@pytest.mark.parametrize("back", BACK)
def test_what_was_due_before_stays_due_and_appointments_follow_the_clock(db, runner, back):
    with db.begin() as session:
        consortium = consortia.create(session, "T1", "Northern Valleys", "UTC", START)
        member = Member(
            consortium_id=consortium.id,
            team_id="T1",
            user_id="U1",
            name="A",
            zone="UTC",
            seat=Seat.MEMBER,
            joined_at=START,
        )
        session.add(member)
        session.flush()
        outbox.queue(session, team_id="T1", channel="C1", body={"text": "a"}, about="a", now=START)
        outbox.queue(session, team_id="T1", channel="C2", body={"text": "b"}, about="b", now=START)
        retried = session.get_one(OutboxMessage, 2)
        retried.attempts, retried.due_at = 3, START + timedelta(minutes=10)
        live = {"kind": LiveMessageKind.POLL, "number": 1, "team_id": "T1", "channel": "C1", "ts": "1.2", "wanted": 2}
        session.add(LiveMessage(consortium_id=consortium.id, due_at=START + timedelta(seconds=1), **live))
        load.schedule_check(session, consortium.id, START)
        for key, at in (("now", START), ("later", START + timedelta(days=30))):
            notices.add(session, NewNotice(consortium.id, member.id, "T1", NoticeKind.REVIEW, key, 1, due_at=at))
    sweeps, ran = runner
    sweeps.run(START)
    now = START - back
    sweeps.run(now)
    assert ran == [START, now]
    with db.read() as session:
        assert {row.due_at <= now for row in session.scalars(select(OutboxMessage))} == {True}
        assert session.scalars(select(LiveMessage.due_at)).one() <= now
        assert load.list_due(session, now) == [consortium.id]
        due = {notice.key: notice.due_at for notice in session.scalars(select(Notice))}
        assert due == {"now": now, "later": START + timedelta(days=30)}
        assert {notice.look_at for notice in session.scalars(select(Notice))} == {now}


@pytest.mark.parametrize("back", BACK)
def test_a_clock_that_was_set_back_while_no_process_ran_stalls_nothing(db, runner, back):
    with db.begin() as session:
        outbox.queue(session, team_id="T1", channel="C1", body={"text": "a"}, about="a", now=START)
        session.flush()
        row = session.get_one(OutboxMessage, 1)
        row.attempts, row.due_at = 3, START + timedelta(minutes=10)
    sweeps, _ = runner
    sweeps.run(START - back)
    with db.read() as session:
        assert session.get_one(OutboxMessage, 1).due_at == START - back


def test_a_clock_that_goes_on_releases_nothing(db, runner):
    with db.begin() as session:
        outbox.queue(session, team_id="T1", channel="C1", body={"text": "a"}, about="a", now=START)
        session.flush()
        row = session.get_one(OutboxMessage, 1)
        row.attempts, row.due_at = 1, START + timedelta(minutes=10)
    sweeps, _ = runner
    for seconds in (0, 0, 5, 3600):
        sweeps.run(START + timedelta(seconds=seconds))
    with db.read() as session:
        assert session.get_one(OutboxMessage, 1).due_at == START + timedelta(minutes=10)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_next_tick_comes_even_if_it_was_planned_by_a_clock_that_was_ahead(runner):
    sweeps, ran = runner
    ticker = Ticker(sweeps, Wall())
    ticker.start()
    assert wait_until(lambda: len(ran) == 1)
    for job in ticker._scheduler.get_jobs():
        # where the clock stood when the next tick was planned
        job.modify(next_run_time=job.next_run_time + timedelta(days=3653))
    assert wait_until(lambda: len(ran) == 2)
    ticker.stop()


def test_story_time_measures_forward_only():
    clock = StoryClock()
    clock.set(START)
    before = clock.monotonic()
    clock.set(START + timedelta(days=7))
    later = clock.monotonic()
    assert later - before > timedelta(days=6).total_seconds()
    clock.set(START)
    assert later <= clock.monotonic() < later + 100
