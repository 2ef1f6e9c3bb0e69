"""Scheduled messages are rows: whatever happens to processes, clocks or the database, none arrives twice or late."""

import sqlite3
import threading
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.demo.launch import running
from bot.sandbox import PATIENT, Sandbox, serve
from bot.sandbox.state.faults import Faults
from storage.database import Database
from storage.outbox import OutboxMessage
from storage.vocabulary import DeliveryState
from tests import bot_process, databases
from tests.delivery.cable import cable
from tests.delivery.test_kill import worker
from tests.timeouts import PATIENT_BOT
from tests.town import START, Town, settings_for, text_of
from tests.waiting import PATIENCE, wait_until

EVERYBODY = ("ana", "ben", "cleo", "eva", "finn", "gus")
MONDAY = datetime(2026, 12, 7, tzinfo=UTC)
"""The day of the first round of the pulse."""

NINE = {"ana": 16, "ben": 17, "cleo": 15, "eva": 16, "finn": 16, "gus": 16}
"""The hour in UTC at which it is nine o'clock for each person."""

QUESTIONS, AGAIN, RESULT = "about how we work together in", "still open for you", "How we worked"


@contextmanager
def story(database_url):
    """Yield a sandbox in which a consortium has scheduled its pulse; no bot is running yet."""
    sandbox = Sandbox(starts_at=START, wire_time=PATIENT)
    with serve(sandbox) as server:
        settings = settings_for(sandbox, server.api_url, server.clock_url, database_url)
        with running(settings, "http", sandbox, timeouts=PATIENT_BOT) as bot:
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
    with running(settings, "http", town.sandbox, timeouts=PATIENT_BOT) as bot:
        town.bot = bot
        yield


def sleeps_until(town, at):
    """Move the clock in one leap, whether or not a bot is running."""
    town.sandbox.world.clock.advance_to(at)
    town.sandbox.clock_service._wake_followers()


def heard(town, user, words):
    """List the times of a person's direct messages with these words."""
    messages = [m for m in town.direct(user) if words in text_of(m)]
    return [datetime.fromtimestamp(float(m["ts"]), UTC) for m in messages]


def unknown(database_url):
    """Count the posts whose result the bot does not know."""
    db = Database(database_url)
    with db.read() as session:
        states = session.scalars(select(OutboxMessage.state)).all()
    db.close()
    assert not {DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.FAILED} & set(states)
    return states.count(DeliveryState.UNKNOWN)


class AtPost(Faults):
    """Does something at the nth post, while Slack is handling it."""

    def __init__(self, nth, action):
        super().__init__()
        self.left, self.action = nth, action

    def take(self, method):
        if method == "chat.postMessage":
            self.left -= 1
            if self.left == 0:
                self.action()
        return super().take(method)


# order -------------------------------------------------------------------------------------------------


def test_two_weeks_passed_at_once_bring_every_message_in_order(database_url):
    with story(database_url) as (town, settings), alive(town, settings):
        town.settle("P14D")
        for user in EVERYBODY:
            nine = MONDAY + timedelta(hours=NINE[user])
            times = [*heard(town, user, QUESTIONS)[:1], *heard(town, user, AGAIN)[:1]]
            due = [nine, nine + timedelta(days=1)]
            assert all(timedelta() <= at - on < timedelta(seconds=30) for at, on in zip(times, due, strict=True)), user
        posts = [float(c["answer"]["ts"]) for c in town.calls("chat.postMessage") if c["answer"]["ok"]]
        assert posts == sorted(posts)
        result = town.message(RESULT)
        assert datetime.fromtimestamp(float(result["ts"]), UTC).replace(second=0, microsecond=0) == MONDAY + timedelta(
            days=4, hours=1
        )


# processes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nth", [13, *(pytest.param(nth, marks=pytest.mark.more) for nth in (1, 2, 4, 6, 8))])
def test_when_one_of_two_workers_is_killed_nothing_is_lost_or_sent_twice(postgres_url, nth):
    databases.delete_rows(postgres_url)
    with story(postgres_url) as (town, settings), ExitStack() as stack:
        first, second = (
            worker(
                postgres_url, settings.slack_api_url, CLOCK_URL=settings.clock_url, SLACK_BOT_TOKEN=token_of(settings)
            )
            for _ in range(2)
        )
        stack.callback(bot_process.kill, second)
        stack.callback(bot_process.kill, first)
        town.sandbox.world.faults = AtPost(nth, first.kill)
        answer = town.call("clock", advance="P9D", followers=1)
        assert answer["ok"], answer
        town.settle()
        assert first.poll() is not None or nth > 12
        questions = [heard(town, user, QUESTIONS)[:1] for user in EVERYBODY]
        reminders = [heard(town, user, AGAIN) for user in EVERYBODY]
        assert all(len(times) == 1 for times in questions)
        assert all(len(times) == 1 for times in reminders)
        assert unknown(postgres_url) <= 1


