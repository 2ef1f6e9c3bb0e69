"""Health tells the truth: `/readyz` and the doctor name what is wrong, in whole sentences."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
import structlog
from cryptography.fernet import Fernet
from pydantic import SecretStr
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from starlette.routing import Route

from bot import doctor, health, sealed_keys
from bot.config import ConfigurationError, Settings
from bot.runtime import leadership
from bot.runtime.heartbeat import Heartbeat, Standstill
from bot.runtime.leadership import ServerLeadership, has_leader
from bot.runtime.scheduler import SweepRunner, Ticker
from bot.runtime.signature_trouble import TROUBLES, SignatureTrouble
from bot.runtime.signatures import Verdict
from bot.runtime.web import _UntilTheEnd
from handlers.kit.isolation import log_failure
from storage import health as reports
from storage import migrate, notices, outbox, seals
from storage.database import Database
from storage.due import DueTimes
from storage.outbox import OutboxMessage
from storage.seals import KeyRing
from tests.bot_process import finished
from tests.storage.people import founded
from tests.town import KEY, START
from tests.waiting import PATIENCE

NOW = datetime.now(UTC)
BODY = b"command=%2Fvote&text=help&team_id=T1&user_id=U1&trigger_id=1&channel_id=C1"


def readiness(town):
    url = town.http.get("/sandbox/app").json()["request_url"].removesuffix("/slack/events")
    answer = httpx.get(f"{url}/readyz", timeout=PATIENCE)
    return answer.status_code, answer.text


def posts(town, secret, *, seconds_ago=0):
    """Send a request that is signed with a secret. Return the status."""
    url = town.http.get("/sandbox/app").json()["request_url"]
    stamp = str(int(time.time()) - seconds_ago)
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=BODY)
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
    return httpx.post(url, content=BODY, headers=headers, timeout=PATIENCE).status_code


def examine(settings):
    lines = []
    doctor.check(settings, lines.append)
    return "\n".join(lines)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_silent_database_leaves_one_line_for_each_request_and_one_a_minute_for_the_rest(db):
    silence = OperationalError("SELECT 1", {}, Exception("the server closed the connection"))
    with structlog.testing.capture_logs() as logs:
        for _ in range(5):
            log_failure("courier failed", silence)
        log_failure("sweep failed", silence, sweep="polls")
        log_failure("sweep failed", ValueError("a bug"), sweep="polls")
    assert [line["event"] for line in logs] == ["courier failed", "sweep failed", "sweep failed"]
    assert ["exc_info" in line for line in logs] == [False, False, True]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_types_while_the_database_is_silent_leaves_one_line_and_no_traceback(town, monkeypatch):
    def silent(*_):
        raise OperationalError("SELECT 1", {}, Exception("the server closed the connection"))

    for way in ("begin", "read", "glance", "together"):
        monkeypatch.setattr(town.bot.db, way, silent)
    with structlog.testing.capture_logs() as logs:
        assert "That did not work, and it was our fault" in town.types("ben", "/vote")
    monkeypatch.undo()
    faults = [line for line in logs if line["event"] == "fault"]
    assert len(faults) == 1
    assert (faults[0]["database"], "exc_info" in faults[0]) == ("unavailable", False)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_worker_whose_tables_vanish_says_so_once_a_minute(db):
    leader = leadership.for_database(db)
    leader.begin()
    sweeps = SweepRunner(SimpleNamespace(db=db), leader, [], lambda *_: "")
    sweeps._dues = DueTimes({"notices": notices.next_due})
    ticker = Ticker(sweeps, SimpleNamespace(now=lambda: NOW))
    with db.begin() as session:
        session.execute(text("DROP TABLE outbox"))
        session.execute(text("DROP TABLE notice"))
    with structlog.testing.capture_logs() as logs:
        for _ in range(4):
            ticker._tick()
    assert [line["event"] for line in logs] == ["scheduled work failed"]
    leader.end()


def test_a_request_that_is_cut_off_at_the_end_is_answered_without_a_traceback():
    sent = []

    async def cut_off():
        async def hangs(_request):
            await asyncio.Event().wait()

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
        application = _UntilTheEnd(routes=[Route("/", hangs)])
        request = asyncio.create_task(application(scope, None, send))
        await asyncio.sleep(0)
        request.cancel()
        await request

    with structlog.testing.capture_logs() as logs:
        asyncio.run(cut_off())
    assert sent[0]["status"] == 503
    assert [line["event"] for line in logs] == ["a request was cut off, because the process ends"]


def test_all_is_well(town):
    town.settle()
    assert readiness(town) == (200, "ready")
    assert "ok    Health: no trouble is known." in examine(town.bot.settings)


# signatures ---------------------------------------------------------------------------------------------


def test_a_wrong_secret_is_named_until_slack_signs_with_the_right_one(empty_town):
    assert posts(empty_town, "wrong") == 401
    assert readiness(empty_town) == (503, TROUBLES[Verdict.WRONG_SECRET])
    empty_town.bot.heartbeat.beat()
    assert f"CHECK Health: {TROUBLES[Verdict.WRONG_SECRET]}" in examine(empty_town.bot.settings)
    empty_town.types("ana", "/vote help")
    assert readiness(empty_town) == (200, "ready")
    # from now on anybody can be wrong
    assert posts(empty_town, "wrong") == 401
    assert readiness(empty_town) == (200, "ready")


def test_a_wrong_clock_is_told_apart_from_a_wrong_secret(empty_town):
    secret = empty_town.sandbox.credentials.signing_secret
    assert posts(empty_town, secret, seconds_ago=3600) == 401
    assert readiness(empty_town) == (503, TROUBLES[Verdict.WRONG_TIME])
    empty_town.types("ana", "/vote help")
    assert readiness(empty_town) == (200, "ready")


def test_what_slack_cannot_have_sent_is_no_sign_of_trouble():
    signatures = SignatureTrouble()
    signatures.refuse(Verdict.NOT_SIGNED)
    assert signatures.trouble() == ""


def test_a_wrong_signature_is_trouble_until_slack_has_signed_a_request():
    signatures = SignatureTrouble()
    signatures.refuse(Verdict.WRONG_SECRET)
    assert signatures.trouble() == TROUBLES[Verdict.WRONG_SECRET]
    signatures.accept()
    signatures.refuse(Verdict.WRONG_SECRET)
    assert signatures.trouble() == "", "anybody can send such requests"
    signatures.refuse(Verdict.WRONG_TIME)
    assert signatures.trouble() == TROUBLES[Verdict.WRONG_TIME]


# the database --------------------------------------------------------------------------------------------


def test_a_database_without_tables_is_named(tmp_path):
    db = Database(f"sqlite:///{tmp_path / 'new.db'}")
    assert health.problem(db, KeyRing([KEY]), NOW, "me") == "The database has no tables. Run `python -m bot release`."
    migrate.upgrade(db)
    assert health.problem(db, KeyRing([KEY]), NOW, "me") == ""
    db.close()


def test_a_database_into_which_nothing_can_be_written_is_named(db):
    def allow_nothing(connection, _record):
        # as if the disk were full: SQLite may not grow, and PostgreSQL may only read
        limit = "PRAGMA max_page_count = 1" if db.is_sqlite else "SET default_transaction_read_only = on"
        connection.cursor().execute(limit)
        if not db.is_sqlite:
            connection.commit()

    heartbeat = Heartbeat(db, "me", [lambda: "This is wrong. " * 1000])
    heartbeat.beat()
    assert heartbeat.problem == ""
    event.listen(db.engine, "connect", allow_nothing)
    db.engine.dispose()
    full = Heartbeat(db, "somebody else", [lambda: "This is wrong too. " * 1000])
    with structlog.testing.capture_logs() as logs:
        full.beat()
        full.beat()
    assert full.problem.startswith("Nothing can be stored in the database. Its disk may be full")
    assert [line["event"] for line in logs] == ["nothing can be stored"]
    event.remove(db.engine, "connect", allow_nothing)
    db.engine.dispose()
    full.beat()
    assert full.problem == ""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_disk_is_named_before_anything_is_lost(db, monkeypatch):
    assert health.disk(db) == ""
    monkeypatch.setattr(health, "SMALLEST_DISK", 10**18)
    assert "MB are left" in health.disk(db)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_worker_that_leads_on_another_database_of_the_server_is_none_of_ours(db, database_url):
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CREATE DATABASE another")
        elsewhere = Database(db.url.set(database="another").render_as_string(hide_password=False))
        migrate.upgrade(elsewhere)
        leadership = ServerLeadership(elsewhere)
        leadership.begin()
        try:
            assert leadership.leads()
            with db.read() as session:
                assert not has_leader(session)
            with elsewhere.read() as session:
                assert has_leader(session)
        finally:
            leadership.end()
            elsewhere.close()
            connection.exec_driver_sql("DROP DATABASE another")


# delivery ------------------------------------------------------------------------------------------------


def test_messages_that_slack_does_not_take_are_named(db):
    with db.begin() as session:
        outbox.queue(session, team_id="T1", channel="C1", body={"text": "a"}, about="a", now=START)
        session.flush()
        row = session.get_one(OutboxMessage, 1)
        row.attempts, row.reason = 2, "ConnectionRefusedError"
    ring = KeyRing([KEY])
    assert health.problem(db, ring, START + timedelta(minutes=4), "me") == ""
    sentence = "1 message has not reached Slack for more than five minutes (ConnectionRefusedError)."
    assert health.problem(db, ring, START + timedelta(minutes=6), "me") == sentence


def test_a_courier_that_stands_still_is_named(monkeypatch):
    progress = [1]
    due = [True]
    standstill = Standstill(lambda: progress[0], lambda: due[0])
    assert standstill.trouble() == ""
    monkeypatch.setattr("bot.runtime.heartbeat.STANDSTILL_SECONDS", 0.0)
    assert standstill.trouble() == "Messages are waiting, and none has been delivered for five minutes."


def test_what_the_leader_reports_reaches_all_and_what_others_report_only_the_doctor(db):
    with db.begin() as session:
        reports.report(session, "1", reports.Role.STANDBY, ["A standby has trouble."], NOW)
        reports.report(session, "2", reports.Role.LEADER, ["The leader has trouble."], NOW)
        reports.report(session, "3", reports.Role.LEADER, ["It had trouble."], NOW - timedelta(minutes=2))
    ring = KeyRing([KEY])
    assert health.problem(db, ring, NOW, "me") == "The leader has trouble."
    assert health.findings(db, ring, NOW) == ["The leader has trouble.", "A standby has trouble."]


# keys ----------------------------------------------------------------------------------------------------


@pytest.fixture
def sealed(db):
    """A database with an answer that is sealed."""
    with db.begin() as session:
        author = founded(session, "UTC", START)
        ring = KeyRing([KEY])
        seals.seal_answer(session, ring, seals.create(session, ring), author.person.id, {"choice": 1})
    return db


def test_a_lost_key_is_named(sealed):
    sentence = health.problem(sealed, KeyRing([Fernet.generate_key().decode()]), NOW, "me")
    assert sentence == (
        "The key that sealed the answers of an open poll or pulse (1 answer so far) is missing. They cannot be counted "
        "without it."
    )
    assert health.problem(sealed, KeyRing([Fernet.generate_key().decode(), KEY]), NOW, "me") == ""


def test_the_bot_does_not_start_without_the_key_of_sealed_answers(sealed, database_url):
    other = Fernet.generate_key().decode()
    with pytest.raises(ConfigurationError, match="Put the key back into SEAL_KEYS"):
        sealed_keys.load(Settings(database_url=database_url, seal_keys=SecretStr(other)))
    # a key that was changed in turn opens what the one before has sealed
    keys = sealed_keys.load(Settings(database_url=database_url, seal_keys=SecretStr(f"{other},{KEY}")))
    assert keys == ([other, KEY], None)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("damaged", ["", KEY[:20]])
def test_no_new_key_is_made_while_answers_are_sealed_with_a_lost_one(sealed, database_url, damaged):
    path = sealed.url.database + ".keys"
    sealed.close()
    settings = {"DATABASE_URL": database_url, "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    settings["SLACK_API_URL"] = "http://127.0.0.1:1/api/"
    if damaged:
        Path(path).write_text(damaged, encoding="ascii")
    ended = finished("-m", "bot", "run", settings=settings)
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1] == (
        "The key that sealed the answers of an open poll or pulse (1 answer so far) is missing. Without it nobody can "
        f"ever count them. Put the key back into SEAL_KEYS or {path}, from the copy that you keep apart from the "
        "database."
    )
    assert "Traceback" not in ended.stderr
    assert (Path(path).read_text(encoding="ascii") if damaged else Path(path).exists()) == (damaged or False)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_key_is_made_once_all_sealed_answers_were_opened(sealed, database_url):
    with sealed.begin() as session:
        seals.open_and_erase(session, KeyRing([KEY]), 1)
        assert session.execute(text("SELECT count(*) FROM envelope")).scalar() == 0
    keys, path = sealed_keys.load(Settings(database_url=database_url, seal_keys=SecretStr("")))
    assert path is not None
    assert keys
