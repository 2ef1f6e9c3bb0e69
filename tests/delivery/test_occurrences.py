"""What is due lives in rows: whatever happens to processes, clocks and the database, it comes once, or not too late."""

import sqlite3
import threading
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.demo.launch import running
from bot.sandbox import PATIENT, Sandbox, serve
from bot.sandbox.state.faults import Faults
from storage.database import Database
from storage.outbox import Outbox
from storage.vocabulary import Delivery
from tests import databases
from tests.delivery.cable import cable
from tests.delivery.test_kill import end, worker
from tests.town import START, Town, settings_for, text_of

EVERYBODY = ("ana", "ben", "cleo", "eva", "finn", "gus")
MONDAY = datetime(2026, 12, 7, tzinfo=UTC)
"""The first round of a pulse that is planned at the beginning."""

NINE = {"ana": 16, "ben": 17, "cleo": 15, "eva": 16, "finn": 16, "gus": 16}
"""Nine o'clock of each, in UTC."""

QUESTIONS, AGAIN, RESULT = "about how we work together in", "still open for you", "How we worked"


@contextmanager
def story(database_url):
    """Give a sandbox in which a consortium has planned its pulse; no bot runs yet."""
    sandbox = Sandbox(starts_at=START, wire_time=PATIENT)
    with serve(sandbox) as server:
        settings = settings_for(sandbox, server.api_url, server.clock_url, database_url)
        with running(settings, "http", sandbox) as bot:
            town = Town(sandbox, server.url, bot)
            town.found()
            town.types("ana", "/pulse schedule monday 9:00")
            town.settle()
        try:
            yield town, settings
        finally:
            town.close()


@contextmanager
def alive(town, settings):
    """Run the bot in this process while the block runs."""
    with running(settings, "http", town.sandbox) as bot:
        town.bot = bot
        yield


def sleeps_until(town, moment):
    """Let time pass in one leap, whether or not anybody is there."""
    town.sandbox.world.clock.advance_to(moment)
    town.sandbox.clock_service._wake_followers()


def heard(town, user, words):
    """List when somebody was told something."""
    said = [m for m in town.direct(user) if words in text_of(m)]
    return [datetime.fromtimestamp(float(m["ts"]), UTC) for m in said]


def unknown(database_url):
    """Count the posts of which the bot says that it cannot know."""
    db = Database(database_url)
    with db.read() as session:
        states = session.scalars(select(Outbox.state)).all()
    db.close()
    assert not {Delivery.PENDING, Delivery.SENDING, Delivery.FAILED} & set(states)
    return states.count(Delivery.UNKNOWN)


class Moment(Faults):
    """Does something at the nth post, while Slack has it in its hands."""

    def __init__(self, nth, what):
        super().__init__()
        self.left, self.what = nth, what

    def take(self, method):
        if method == "chat.postMessage":
            self.left -= 1
            if self.left == 0:
                self.what()
        return super().take(method)


# order -------------------------------------------------------------------------------------------------


def test_a_week_turned_at_once_is_lived_through_in_order(database_url):
    with story(database_url) as (town, settings), alive(town, settings):
        town.settle("P14D")
        for user in EVERYBODY:
            nine = MONDAY + timedelta(hours=NINE[user])
            told = [*heard(town, user, QUESTIONS)[:1], *heard(town, user, AGAIN)[:2]]
            due = [nine, nine + timedelta(days=1), nine + timedelta(days=3)]
            assert all(timedelta() <= at - on < timedelta(seconds=30) for at, on in zip(told, due, strict=True)), user
        posts = [float(c["answer"]["ts"]) for c in town.calls("chat.postMessage") if c["answer"]["ok"]]
        assert posts == sorted(posts)
        result = town.message(RESULT)
        assert datetime.fromtimestamp(float(result["ts"]), UTC).replace(second=0, microsecond=0) == MONDAY + timedelta(
            days=4, hours=1
        )


# processes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nth", [13, *(pytest.param(nth, marks=pytest.mark.more) for nth in (1, 2, 4, 6, 8))])
def test_of_two_workers_one_is_killed_and_nothing_is_lost_or_said_twice(postgres_url, nth):
    databases.empty(postgres_url)
    with story(postgres_url) as (town, settings), ExitStack() as stack:
        first, second = (
            worker(
                postgres_url, settings.slack_api_url, CLOCK_URL=settings.clock_url, SLACK_BOT_TOKEN=token_of(settings)
            )
            for _ in range(2)
        )
        stack.callback(end, second)
        stack.callback(end, first)
        town.sandbox.world.faults = Moment(nth, first.kill)
        answer = town.call("clock", advance="P9D", followers=1)
        assert answer["ok"], answer
        town.settle()
        assert first.poll() is not None or nth > 12
        said = [heard(town, user, QUESTIONS)[:1] for user in EVERYBODY]
        again = [heard(town, user, AGAIN) for user in EVERYBODY]
        assert all(len(moments) == 1 for moments in said)
        assert all(len(moments) == 1 for moments in again)
        assert unknown(postgres_url) <= 1


