"""One wait for the disk, shared by several short transactions that come at the same moment (SQLite)."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

MOST = 16
"""So many share a transaction; more would keep the first waiting for longer than the disk does."""


class Shared:
    """A transaction in which several work, one after another, each within a savepoint.

    Savepoints go to the driver at once: SQLAlchemy's own take as long as two queries. The first one stands for
    the whole: where SQLite has undone everything by itself, it is gone, and nothing can be taken for stored.
    """

    def __init__(self, engine: Engine) -> None:
        self._connection: Connection = engine.connect()
        try:
            self._connection.begin()
        except BaseException:
            self._connection.close()
            raise
        self._driver = cast("sqlite3.Connection", self._connection.connection.driver_connection)
        self._driver.execute("SAVEPOINT first")
        self._ended = threading.Event()
        self._failure: BaseException | None = None
        self.size = 0

    @contextmanager
    def part(self) -> Iterator[Session]:
        """Do one's own part; where it fails, only that is undone."""
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
        """Tell whether SQLite has undone the parts of all, as it does when the disk is full."""
        return not self._driver.in_transaction

    def end(self) -> None:
        """Write to disk what all have done."""
        try:
            self._driver.execute("RELEASE first")  # fails where SQLite has undone everything
            self._connection.commit()
        except BaseException as failure:  # noqa: BLE001 - raised by each that has a part in it
            self._failure = failure
        finally:
            self._connection.close()
            self._ended.set()

    def wait(self) -> None:
        """Wait until it is on disk. Raises what kept it from getting there."""
        self._ended.wait()
        if self._failure is not None:
            raise self._failure


class Sharing:
    """Lets short transactions share: the last of those that wait for their turn ends it for all.

    `turn` is held by whoever writes. Who wants a transaction alone calls `clear` first.
    """

    def __init__(self, engine: Engine, turn: threading.Lock) -> None:
        self._engine = engine
        self._turn = turn
        self._counting = threading.Lock()
        self._coming = 0
        self._open: Shared | None = None

    @contextmanager
    def part(self) -> Iterator[Session]:
        """Open one's own part of a transaction; all of it is on disk when the block ends, or nothing is.

        A refusal waits too: it may rest on what another part has done.
        """
        with self._counting:
            self._coming += 1
        shared: Shared | None = None
        try:
            with self._turn:
                with self._counting:
                    self._coming -= 1
                shared = self._open = self._open or Shared(self._engine)
                try:
                    with shared.part() as session:
                        yield session
                finally:
                    if not self._coming or shared.size >= MOST or shared.is_lost:
                        self.clear()
        finally:
            if shared is not None:
                shared.wait()

    def clear(self) -> None:
        """End what is open."""
        shared, self._open = self._open, None
        if shared is not None:
            shared.end()
