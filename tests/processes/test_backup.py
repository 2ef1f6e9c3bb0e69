"""A backup of a running bot is complete, comes back with every row, and says nothing twice."""

import contextlib
import shutil
import sqlite3
import stat

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from bot import backup
from bot.config import ConfigurationError, Settings
from bot.runtime import leadership
from storage import outbox
from storage.database import Database
from storage.outbox import OutboxMessage
from storage.schema import metadata
from storage.vocabulary import DeliveryState
from tests.town import KEY, START


def settings_of(path):
    return Settings(database_url=f"sqlite:///{path}", seal_keys=SecretStr(KEY))


def rows(path):
    """Count the rows of every table."""
    db = Database(f"sqlite:///{path}")
    with db.read() as session:
        counts = {
            table.name: session.scalar(select(func.count()).select_from(table)) for table in metadata.sorted_tables
        }
    db.close()
    return counts


@pytest.fixture
def database(founded, tmp_path):
    path = tmp_path / "bot.db"
    shutil.copy(founded / "bot.db", path)
    return path


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_copy_of_a_running_bot_holds_what_was_acknowledged(town, tmp_path):
    town.proposes("Adopt the calendar")
    town.types("ben", "/vote 1 agree")
    path, copy = town.bot.db.url.database, tmp_path / "copy.db"
    said = backup.back_up(Settings(database_url=f"sqlite:///{path}", seal_keys=SecretStr(KEY)), copy)
    assert "6 members, 1 proposal, 0 polls, 0 tasks and 0 meetings" in said
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert rows(copy) == rows(path)
    assert [file.name for file in tmp_path.iterdir() if "copy" in file.name] == ["copy.db"], (
        "one file, without companions"
    )
    assert town.types("cleo", "/vote 1 agree"), "the bot goes on"


def test_a_restored_database_has_every_row_and_the_one_before_is_kept(database, tmp_path):
    copy = tmp_path / "copy.db"
    backup.back_up(settings_of(database), copy)
    before = rows(database)
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE consortium SET name = 'Later'")
    said = backup.restore(settings_of(database), copy)
    assert said.startswith(f"Restored from {copy}: 6 members")
    assert rows(database) == before
    (kept,) = tmp_path.glob("bot.db.before-*")
    assert said.endswith(f"The database that was here is now {kept}.")
    with contextlib.closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT name FROM consortium").fetchall() == [("Later",)]
    assert stat.S_IMODE(database.stat().st_mode) == 0o600


def test_what_waited_when_the_copy_was_made_is_not_posted_again(database, tmp_path):
    db = Database(f"sqlite:///{database}")
    with db.begin() as session:
        for state in (DeliveryState.PENDING, DeliveryState.SENT):
            row = outbox.queue(session, team_id="T1", channel="C1", body={"text": "x"}, about="a verdict", now=START)
            row.state = state
    db.close()
    backup.back_up(settings_of(database), tmp_path / "copy.db")
    said = backup.restore(settings_of(tmp_path / "new.db"), tmp_path / "copy.db")
    assert "1 message may have been posted since. Facilitators see them in `/consortium`." in said
    db = Database(f"sqlite:///{tmp_path / 'new.db'}")
    with db.read() as session:
        states = set(session.scalars(select(OutboxMessage.state)))
    db.close()
    assert DeliveryState.PENDING not in states
    assert DeliveryState.UNKNOWN in states


def test_a_restore_says_that_the_key_of_sealed_answers_is_missing(database, tmp_path):
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("INSERT INTO seal (wrapped) VALUES (?)", (b"sealed with another key",))
    said = backup.restore(settings_of(tmp_path / "new.db"), database)
    assert (
        "The key that sealed the answers of an open poll or pulse (nobody has answered yet) is missing. Put it back "
        "before you start." in said
    )


def refusal(command, *arguments):
    with pytest.raises(ConfigurationError) as refused:
        command(*arguments)
    return str(refused.value)


def test_a_backup_never_replaces_a_file_and_a_restore_takes_only_a_backup(database, tmp_path, empty_sqlite):
    settings, before = settings_of(database), rows(database)
    assert "exists already" in refusal(backup.back_up, settings, database)
    assert "cannot write to" in refusal(backup.back_up, settings, tmp_path / "missing" / "copy.db")
    assert "nothing to copy" in refusal(backup.back_up, settings_of(tmp_path / "none.db"), tmp_path / "copy.db")
    assert "There is no file" in refusal(backup.restore, settings, tmp_path / "none.db")
    (tmp_path / "garbage").write_text("garbage " * 1000)
    assert "is no SQLite database, or it is damaged" in refusal(backup.restore, settings, tmp_path / "garbage")
    with contextlib.closing(sqlite3.connect(tmp_path / "other.db")) as connection, connection:
        connection.execute("CREATE TABLE recipe (id INTEGER)")
    assert "none of this bot" in refusal(backup.restore, settings, tmp_path / "other.db")
    shutil.copy(empty_sqlite, tmp_path / "newer.db")
    with contextlib.closing(sqlite3.connect(tmp_path / "newer.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "newer version" in refusal(backup.restore, settings, tmp_path / "newer.db")
    assert rows(database) == before
    assert not [*tmp_path.glob("*.partial"), *tmp_path.glob("*.before-*")]


def test_nothing_is_restored_under_a_running_bot(database, tmp_path):
    backup.back_up(settings_of(database), tmp_path / "copy.db")
    with leadership.lock_database(database):
        assert "Another process uses" in refusal(backup.restore, settings_of(database), tmp_path / "copy.db")


def test_postgresql_has_its_own_programs_and_no_password_is_printed(tmp_path):
    settings = Settings(database_url="postgresql://bot:secret@db.example/consortium")
    said = refusal(backup.back_up, settings, tmp_path / "copy.dump")
    assert (
        f"pg_dump --format=custom --file={tmp_path / 'copy.dump'} --dbname=postgresql://bot@db.example/consortium"
        in said
    )
    assert "secret" not in said
    assert "pg_restore" in refusal(backup.restore, settings, tmp_path / "copy.dump")