def token_of(settings):
    return settings.slack_bot_token.get_secret_value()


# clocks ------------------------------------------------------------------------------------------------


def test_a_clock_that_is_set_back_or_forward_repeats_and_loses_nothing(database_url):
    with story(database_url) as (town, settings), alive(town, settings):
        nine = MONDAY + timedelta(hours=17, minutes=1)
        for days in (0, -1, 0, 1, 0, -7, 1):
            town.bot.sweeps.run(nine + timedelta(days=days))
        town.settle("P11D")
        for user in EVERYBODY:
            assert [len(heard(town, user, words)) for words in (QUESTIONS, AGAIN)] == [1, 1], user


# lateness ----------------------------------------------------------------------------------------------


def test_questions_that_were_due_while_the_bot_was_down_arrive_while_the_round_is_open(database_url):
    with story(database_url) as (town, settings):
        sleeps_until(town, MONDAY + timedelta(days=2, hours=18))
        with alive(town, settings):
            town.settle("PT1H")
            for user in EVERYBODY:
                assert [len(heard(town, user, words)) for words in (QUESTIONS, AGAIN)] == [1, 0], user
            town.settle("P2D")
            assert not heard(town, "ben", AGAIN), "its time had passed before the questions came"
            assert "0 of 6 answered" in text_of(town.message(RESULT))


def test_questions_and_reminders_of_a_closed_round_do_not_arrive(database_url):
    with story(database_url) as (town, settings):
        with alive(town, settings):
            town.settle("P8D")
        before = {user: len(town.direct(user)) for user in EVERYBODY}
        sleeps_until(town, MONDAY + timedelta(days=4, hours=20))
        with alive(town, settings):
            town.settle("P1D")
            assert {user: len(town.direct(user)) for user in EVERYBODY} == before
            assert "0 of 6 answered" in text_of(town.message(RESULT))


def test_a_reminder_of_a_closed_proposal_does_not_arrive(database_url):
    with story(database_url) as (town, settings):
        with alive(town, settings):
            town.types("ana", "/pulse stop")
            town.proposes("Share the van", more="closes:3d")
        sleeps_until(town, START + timedelta(days=3, hours=2))
        with alive(town, settings):
            town.settle("P1D")
            assert not [message for message in town.direct("ben") if "Share the van" in text_of(message)]
            assert "Not decided" in text_of(town.message("Share the van"))


# the database ------------------------------------------------------------------------------------------


@contextmanager
def cut_off(database_url):
    """Yield the URL of the bot's database, and an object that cuts it off and mends it."""
    if database_url.startswith("sqlite"):
        yield database_url, Locked(database_url.removeprefix("sqlite:///"))
    else:
        with cable(database_url) as (through, connection):
            yield through, connection


class Locked:
    """Another process that holds the SQLite file, as a backup might."""

    def __init__(self, path):
        self._path, self._held = path, None

    def cut(self):
        self._held = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=PATIENCE)
        self._held.execute("BEGIN IMMEDIATE")

    def mend(self):
        self._held.execute("ROLLBACK")
        self._held.close()


def test_after_an_hour_without_the_database_everything_arrives_late_and_once(database_url):
    with cut_off(database_url) as (through, outage), story(through) as (town, settings), alive(town, settings):
        cut = threading.Event()
        # the result of the second post cannot be recorded
        town.sandbox.world.faults = AtPost(2, lambda: (outage.cut(), cut.set()))
        sleeps_until(town, MONDAY + timedelta(hours=16, minutes=1))
        assert cut.wait(PATIENCE)
        sleeps_until(town, MONDAY + timedelta(hours=17, minutes=1))
        outage.mend()
        town.settle("PT3H")
        # a process that was cut off has lost its leadership, and needs a while to take it again
        assert wait_until(lambda: town.settle() or all(heard(town, user, QUESTIONS) for user in EVERYBODY))
        for user in EVERYBODY:
            assert len(heard(town, user, QUESTIONS)) == 1, user
        assert unknown(through) == 0
