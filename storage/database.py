"""The database: one engine, one base class, and the ways to open a session."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from enum import Enum as PythonEnum
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Dialect, Enum, Integer, MetaData, create_engine, event, make_url
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from storage import vocabulary
from storage.group_commit import Sharing

LOCK_SECONDS = 2
"""How long a request waits for a connection or a row before it gives up; Slack waits three seconds."""

SCRUB_MILLISECONDS = 200
"""How long wiping waits for whoever reads or writes before it gives up for now."""


class Utc(TypeDecorator[datetime]):
    """An aware moment, kept in UTC.

    Refuses naive datetimes: SQLite drops the offset silently, so a wrong hour would be found much later.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Turn an aware moment into UTC. Raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give back an aware moment."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Utc,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        PythonEnum: Enum(PythonEnum, native_enum=False, length=24, values_callable=lambda e: [m.value for m in e]),
        **{getattr(vocabulary, name): Integer for name in vars(vocabulary) if name.endswith("Id")},
    }


class Database:
    """A place to keep things: a SQLite file or a PostgreSQL server.

    SQLite takes one writer at a time, so here one lock stands before every write; PostgreSQL locks rows.
    """

    def __init__(self, url: str, *, connections: int = 20, lock_seconds: int = LOCK_SECONDS) -> None:
        self.url: URL = normalise(url)
        self._lock_seconds = lock_seconds
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer: AbstractContextManager[Any] = nullcontext()
        self._sharing: Sharing | None = None
        self._wakers: list[Callable[[], None]] = []
        self.engine: Engine = self._sqlite() if self.is_sqlite else self._postgres(connections)
        self._writing = self.engine.execution_options(writes=True)
        alone = {} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._glancing = self.engine.execution_options(**alone)
        if self.is_sqlite:
            turn = threading.Lock()
            self._writer, self._sharing = turn, Sharing(self._writing, turn)

    def _sqlite(self) -> Engine:
        engine = create_engine(
            self.url,
            # an error names no values: what people wrote must not reach a log
            hide_parameters=True,
            connect_args={"timeout": self._lock_seconds, "check_same_thread": False},
        )
        event.listen(engine, "connect", partial(_prepare_sqlite, self._lock_seconds))
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _postgres(self, connections: int) -> Engine:
        return create_engine(
            self.url,
            hide_parameters=True,
            pool_size=connections,
            max_overflow=2,
            pool_timeout=self._lock_seconds,
            pool_pre_ping=True,
            connect_args={
                "options": f"-c lock_timeout={self._lock_seconds}s -c timezone=UTC",
                "connect_timeout": 5,
            },
        )

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open one transaction that may write; it is on disk when the block ends, or nothing is."""
        with self._writer:
            if self._sharing:
                self._sharing.clear()
            with Session(self._writing, expire_on_commit=False) as session, session.begin():
                yield session
        if session.info.pop("wake", False):
            self.wake()

    @contextmanager
    def together(self) -> Iterator[Session]:
        """Open a short transaction that may share its wait for the disk with others; else as `begin`."""
        with self._sharing.part() if self._sharing else self.begin() as session:
            yield session
        if session.info.pop("wake", False):
            self.wake()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open one transaction that only reads; it waits for no writer."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def glance(self) -> Iterator[Session]:
        """Open a session for one statement that only reads; on PostgreSQL no transaction is begun and ended for it."""
        with Session(self._glancing, expire_on_commit=False) as session:
            yield session

    def on_wake(self, waker: Callable[[], None]) -> None:
        """Call `waker` after each commit in this process that left something to deliver."""
        self._wakers.append(waker)

    def wake(self) -> None:
        """Tell whoever delivers that there is something to do."""
        for waker in self._wakers:
            waker()

    def scrub(self, *tables: str) -> bool:
        """Wipe what was deleted from these tables out of the database's own files; tell whether that was possible.

        SQLite overwrites what it deletes, here its log of changes is emptied too; PostgreSQL writes the tables anew,
        since clearing dead rows away leaves their bytes in pages that are still in use. Where others stand in the
        way it gives up soon, for whoever wants to write waits meanwhile.
        """
        with self.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            return self._empty_log(connection) if self.is_sqlite else _rewrite(connection, tables)

    def _empty_log(self, connection: Connection) -> bool:
        with self._writer:
            if self._sharing:
                self._sharing.clear()
            connection.exec_driver_sql(f"PRAGMA busy_timeout={SCRUB_MILLISECONDS}")
            try:
                busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={self._lock_seconds * 1000}")
        return not busy

    def close(self) -> None:
        """Let all connections go."""
        self.engine.dispose()


def _rewrite(connection: Connection, tables: Sequence[str]) -> bool:
    connection.exec_driver_sql(f"SET lock_timeout = {SCRUB_MILLISECONDS}")
    try:
        connection.exec_driver_sql(f"VACUUM (FULL) {', '.join(tables)}")
    except OperationalError:
        return False
    finally:
        connection.exec_driver_sql("RESET lock_timeout")
    return True


def normalise(url: str) -> URL:
    """Read a database address; what hosting services call `postgres://` means psycopg 3 here."""
    parsed = make_url(url)
    if parsed.drivername in {"postgres", "postgresql"}:
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def file_of(url: URL) -> Path | None:
    """Name the file of a SQLite database, or None."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def _prepare_sqlite(lock_seconds: int, connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.execute(f"PRAGMA busy_timeout={lock_seconds * 1000}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