def token_of(settings):
    return settings.slack_bot_token.get_secret_value()


# clocks ------------------------------------------------------------------------------------------------


def test_a_clock_set_back_or_a_day_forward_doubles_and_loses_nothing(database_url):
    with story(database_url) as (town, settings), alive(town, settings):
        nine = MONDAY + timedelta(hours=17, minutes=1)
        for days in (0, -1, 0, 1, 0, -7, 1):
            town.bot.sweeps.run(nine + timedelta(days=days))
        town.settle("P11D")
        for user in EVERYBODY:
            assert [len(heard(town, user, words)) for words in (QUESTIONS, AGAIN)] == [1, 2], user


# lateness ----------------------------------------------------------------------------------------------


def test_questions_that_were_slept_through_still_come_while_the_round_is_open(database_url):
    with story(database_url) as (town, settings):
        sleeps_until(town, MONDAY + timedelta(days=2, hours=18))
        with alive(town, settings):
            town.settle("PT1H")
            for user in EVERYBODY:
                assert [len(heard(town, user, words)) for words in (QUESTIONS, AGAIN)] == [1, 0], user
            town.settle("P2D")
            assert len(heard(town, "ben", AGAIN)) == 1
            assert "0 of 6 answered" in text_of(town.message(RESULT))


def test_questions_and_reminders_of_a_round_that_is_over_do_not_come(database_url):
    with story(database_url) as (town, settings):
        with alive(town, settings):
            town.settle("P8D")
        before = {user: len(town.direct(user)) for user in EVERYBODY}
        sleeps_until(town, MONDAY + timedelta(days=4, hours=20))
        with alive(town, settings):
            town.settle("P1D")
            assert {user: len(town.direct(user)) for user in EVERYBODY} == before
            assert "0 of 6 answered" in text_of(town.message(RESULT))


def test_a_reminder_of_a_proposal_that_is_over_does_not_come(database_url):
    with story(database_url) as (town, settings):
        with alive(town, settings):
            town.types("ana", "/pulse stop")
            town.proposes("Share the van", more="closes:3d")
        sleeps_until(town, START + timedelta(days=3, hours=2))
        with alive(town, settings):
            town.settle("P1D")
            assert town.direct("ben") == []
            assert "Not decided" in text_of(town.message("Share the van"))


# the database ------------------------------------------------------------------------------------------


@contextmanager
def cut_off(database_url):
    """Give the address at which the bot finds its database, and what takes the database away and brings it back."""
    if database_url.startswith("sqlite"):
        yield database_url, Locked(database_url.removeprefix("sqlite:///"))
    else:
        with cable(database_url) as (through, line):
            yield through, line


class Locked:
    """Another process that holds the SQLite file, as a backup might."""

    def __init__(self, path):
        self._path, self._held = path, None

    def cut(self):
        self._held = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=30)
        self._held.execute("BEGIN IMMEDIATE")

    def mend(self):
        self._held.execute("ROLLBACK")
        self._held.close()


def test_with_the_database_away_for_an_hour_all_comes_late_and_once(database_url):
    with cut_off(database_url) as (through, line), story(through) as (town, settings), alive(town, settings):
        cut = threading.Event()
        # while Slack has the second post in its hands, what became of it cannot be noted
        town.sandbox.world.faults = Moment(2, lambda: (line.cut(), cut.set()))
        sleeps_until(town, MONDAY + timedelta(hours=16, minutes=1))
        assert cut.wait(600)
        sleeps_until(town, MONDAY + timedelta(hours=17, minutes=1))
        line.mend()
        town.settle("PT3H")
        # who is cut off leads no more, and takes a moment of its own to find the way back
        end = time.monotonic() + 600
        while time.monotonic() < end and not all(heard(town, user, QUESTIONS) for user in EVERYBODY):
            town.settle()
        for user in EVERYBODY:
            assert len(heard(town, user, QUESTIONS)) == 1, user
        assert unknown(through) == 0
