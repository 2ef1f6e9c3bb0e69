"""The database: the engine, the base class of all tables, and the ways to open a session.

On PostgreSQL, two transactions that lock the same rows in different orders would wait for each other, and the server
would roll one of them back. So there is one order, `LOCK_ORDER`:

1. A transaction locks rows of an earlier table before those of a later one, and several rows of one table by their
   number, in one statement. Who needs a lock later, as a new number needs the consortium's, takes it at its place.
2. Everything else that is written belongs to one of these rows, and is written while that row is locked: positions
   and ballots to a proposal or poll, or to the consortium whose seats change; notices and messages to their subject.
3. Locks are `FOR NO KEY UPDATE`, in SQLAlchemy `with_for_update(key_share=True)`: no key ever changes, and new rows
   that refer to a locked one do not wait for it.

The tests watch all transactions on PostgreSQL for the first rule, and check each query for the third. The rows of an
import follow one another in whatever order their table has; this is the one exception. Where locks cross all the same,
the one intention that the server rolled back runs again: see `run_again`.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum as PythonEnum
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import structlog
from sqlalchemy import JSON, DateTime, Dialect, Enum, Integer, MetaData, create_engine, event, make_url, text
from sqlalchemy.engine import URL, Connection, Engine, ExceptionContext
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from storage import vocabulary
from storage.group_commit import GroupCommit

log = structlog.get_logger()

Result = TypeVar("Result")

LOCK_SECONDS = 2
"""Seconds that a request waits for a connection or a row lock. Slack waits three seconds for the request."""

LOCK_ORDER = (
    "import_draft",
    "meeting_series",
    "meeting",
    "minutes",
    "consortium",
    "membership_request",
    "pulse",
    "pulse_round",
    "proposal",
    "poll",
    "dues",
    "payment",
    "contribution",
    "gain",
    "closure_calendar",
    "member",
    "task",
    "role",
    "load_check",
    "room",
    "work_warning",
)
"""The tables whose rows are locked, in the order in which a transaction locks them."""


def lock_rank(table: str) -> int:
    """Return the place of a table in the order of locks. Tables whose rows nobody locks come last."""
    return LOCK_ORDER.index(table) if table in LOCK_ORDER else len(LOCK_ORDER)


ATTEMPTS = 3
"""How often one intention is tried if the database rolls it back in favor of another transaction."""

LONGEST_PAUSE = 0.1
"""Seconds that somebody waits at most before the next try."""

_VICTIM_CODES = {"40P01", "40001"}
"""PostgreSQL's codes for a transaction that it rolled back: a deadlock, and a conflict of simultaneous changes."""

_SCRUB_LOCK_MILLISECONDS = 200
"""Milliseconds that `Database.scrub` waits for readers and writers before it gives up."""


@dataclass(frozen=True)
class Patience:
    """How many seconds to wait for a PostgreSQL server that may have gone silent.

    `connect` is for a new connection, `statement` for a statement on the server, and `answer` for the server's answer
    on this side. The server ends a transaction that is `idle` for so long, and a leader's session: a leader looks at
    its session every few seconds, so it knows that it no longer leads before the server lets another one lead.
    """

    connect: int = 5
    statement: int = 10
    answer: int = 12
    idle: int = 20


PATIENCE = Patience()

HURRIED_SECONDS = 2
"""Seconds that a process waits for a silent server while it ends."""


UNREADABLE = (LookupError, TypeError, ValueError, DataError)
"""What is raised where something is stored that no code of ours would store, such as "soon" in place of a time."""


