"""A database that goes silent: its connections stay open, and nothing comes back on them."""

import signal
import time

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.runtime.leadership import ServerLeadership
from bot.sandbox import PATIENT, Sandbox, serve
from storage.database import Database, Patience
from tests import databases
from tests.bot_process import free_port, running
from tests.delivery.cable import cable
from tests.delivery.test_apart import Apart, readiness
from tests.town import KEY
from tests.waiting import PATIENCE, wait_until

on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)

IMPATIENT = Patience(connect=2, statement=1, answer=2, idle=3)


@pytest.fixture
def line(database_url):
    with cable(database_url) as (url, clogs):
        yield url, clogs


@on_postgres
def test_who_waits_for_a_silent_server_gets_an_error_and_goes_on_once_it_answers(line):
    url, clogs = line
    db = Database(url, patience=IMPATIENT)
    with db.read() as session:
        assert session.execute(text("SELECT 1")).scalar() == 1
    with pytest.raises(OperationalError), db.read() as session:
        session.execute(text("SELECT 1"))
        clogs.clog()
        session.execute(text("SELECT 2"))
    # neither a connection of the pool nor a new one is waited for
    with pytest.raises(OperationalError), db.read() as session:
        session.execute(text("SELECT 3"))
    clogs.mend()
    with db.read() as session:
        assert session.execute(text("SELECT 4")).scalar() == 4
    db.close()


@on_postgres
def test_a_statement_that_takes_too_long_ends_on_the_server(database_url):
    db = Database(database_url, patience=IMPATIENT)
    with pytest.raises(OperationalError, match="statement timeout"), db.read() as session:
        session.execute(text("SELECT pg_sleep(60)"))
    db.close()


@on_postgres
def test_the_lock_of_a_leader_that_has_gone_silent_does_not_keep_another_one_out(line, database_url):
    url, clogs = line
    cut_off, standby = Database(url, patience=IMPATIENT), Database(database_url, patience=IMPATIENT)
    first, second = ServerLeadership(cut_off), ServerLeadership(standby)
    for leadership in (first, second):
        leadership.begin()
    assert first.leads()
    assert not second.leads()
    clogs.clog()
    # the first one knows that it does not lead before the second one does
    assert not first.leads()
    assert wait_until(second.leads)
    clogs.mend()
    assert not first.leads()
    for leadership, db in ((first, cut_off), (second, standby)):
        leadership.end()
        db.close()


@on_postgres
def test_a_transaction_that_has_gone_silent_gives_its_locks_back(line, database_url):
    url, clogs = line
    cut_off, other = Database(url, patience=IMPATIENT), Database(database_url)
    connection = cut_off.engine.connect()
    connection.execute(text("LOCK TABLE consortium"))
    clogs.clog()

    def reads():
        try:
            with other.read() as session:
                return session.execute(text("SELECT count(*) FROM consortium")).scalar() == 0
        except OperationalError:
            return False

    assert wait_until(reads)
    connection.invalidate()
    connection.close()
    cut_off.close()
    other.close()


@pytest.mark.more
def test_web_and_workers_recover_or_end_within_half_a_minute(postgres_url):
    databases.delete_rows(postgres_url)
    sandbox, port = Sandbox(wire_time=PATIENT), free_port()
    with (
        serve(sandbox, port=0) as slack,
        cable(postgres_url) as (first_url, first),
        cable(postgres_url) as (web_url, web),
    ):
        credentials = sandbox.credentials
        settings = {
            "SLACK_BOT_TOKEN": credentials.bot_token,
            "SLACK_SIGNING_SECRET": credentials.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "SEAL_KEYS": KEY,
            "PORT": str(port),
        }
        with (
            running("worker", {**settings, "DATABASE_URL": first_url}) as leader,
            running("worker", {**settings, "DATABASE_URL": postgres_url}) as standby,
            running("web", {**settings, "DATABASE_URL": web_url}) as answering,
        ):
            assert wait_until(lambda: readiness(port) == "ready")
            sandbox.deliver_to(f"http://127.0.0.1:{port}/slack/events")
            apart = Apart(slack.url)
            apart.types("ana", '/consortium setup "Northern Valleys"')
            for agency, person in (("Elm", "ben"), ("Birch", "cleo")):
                apart.types("ana", f'/consortium agency add "{agency}"')
                apart.types("ana", f"/consortium member @{person} {agency} representative")
            # the leader falls silent, and the other worker delivers
            first.clog()
            began = time.monotonic()
            apart.types("ana", '/propose now "Adopt the calendar"')
            assert apart.shows("#1 Adopt the calendar")
            assert time.monotonic() - began < 60
            # the web process says so while its own database is silent, and recovers
            web.clog()
            assert readiness(port) == "the database does not answer"
            web.mend()
            assert wait_until(lambda: readiness(port) == "ready")
            apart.types("ben", "/vote 1 agree")
            assert apart.shows("*1 of 2 agencies heard*")
            # silent or not, who is asked to end does
            web.clog()
            began = time.monotonic()
            for process in (leader, answering, standby):
                process.send_signal(signal.SIGTERM)
            for process in (leader, answering, standby):
                process.wait(timeout=PATIENCE)
            assert time.monotonic() - began < 60
            apart.http.close()
    assert not _answers(port)


def _answers(port):
    try:
        httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=1)
    except httpx.TransportError:
        return False
    return True
