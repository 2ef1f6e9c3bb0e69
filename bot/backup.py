"""A copy of a SQLite database that is complete, also of a running bot, and the way back from it.

The database's file alone is no backup: what was written last is in the write-ahead log beside it.
"""

import os
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.engine import URL

from bot import database_check, sealed_keys
from bot.config import ConfigurationError, Settings
from bot.runtime import leadership
from handlers.kit.text import join_names, pluralize
from storage import migrate, outbox, seals
from storage.database import Database, parse_url, sqlite_path
from storage.meetings import Meeting
from storage.members import Member
from storage.polls import Poll
from storage.proposals import Proposal
from storage.seals import KeyRing
from storage.tasks import Task

_COUNTED = (
    (Member, "member", "members"),
    (Proposal, "proposal", "proposals"),
    (Poll, "poll", "polls"),
    (Task, "task", "tasks"),
    (Meeting, "meeting", "meetings"),
)

_COMPANIONS = ("", "-wal", "-shm")
"""The endings of the files that SQLite keeps for one database."""


def back_up(settings: Settings, target: Path) -> str:
    """Copy the database to a new file. Return what was copied. Raise `ConfigurationError` if that is impossible."""
    path = _sqlite_file(settings, f"pg_dump --format=custom --file={shlex.quote(str(target))}")
    if not path.exists():
        raise ConfigurationError(f"There is no database at {path}, so there is nothing to copy.")
    if target.exists():
        raise ConfigurationError(f"{target} exists already. Name a new file, so that no older backup is lost.")
    with _copied(path, target) as copy:
        copied = _count(copy)
        copy.replace(target)
    return (
        f"Copied to {target}: {copied}. Keep the key for sealed answers (SEAL_KEYS, or {path}.keys) in another place."
    )


def restore(settings: Settings, source: Path) -> str:
    """Put a backup in the place of the database, which is kept under another name. Return what was restored.

    What was waiting to be posted when the backup was made may have been posted since, so it is listed as undelivered
    and people decide: the bot says nothing twice. Raise `ConfigurationError` if the file is no backup, or if a bot uses
    the database.
    """
    path = _sqlite_file(settings, f"pg_restore --clean --if-exists {shlex.quote(str(source))}")
    if not source.is_file():
        raise ConfigurationError(f"There is no file {source}.")
    if not path.parent.is_dir():
        raise ConfigurationError(f"DATABASE_URL names a file in {path.parent}, which is no folder. Create it first.")
    try:
        lock = leadership.lock_database(path)
    except leadership.DatabaseInUse as error:
        raise ConfigurationError(str(error)) from None
    with lock, _copied(source, path) as copy:
        restored, notes = _check(settings, source, copy)
        before = _set_aside(path)
        copy.replace(path)
    return " ".join([f"Restored from {source}: {restored}.", *notes, *before])


def _sqlite_file(settings: Settings, command: str) -> Path:
    """Return the SQLite file. Raise `ConfigurationError` for PostgreSQL, with the command that does the same there."""
    url: URL = parse_url(settings.database_url)
    path = sqlite_path(url)
    if path is None:
        # without the password: the program asks for it
        server = URL.create("postgresql", url.username, None, url.host, url.port, url.database).render_as_string()
        raise ConfigurationError(
            f"This database is on a PostgreSQL server, which has its own program for this. Type: {command} "
            f"--dbname={shlex.quote(server)}"
        )
    return path


@contextmanager
def _copied(source: Path, target: Path) -> Iterator[Path]:
    """Copy a database, also one in use, to a private file beside the target, which is deleted if it is left there.

    Raise `ConfigurationError` if the source is no sound database, or if the copy cannot be written.
    """
    copy = target.with_name(f"{target.name}.{os.getpid()}.partial")
    try:
        os.close(os.open(copy, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise ConfigurationError(f"The bot cannot write to {target.parent} ({error.strerror}).") from None
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as reading,
            closing(sqlite3.connect(copy)) as writing,
        ):
            reading.backup(writing)
            # one file, complete without companions
            writing.execute("PRAGMA journal_mode=DELETE")
            sound = writing.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            if not sound or writing.execute("PRAGMA foreign_key_check").fetchone():
                raise ConfigurationError(f"{source} is damaged, so nothing was done.")
        with copy.open("rb+") as file:
            os.fsync(file.fileno())
        yield copy
    except sqlite3.OperationalError as error:
        raise ConfigurationError(f"{source} could not be copied ({error}).") from None
    except sqlite3.DatabaseError:
        raise ConfigurationError(f"{source} is no SQLite database, or it is damaged. Nothing was done.") from None
    finally:
        with suppress(FileNotFoundError):
            copy.unlink()


def _count(path: Path) -> str:
    """Say how much of what matters a database holds."""
    db = Database(f"sqlite:///{path}")
    try:
        if migrate.current_revision(db) is None:
            return "nothing yet"
        with db.read() as session:
            counts = [
                pluralize(session.scalar(select(func.count()).select_from(table)) or 0, one, many)
                for table, one, many in _COUNTED
            ]
        return join_names(counts)
    finally:
        _close(db, path)


def _check(settings: Settings, source: Path, copy: Path) -> tuple[str, list[str]]:
    """Check a copied backup, and take back what may have been posted since. Return what there is to say about it."""
    db = Database(f"sqlite:///{copy}")
    try:
        revision = migrate.current_revision(db)
        if revision is None:
            raise ConfigurationError(f"{source} is a database, but none of this bot. Nothing was done.")
        if revision not in migrate.known_revisions():
            raise ConfigurationError(f"{database_check.NEWER} Nothing was done.")
        with db.begin() as session:
            doubted = outbox.doubt_waiting(session, "restored from a backup, it may have been posted since")
        with db.read() as session:
            stake = seals.find_stake(session, KeyRing(sealed_keys.known(settings)))
    finally:
        _close(db, copy)
    notes = []
    if doubted:
        notes.append(
            f"{pluralize(doubted, 'message')} may have been posted since. Facilitators see them in `/consortium`."
        )
    if stake is not None:
        notes.append(f"The key that sealed the answers of {stake.describe()} is missing. Put it back before you start.")
    return _count(copy), notes


def _close(db: Database, path: Path) -> None:
    """Close a copied database, and make it one file again."""
    db.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _set_aside(path: Path) -> list[str]:
    """Give the present database another name, with its companions. Return what there is to say about it."""
    if not path.exists():
        return []
    aside = path.with_name(f"{path.name}.before-{datetime.now(UTC):%Y%m%d-%H%M%S}")
    for ending in _COMPANIONS:
        file = path.with_name(path.name + ending)
        if file.exists():
            file.rename(aside.with_name(aside.name + ending))
    return [f"The database that was here is now {aside}."]
