"""Which process ticks and delivers: one at a time, and only while it lives."""

import contextlib
import fcntl
import secrets
from typing import IO

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from storage import outbox
from storage.database import Database, file_of

_LEADER = 7_266_002
_CLAIMS = 7_266_003
"""Advisory locks on PostgreSQL: who ticks, and which processes live."""


class DatabaseInUse(Exception):  # noqa: N818 - it says how the database is
    """Another process uses this SQLite file."""


class FileLeadership:
    """On SQLite: the one process, held by a lock on a file beside the database."""

    def __init__(self, db: Database) -> None:
        self.name = f"file-{secrets.token_hex(6)}"
        self._db = db
        self._file: IO[str] | None = None

    def begin(self) -> None:
        """Take the file. Raises Taken where another process has it."""
        path = file_of(self._db.url)
        if path is None:
            return
        self._file = path.with_name(path.name + ".lock").open("w")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DatabaseInUse(
                f"Another process uses {path}. A SQLite file is for one process; stop the other one first."
            ) from None
        self.recover()

    def leads(self) -> bool:
        """Tell whether this process may tick and deliver."""
        return True

    def recover(self) -> None:
        """Turn what a process that is gone was sending into unknown."""
        with self._db.begin() as session:
            outbox.disown(session, [self.name])

    def end(self) -> None:
        """Let the file go."""
        if self._file is not None:
            self._file.close()


class ServerLeadership:
    """On PostgreSQL: locks that belong to one connection, and so to a living process."""

    def __init__(self, db: Database) -> None:
        self._number = secrets.randbelow(2**31)
        self.name = str(self._number)
        self._db = db
        self._connection: Connection | None = None
        self._led = False
        self._ended = False

    def begin(self) -> None:
        """Show that this process lives."""
        connection = self._db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text("SELECT pg_advisory_lock(:kind, :who)"), {"kind": _CLAIMS, "who": self._number})
        self._connection = connection
        self._led = False

    def leads(self) -> bool:
        """Tell whether this process may tick and deliver, and take over where nobody does."""
        if self._ended:
            return False
        try:
            if self._connection is None:
                self.begin()
            if self._connection is None:
                return False
            if self._led:
                self._connection.execute(text("SELECT 1"))
                return True
            self._led = bool(self._connection.execute(text("SELECT pg_try_advisory_lock(:k)"), {"k": _LEADER}).scalar())
        except SQLAlchemyError:
            self._let_go()
            return False
        if self._led:
            self.recover()
            # what waited while nobody led is sent at once
            self._db.wake()
        return self._led

    def recover(self) -> None:
        """Turn what processes that are gone were sending into unknown."""
        if self._connection is None:
            return
        rows = self._connection.execute(
            text("SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND classid = :kind AND granted"),
            {"kind": _CLAIMS},
        )
        living = {str(row[0]) for row in rows}
        with self._db.begin() as session:
            outbox.disown(session, living)

    def end(self) -> None:
        """Let go of everything, for good: a late tick must not take it up again."""
        self._ended = True
        self._let_go()

    def _let_go(self) -> None:
        self._led = False
        if self._connection is not None:
            with contextlib.suppress(SQLAlchemyError):
                self._connection.invalidate()
                self._connection.close()
            self._connection = None


Leadership = FileLeadership | ServerLeadership


def is_led(session: Session) -> bool:
    """Tell whether some process ticks and delivers for this PostgreSQL database."""
    held = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = :kind AND objsubid = 1 AND granted"
    return session.execute(text(held), {"kind": _LEADER}).first() is not None


def of(db: Database) -> Leadership:
    """Choose the tenure that fits the database."""
    return FileLeadership(db) if db.is_sqlite else ServerLeadership(db)
