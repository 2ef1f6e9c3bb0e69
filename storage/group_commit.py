"""Group commit for SQLite: short transactions that arrive together share one write to disk."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

_LARGEST = 16
"""Parts in one transaction; with more, the first part would wait longer than for the disk."""


class _SharedTransaction:
    """A transaction whose parts run one after another, each within a savepoint.

    The savepoints go directly to the driver, because SQLAlchemy's own take as long as two queries. The outermost
    savepoint stands for the whole transaction: if SQLite has rolled everything back, releasing it fails, so that
    no part is reported as stored.
    """

    def __init__(self, engine: Engine) -> None:
        self._connection: Connection = engine.connect()
        try:
            self._connection.begin()
        except BaseException:
            self._connection.close()
            raise
        self._driver = cast("sqlite3.Connection", self._connection.connection.driver_connection)
        self._driver.execute("SAVEPOINT whole")
        self._ended = threading.Event()
        self._failure: BaseException | None = None
        self.size = 0

    @contextmanager
    def part(self) -> Iterator[Session]:
        """Open a session for one part. If the part fails, only its own changes are rolled back."""
        self.size += 1
        self._driver.execute("SAVEPOINT part")
        try:
            with Session(self._connection, expire_on_commit=False, join_transaction_mode="rollback_only") as session:
                yield session
                session.commit()
        except BaseException:
            if not self.is_lost:
                self._driver.execute("ROLLBACK TO part")
            raise

    @property
    def is_lost(self) -> bool:
        """Return whether SQLite has rolled back all parts, as it does when the disk is full."""
        return not self._driver.in_transaction

    def commit(self) -> None:
        """Write all parts to disk. A failure is raised by `wait`, in each part."""
        try:
            self._driver.execute("RELEASE whole")  # fails if SQLite has rolled everything back
            self._connection.commit()
        except BaseException as failure:  # noqa: BLE001 - raised in each part by `wait`
            self._failure = failure
        finally:
            self._connection.close()
            self._ended.set()

    def wait(self) -> None:
        """Wait until the transaction is on disk. Raise the error that prevented it."""
        self._ended.wait()
        if self._failure is not None:
            raise self._failure


class GroupCommit:
    """Runs short transactions as parts of shared ones; the last part that is waiting commits for all.

    Writers hold `writer_lock`. A writer that needs a transaction of its own calls `commit_open` first.
    """

    def __init__(self, engine: Engine, writer_lock: threading.Lock) -> None:
        self._engine = engine
        self._writer_lock = writer_lock
        self._waiting_lock = threading.Lock()
        self._waiting = 0
        self._open: _SharedTransaction | None = None

    @contextmanager
    def part(self) -> Iterator[Session]:
        """Open a part of a shared transaction; when the block ends, all of the part is on disk or nothing is.

        A part that raises an error waits too: the error may depend on what another part has written.
        """
        with self._waiting_lock:
            self._waiting += 1
        shared: _SharedTransaction | None = None
        try:
            with self._writer_lock:
                with self._waiting_lock:
                    self._waiting -= 1
                shared = self._open = self._open or _SharedTransaction(self._engine)
                try:
                    with shared.part() as session:
                        yield session
                finally:
                    if not self._waiting or shared.size >= _LARGEST or shared.is_lost:
                        self.commit_open()
        finally:
            if shared is not None:
                shared.wait()

    def commit_open(self) -> None:
        """Commit the shared transaction that is open, if there is one. The caller holds the writer lock."""
        shared, self._open = self._open, None
        if shared is not None:
            shared.commit()
