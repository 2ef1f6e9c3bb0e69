"""LISTEN on PostgreSQL: the database reports that another process has put something into the outbox."""

import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from storage.database import WAKE_CHANNEL, Database

log = structlog.get_logger()

POLL_SECONDS = 0.1
RETRY_SECONDS = 5.0
JOIN_SECONDS = 3.0
PROBE_SECONDS = 10.0
"""How often to check that the server is still there. A silent one looks as if there were no notifications."""


class PgListener:
    """Wakes the courier when another process has put something into the outbox."""

    def __init__(self, db: Database, wake: Callable[[], None]) -> None:
        self._db = db
        self._wake = wake
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pg-listener", daemon=True)

    def start(self) -> None:
        """Start listening."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the current poll."""
        self._stopping.set()
        self._thread.join(timeout=JOIN_SECONDS)

    def _run(self) -> None:
        # imported here because a bot on SQLite does not need it
        import psycopg  # noqa: PLC0415

        while not self._stopping.is_set():
            try:
                self._listen()
            except (SQLAlchemyError, psycopg.Error) as error:
                log.warning("not listening to the database", error=type(error).__name__)
                self._stopping.wait(RETRY_SECONDS)

    def _listen(self) -> None:
        with self._db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"LISTEN {WAKE_CHANNEL}")
            driver: Any = connection.connection.driver_connection
            heard_at = time.monotonic()
            while not self._stopping.is_set():
                for _ in driver.notifies(timeout=POLL_SECONDS, stop_after=1):
                    self._wake()
                if time.monotonic() - heard_at > PROBE_SECONDS:
                    connection.exec_driver_sql("SELECT 1")
                    heard_at = time.monotonic()
