"""Leadership: the one process that runs scheduled work and delivers messages, for as long as it lives."""

import contextlib
import fcntl
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

import structlog
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from storage import outbox
from storage.database import Database, sqlite_path

log = structlog.get_logger()

_LEADER_LOCK = 7_266_002
_PROCESS_LOCK = 7_266_003
"""Advisory locks on PostgreSQL: held by the leader, and held by each process under a number of its own."""

_HELD = text(
    "SELECT classid, objid, objsubid FROM pg_locks WHERE locktype = 'advisory' AND granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
"""Advisory locks that are held on this database. The view lists those of the server's other databases too."""


class DatabaseInUse(Exception):  # noqa: N818 - it names the state of the database
    """Another process uses this SQLite file."""


def lock_database(path: Path) -> IO[str]:
    """Lock a SQLite database until the returned file is closed. Raise `DatabaseInUse` if another process has it."""
    file = path.with_name(path.name + ".lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise DatabaseInUse(
            f"Another process uses {path}. A SQLite file is for one process. Stop the other one first."
        ) from None
    return file


class FileLeadership:
    """Leadership on SQLite: the only process, which holds a lock on a file next to the database."""

    def __init__(self, db: Database) -> None:
        self.name = f"file-{secrets.token_hex(6)}"
        self._db = db
        self._file: IO[str] | None = None

    def begin(self, prepare: Callable[[], object] = lambda: None) -> None:
        """Lock the file, then prepare the tables. Raise `DatabaseInUse` if another process holds the lock."""
        path = sqlite_path(self._db.url)
        if path is None:
            prepare()
            return
        self._file = lock_database(path)
        prepare()
        self.recover()

    def leads(self) -> bool:
        """Return whether this process is the leader: on SQLite, always."""
        return True

    def recover(self) -> None:
        """Mark as unknown the messages that dead processes were sending."""
        with self._db.begin() as session:
            outbox.release_claims(session, [self.name])

    def end(self) -> None:
        """Release the file."""
        if self._file is not None:
            self._file.close()


class ServerLeadership:
    """Leadership on PostgreSQL: locks that belong to one connection, and so to a living process."""

    def __init__(self, db: Database) -> None:
        self._number = secrets.randbelow(2**31)
        self.name = str(self._number)
        self._db = db
        self._connection: Connection | None = None
        self._is_leader = False
        self._ended = False
        # the ticker and the courier both ask, and they share one connection
        self._lock = threading.Lock()

    def begin(self, prepare: Callable[[], object] = lambda: None) -> None:
        """Prepare the tables, and take the lock that shows that this process lives."""
        prepare()
        self._connect()

    def _connect(self) -> Connection:
        connection = self._db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        # Where the network swallows everything, the server still sees a connection, and with it the locks of a leader
        # that is gone. It ends the session when the leader has not asked for a while; older servers cannot.
        connection.execute(
            text("SELECT set_config(name, :most, false) FROM pg_settings WHERE name = 'idle_session_timeout'"),
            {"most": f"{self._db.patience.idle}s"},
        )
        connection.execute(
            text("SELECT pg_advisory_lock(:kind, :number)"), {"kind": _PROCESS_LOCK, "number": self._number}
        )
        self._connection = connection
        self._is_leader = False
        return connection

    def leads(self) -> bool:
        """Return whether this process is the leader. Take over if there is none."""
        with self._lock:
            return not self._ended and self._leads()

    def _leads(self) -> bool:
        try:
            connection = self._connection or self._connect()
            if self._is_leader:
                connection.execute(text("SELECT 1"))
                return True
            locked = connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LEADER_LOCK}).scalar()
        except SQLAlchemyError as error:
            if self._is_leader:
                log.warning("leadership lost", error=type(error).__name__)
            self._disconnect()
            return False
        self._is_leader = bool(locked)
        if self._is_leader:
            self.recover()
            # send at once what was waiting while there was no leader
            self._db.wake()
        return self._is_leader

    def recover(self) -> None:
        """Mark as unknown the messages that dead processes were sending."""
        if self._connection is None:
            return
        living = {str(number) for kind, number, _ in self._connection.execute(_HELD) if kind == _PROCESS_LOCK}
        with self._db.begin() as session:
            outbox.release_claims(session, living)

    def end(self) -> None:
        """Release all locks for good: a late tick must not take them again."""
        self._ended = True
        with self._lock:
            self._disconnect()

    def _disconnect(self) -> None:
        self._is_leader = False
        if self._connection is not None:
            with contextlib.suppress(SQLAlchemyError):
                self._connection.invalidate()
                self._connection.close()
            self._connection = None


Leadership = FileLeadership | ServerLeadership


def has_leader(session: Session) -> bool:
    """Return whether any process leads on this PostgreSQL database."""
    return any(number == _LEADER_LOCK and parts == 1 for _, number, parts in session.execute(_HELD))


def for_database(db: Database) -> Leadership:
    """Return the kind of leadership that fits the database."""
    return FileLeadership(db) if db.is_sqlite else ServerLeadership(db)
