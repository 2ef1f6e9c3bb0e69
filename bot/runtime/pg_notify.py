"""On PostgreSQL: being told by the database that something waits to be delivered."""

import contextlib
import threading
from collections.abc import Callable
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from storage.database import WAKE_CHANNEL, Database

log = structlog.get_logger()

LOOK_SECONDS = 1.0
AGAIN_SECONDS = 5.0


class PgListener:
    """Wakes the courier when another process has left something for it."""

    def __init__(self, db: Database, wake: Callable[[], None]) -> None:
        self._db = db
        self._wake = wake
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listening", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """End at once."""
        self._stopping.set()
        with contextlib.suppress(SQLAlchemyError), self._db.engine.begin() as connection:
            connection.exec_driver_sql(f"NOTIFY {WAKE_CHANNEL}")
        self._thread.join(timeout=LOOK_SECONDS * 3)

    def _run(self) -> None:
        # only here, since a bot on SQLite has no use for it
        import psycopg  # noqa: PLC0415

        while not self._stopping.is_set():
            try:
                self._listen()
            except (SQLAlchemyError, psycopg.Error) as error:
                log.warning("not listening", error=type(error).__name__)
                self._stopping.wait(AGAIN_SECONDS)

    def _listen(self) -> None:
        with self._db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"LISTEN {WAKE_CHANNEL}")
            driver: Any = connection.connection.driver_connection
            while not self._stopping.is_set():
                for _ in driver.notifies(timeout=LOOK_SECONDS, stop_after=1):
                    self._wake()