class Utc(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC.

    Naive datetimes are rejected: SQLite drops the offset silently, and the wrong hour would be noticed much later.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert an aware datetime to UTC. Raise `ValueError` for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base class of all tables."""

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
    """A SQLite file or a PostgreSQL server.

    SQLite allows one writer at a time, so every write takes a lock in this process first; PostgreSQL locks rows.
    """

    def __init__(
        self,
        url: str,
        *,
        connections: int = 20,
        lock_seconds: int = LOCK_SECONDS,
        patience: Patience = PATIENCE,
    ) -> None:
        self.url: URL = parse_url(url)
        self._lock_seconds = lock_seconds
        self.patience = patience
        self._hurries = False
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer_lock: AbstractContextManager[Any] = nullcontext()
        self._group_commit: GroupCommit | None = None
        self._wakers: list[Callable[[], None]] = []
        self.engine: Engine = self._sqlite_engine() if self.is_sqlite else self._postgres_engine(connections)
        self._write_engine = self.engine.execution_options(writes=True)
        autocommit = {} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._autocommit_engine = self.engine.execution_options(**autocommit)
        if self.is_sqlite:
            lock = threading.Lock()
            self._writer_lock, self._group_commit = lock, GroupCommit(self._write_engine, lock)

    def _sqlite_engine(self) -> Engine:
        engine = create_engine(
            self.url,
            # errors must not contain values: what people wrote must not reach a log
            hide_parameters=True,
            connect_args={"timeout": self._lock_seconds, "check_same_thread": False},
        )
        event.listen(engine, "connect", partial(_prepare_sqlite, self._lock_seconds))
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "handle_error", _read_broken_text)
        return engine

    def _postgres_engine(self, connections: int) -> Engine:
        # imported here because a bot on SQLite does not need it
        from storage.pg_connection import connect  # noqa: PLC0415

        engine = create_engine(
            self.url,
            hide_parameters=True,
            pool_size=connections,
            max_overflow=2,
            pool_timeout=self._lock_seconds,
            pool_pre_ping=True,
            connect_args=_postgres_arguments(self.patience, self._lock_seconds),
        )

        def connect_patiently(_dialect: Dialect, _record: Any, _positional: Any, named: dict[str, Any]) -> Any:
            most = HURRIED_SECONDS if self._hurries else self.patience.connect
            return connect(self._answer_seconds, **{**named, "connect_timeout": most})

        event.listen(engine, "do_connect", connect_patiently)
        return engine

    def _answer_seconds(self) -> float:
        return HURRIED_SECONDS if self._hurries else self.patience.answer

    def hurry(self) -> None:
        """Wait only briefly for a server that has gone silent from now on: the process is about to end."""
        self._hurries = True

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open a transaction that may write. When the block ends, all of it is on disk or nothing is."""
        with self._writer_lock:
            if self._group_commit:
                self._group_commit.commit_open()
            with Session(self._write_engine, expire_on_commit=False) as session, session.begin():
                yield session
        if session.info.pop("wake", False):
            self.wake()

    @contextmanager
    def together(self) -> Iterator[Session]:
        """Open a short transaction that may be committed together with others; otherwise like `begin`."""
        with self._group_commit.part() if self._group_commit else self.begin() as session:
            yield session
        if session.info.pop("wake", False):
            self.wake()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a transaction that only reads. It does not wait for writers."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def glance(self) -> Iterator[Session]:
        """Open a session for a single read. On PostgreSQL it uses autocommit, which saves two round trips."""
        with Session(self._autocommit_engine, expire_on_commit=False) as session:
            yield session

    def on_wake(self, waker: Callable[[], None]) -> None:
        """Call `waker` after each commit in this process that leaves something to deliver."""
        self._wakers.append(waker)

    def wake(self) -> None:
        """Wake the courier in this process."""
        for waker in self._wakers:
            waker()

    def scrub(self, *tables: str) -> bool:
        """Remove deleted rows of these tables from the database files. Return whether that was possible.

        SQLite overwrites deleted rows with zeros, so it is enough to truncate the write-ahead log. PostgreSQL has to
        rewrite the tables, because a plain VACUUM leaves the bytes of dead rows in pages that are still in use.
        Give up early if other transactions are in the way, because writers wait meanwhile.
        """
        with self.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            return self._truncate_log(connection) if self.is_sqlite else _rewrite_tables(connection, tables)

    def _truncate_log(self, connection: Connection) -> bool:
        with self._writer_lock:
            if self._group_commit:
                self._group_commit.commit_open()
            connection.exec_driver_sql(f"PRAGMA busy_timeout={_SCRUB_LOCK_MILLISECONDS}")
            try:
                busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={self._lock_seconds * 1000}")
        return not busy

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _postgres_arguments(patience: Patience, lock_seconds: int) -> dict[str, Any]:
    """Return what a connection is opened with, so that neither side waits for the other when it has gone.

    The server ends a statement before the client gives up on it. It also ends a transaction in which nothing happens,
    because its locks would keep everybody else waiting.
    """
    settings = {
        "timezone": "UTC",
        "lock_timeout": f"{lock_seconds}s",
        "statement_timeout": f"{patience.statement}s",
        "idle_in_transaction_session_timeout": f"{patience.idle}s",
        "tcp_keepalives_idle": patience.connect,
        "tcp_keepalives_interval": patience.connect,
        "tcp_keepalives_count": 2,
    }
    return {
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        "connect_timeout": patience.connect,
        "keepalives": 1,
        "keepalives_idle": patience.connect,
        "keepalives_interval": patience.connect,
        "keepalives_count": 2,
        "tcp_user_timeout": patience.answer * 1000,
    }


@contextmanager
def unhurried(connection: Connection) -> Iterator[None]:
    """Let statements on PostgreSQL take as long as they need in this transaction: a migration may rewrite tables."""
    driver: Any = connection.connection.driver_connection
    seconds, driver.seconds = driver.seconds, lambda: None
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    try:
        yield
    finally:
        driver.seconds = seconds


def run_again(work: Callable[[], Result], may_repeat: Callable[[], bool] = lambda: True) -> Result:
    """Run `work`, one intention, again if the database rolled it back in favor of another transaction.

    Nothing of it was stored, and nobody did anything wrong. After `ATTEMPTS`, or if `may_repeat` says that some of it
    was stored, raise the database's error.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return work()
        except DBAPIError as error:
            if not (was_rolled_back(error) and may_repeat()):
                raise
            log.warning("rolled back by the database and run again", reason=type(error.orig).__name__)
            # of two victims, one comes first now, so that they do not cross again
            time.sleep(random.uniform(0, LONGEST_PAUSE))  # noqa: S311 - nobody has to guess it
    return work()


def was_rolled_back(error: DBAPIError) -> bool:
    """Return whether the database rolled a transaction back in favor of another one."""
    return getattr(error.orig, "sqlstate", None) in _VICTIM_CODES


def _rewrite_tables(connection: Connection, tables: Sequence[str]) -> bool:
    connection.exec_driver_sql(f"SET lock_timeout = {_SCRUB_LOCK_MILLISECONDS}")
    try:
        connection.exec_driver_sql(f"VACUUM (FULL) {', '.join(tables)}")
    except OperationalError:
        return False
    finally:
        connection.exec_driver_sql("RESET lock_timeout")
    return True


def parse_url(url: str) -> URL:
    """Parse a database URL. `postgres://` and `postgresql://`, as hosting services write it, select psycopg 3."""
    parsed = make_url(url)
    if parsed.drivername in {"postgres", "postgresql"}:
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def sqlite_path(url: URL) -> Path | None:
    """Return the file of a SQLite database; None for PostgreSQL or a database in memory."""
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


def _read_broken_text(context: ExceptionContext) -> None:
    """Read texts whose bytes are no UTF-8 with a mark in their place, from the next attempt on.

    One such text would keep all rows beside it from being read. The error quotes the text, which may be private.
    """
    error = context.original_exception
    if context.connection is None or "Could not decode to UTF-8" not in str(error):
        return
    error.args = ("a stored text is no UTF-8",)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = error.args
    raw = context.connection.connection.dbapi_connection
    if raw is not None:
        raw.text_factory = partial(str, encoding="utf-8", errors="replace")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


WAKE_CHANNEL = "outbox"
"""The PostgreSQL notification channel that wakes the courier."""


def wake_on_commit(session: Session) -> None:
    """Wake the courier when this transaction is committed."""
    if not session.info.get("wake"):
        session.info["wake"] = True
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text(f"NOTIFY {WAKE_CHANNEL}"))
