"""What keeps the bot from starting is one sentence, and exit code 2."""

import contextlib
import os
import socket
import sqlite3
import stat

import psycopg
import pytest
from cryptography.fernet import Fernet

from bot.runtime.leadership import lock_database
from bot.sandbox import PATIENT, Sandbox, serve
from storage import migrate
from storage.database import Database
from tests import databases
from tests.bot_process import finished, free_port, running
from tests.town import KEY

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_SIGNING_SECRET": "s", "SEAL_KEYS": KEY}


@pytest.fixture
def slack():
    """Yield the settings of an app in a Slack."""
    sandbox = Sandbox(wire_time=PATIENT)
    with serve(sandbox) as served:
        credentials = sandbox.credentials
        yield {
            "SLACK_BOT_TOKEN": credentials.bot_token,
            "SLACK_APP_TOKEN": credentials.app_token,
            "SLACK_SIGNING_SECRET": credentials.signing_secret,
            "SLACK_API_URL": served.api_url,
            "SEAL_KEYS": KEY,
            "PORT": str(free_port()),
        }


@pytest.fixture
def empty_postgres(postgres_url):
    """Yield the URL of a new database without tables, on the same server."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS without_tables WITH (FORCE)")
        connection.execute("CREATE DATABASE without_tables")
        host, user = connection.info.host, connection.info.user
        yield f"postgresql://{user}@/without_tables?host={host}&port={connection.info.port}"
        connection.execute("DROP DATABASE without_tables WITH (FORCE)")


def refused(*words, **settings):
    """Run a command that cannot start. Return its one sentence."""
    ended = finished("-m", "bot", *words, settings={**TOKENS, **settings})
    assert (ended.returncode, ended.stdout) == (2, ""), ended
    (line,) = ended.stderr.splitlines()
    return line


@pytest.mark.parametrize("command", ["run", "release"])
def test_the_tables_of_a_file_that_another_process_uses_are_left_alone(tmp_path, slack, command):
    path = tmp_path / "bot.db"
    with lock_database(path):
        said = refused(command, **{**slack, "DATABASE_URL": f"sqlite:///{path}"})
    assert said.startswith(f"Another process uses {path}.")
    db = Database(f"sqlite:///{path}")
    assert migrate.current_revision(db) is None
    db.close()


@pytest.mark.parametrize("command", ["run", pytest.param("release", marks=pytest.mark.more)])
@pytest.mark.parametrize("place", ["a missing folder", "a folder", "garbage", "a torn file", "no right to write"])
def test_a_database_file_that_cannot_be_used(tmp_path, empty_sqlite, command, place):
    (tmp_path / "garbage.db").write_text("not a database, but long enough for its header\n" * 100)
    (tmp_path / "torn.db").write_bytes(empty_sqlite.read_bytes()[:100] + os.urandom(8092))
    path, sentence = {
        "a missing folder": (tmp_path / "missing" / "bot.db", "but there is no such folder. Create it"),
        "a folder": (tmp_path, "which is a folder. Name a file in it"),
        "garbage": (tmp_path / "garbage.db", "is no SQLite database, or it is damaged. Restore a backup"),
        "a torn file": (tmp_path / "torn.db", "is no SQLite database, or it is damaged. Restore a backup"),
        "no right to write": ("/proc/bot.db", "The bot cannot write /proc/bot.db"),
    }[place]
    assert sentence in refused(command, DATABASE_URL=f"sqlite:///{path}")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql://bot:secret@127.0.0.1:1/bot", "PostgreSQL at 127.0.0.1 does not answer. Check that it runs"),
        ("postgresql://bot:secret@no-such-host.invalid/bot", "PostgreSQL at no-such-host.invalid does not answer."),
    ],
)
@pytest.mark.parametrize("command", ["worker", pytest.param("web", marks=pytest.mark.more), "release"])
def test_a_server_that_is_away(command, url, sentence):
    assert sentence in refused(command, DATABASE_URL=url)


def test_a_server_that_does_not_let_the_bot_in(postgres_url):
    line = refused("release", DATABASE_URL=postgres_url.replace("/postgres?", "/no_such_database?"))
    assert line.endswith("does not let the bot in. Check the user, password, and database name in DATABASE_URL.")


@pytest.mark.parametrize("command", ["worker", "web"])
def test_a_database_without_tables_is_one_line_and_no_start(empty_postgres, command):
    line = refused(command, DATABASE_URL=empty_postgres)
    assert line == "The database has no tables yet. Run `python -m bot release`."


@pytest.mark.parametrize("command", ["run", "release"])
def test_a_database_of_a_newer_version(tmp_path, empty_sqlite, command):
    path = tmp_path / "bot.db"
    path.write_bytes(empty_sqlite.read_bytes())
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert refused(command, DATABASE_URL=f"sqlite:///{path}").startswith("The database was written by a newer version")


def test_a_database_of_an_older_version_is_migrated_first(postgres_url, empty_postgres):
    databases.migrate_database(empty_postgres)
    with psycopg.connect(empty_postgres, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    assert "from an earlier version of the bot. Run `python -m bot release`" in refused(
        "web", DATABASE_URL=empty_postgres
    )


@pytest.mark.parametrize("port", ["-1", "65536", "many"])
def test_an_impossible_port(port):
    assert refused("run", PORT=port) == "PORT must be a number from 1 to 65535, for example PORT=3000."


def test_a_port_that_is_taken(slack, tmp_path):
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = taken.getsockname()[1]
        line = refused("run", **{**slack, "PORT": str(port)}, DATABASE_URL=f"sqlite:///{tmp_path / 'bot.db'}")
    assert line.startswith(f"Another program uses port {port}. Stop it, or set PORT to another one")


@pytest.mark.parametrize("port", ["taken", "70000", "-5"])
def test_a_port_that_the_demo_cannot_use(port):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1]) if port == "taken" else port
        assert f"The demo cannot use port {port}" in refused("demo", "--no-browser", f"--port={port}")


def test_a_folder_in_which_the_demo_can_keep_nothing(tmp_path):
    (tmp_path / "file").touch()
    words = ("demo", "--no-browser", "--port=0", "--empty", "--data")
    assert "The demo cannot keep its data in" in refused(*words, str(tmp_path / "file"))
    (tmp_path / "bot.db").write_text("garbage " * 1000)
    assert "is no SQLite database" in refused(*words, str(tmp_path))
    other = tmp_path / "other"
    other.mkdir()
    (other / "workspace.db").write_text("garbage " * 1000)
    assert "is no SQLite database" in refused(*words, str(other))


def test_a_database_of_another_workspace_is_refused_and_left_as_it_is(slack, tmp_path, founded):
    path = tmp_path / "bot.db"
    path.write_bytes((founded / "bot.db").read_bytes())
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE workspace SET team_id = 'T0ANOTHER'")
    line = refused("run", **slack, DATABASE_URL=f"sqlite:///{path}")
    assert line.startswith("This database belongs to another Slack workspace than SLACK_BOT_TOKEN does.")
    report = finished("-m", "bot", "doctor", settings={**slack, "DATABASE_URL": f"sqlite:///{path}"})
    assert report.returncode == 1
    assert "CHECK Database: This database belongs to another Slack workspace" in report.stdout
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT team_id FROM workspace").fetchall() == [("T0ANOTHER",)]


def test_only_its_owner_can_read_the_database(slack, tmp_path):
    path = tmp_path / "bot.db"
    path.touch(mode=0o644)
    path.chmod(0o644)
    keys = tmp_path / "bot.db.keys"
    keys.write_text(Fernet.generate_key().decode(), encoding="ascii")
    keys.chmod(0o644)
    with running("run", {**slack, "DATABASE_URL": f"sqlite:///{path}"}):
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob("bot.db*")}
    assert {modes[name] for name in ("bot.db", "bot.db-wal", "bot.db-shm", "bot.db.keys")} == {0o600}, modes


def test_a_new_database_is_private_from_the_first_moment(tmp_path):
    path = tmp_path / "new.db"
    assert finished("-m", "bot", "release", settings={"DATABASE_URL": f"sqlite:///{path}"}).returncode == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    db = Database(f"sqlite:///{path}")
    assert migrate.current_revision(db) == migrate.newest_revision()
    db.close()
