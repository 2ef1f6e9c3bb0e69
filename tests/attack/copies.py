"""What a thief of the database holds: copies of its files, byte for byte, and of its rows as they are stored."""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from storage.database import Database, sqlite_path

PAGE = 512
"""Files are compared in pieces of this size; only pieces that differ are examined."""

Row = tuple[tuple[str, Any], ...]
"""Names and values; names that begin with a dot say where the row is stored."""


@dataclass(frozen=True)
class Copy:
    """One copy: files by name, and the rows of all tables in the order in which they are stored."""

    files: Mapping[str, bytes]
    rows: Mapping[str, list[Row]]


class Sqlite:
    """Copies a SQLite database while the bot runs: the file, its write-ahead log and that log's index."""

    def __init__(self, db: Database, room: Path) -> None:
        self._path = sqlite_path(db.url)
        self._room = room

    def files(self) -> dict[str, bytes]:
        """Read the files as they are."""
        found = {suffix: Path(f"{self._path}{suffix}") for suffix in ("", "-wal", "-shm")}
        return {f"db{suffix}": path.read_bytes() for suffix, path in found.items() if path.exists()}

    def take(self) -> Copy:
        """Copy files and rows."""
        files = self.files()
        for name, content in files.items():
            (self._room / name).write_bytes(content)
        connection = sqlite3.connect(self._room / "db")
        try:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            rows = {name: list(self._rows(connection, name)) for (name,) in tables}
        finally:
            connection.close()
        return Copy(files, rows)

    @staticmethod
    def _rows(connection: sqlite3.Connection, table: str) -> Iterator[Row]:
        found = connection.execute(f'SELECT rowid AS ".rowid", * FROM "{table}" ORDER BY rowid')
        names = [column[0] for column in found.description]
        for row in found:
            yield tuple(zip(names, row, strict=True))


class Postgres:
    """Copies all rows with the system columns and, if the server's files can be read, those and its log."""

    def __init__(self, db: Database) -> None:
        self._engine = db.engine.execution_options(isolation_level="AUTOCOMMIT")
        with self._engine.connect() as connection:
            # hidden without the privilege, and on another machine if the server is remote
            found = connection.exec_driver_sql("SELECT setting FROM pg_settings WHERE name = 'data_directory'").scalar()
            place = Path(found or "/nowhere")
            self._place = place if os.access(place / "base", os.R_OK | os.X_OK) else None
            self._log = self._position(connection)

    @staticmethod
    def _position(connection: Any) -> int:
        query = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"
        return int(connection.exec_driver_sql(query).scalar_one())

    def files(self) -> dict[str, bytes]:
        """Read the files of all tables with their overflow and indexes, the statistics, and the new log."""
        if self._place is None:
            return {}
        with self._engine.connect() as connection:
            connection.exec_driver_sql("CHECKPOINT")
            found = connection.exec_driver_sql(
                "SELECT c.relname, pg_relation_filepath(c.oid) FROM pg_class c "
                "WHERE pg_relation_filepath(c.oid) IS NOT NULL AND (c.oid >= 16384 OR c.relname LIKE 'pg_statistic%%')"
            ).all()
            files = {name: (self._place / path).read_bytes() for name, path in found if (self._place / path).exists()}
            files["wal"] = self._written(connection)
        return files

    def _written(self, connection: Any) -> bytes:
        """Read what was written to the log since the last copy; the attacker has everything before."""
        begin, end = self._log, self._position(connection)
        size = int(
            connection.exec_driver_sql("SELECT setting FROM pg_settings WHERE name = 'wal_segment_size'").scalar()
        )
        pieces = []
        while self._log < end:
            number, offset = divmod(self._log, size)
            name = f"00000001{number // (2**32 // size):08X}{number % (2**32 // size):08X}"
            with (self._place / "pg_wal" / name).open("rb") as file:
                file.seek(offset)
                pieces.append(file.read(min(size - offset, end - self._log)))
            self._log += len(pieces[-1])
        assert sum(map(len, pieces)) == end - begin
        return b"".join(pieces)

    def take(self) -> Copy:
        """Copy files and rows."""
        with self._engine.connect() as connection:
            tables = connection.exec_driver_sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").scalars()
            rows = {name: list(self._rows(connection, name)) for name in tables.all()}
            rows["pg_stats"] = [
                (("text", repr(tuple(row))),)
                for row in connection.exec_driver_sql("SELECT * FROM pg_stats WHERE schemaname = 'public'")
            ]
        return Copy(self.files(), rows)

    @staticmethod
    def _rows(connection: Any, table: str) -> Iterator[Row]:
        query = f"""
            SELECT (ctid::text::point)[0] * 1000 + (ctid::text::point)[1] AS ".place", xmin::text::bigint AS ".xmin",
            xmax::text::bigint AS ".xmax", "{table}".* FROM "{table}" ORDER BY ctid
        """
        found = connection.execute(text(query.replace("::", "\\:\\:")))
        names = list(found.keys())
        for row in found:
            yield tuple(
                (name, bytes(v) if isinstance(v, memoryview) else v) for name, v in zip(names, row, strict=True)
            )


def copier(db: Database, room: Path) -> Sqlite | Postgres:
    """Return what copies a database."""
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir()
    return Sqlite(db, room) if db.is_sqlite else Postgres(db)


def differing(before: bytes, after: bytes) -> list[int]:
    """List the offsets of the pieces that have changed."""
    if before == after:
        return []
    return [at for at in range(0, len(after), PAGE) if before[at : at + PAGE] != after[at : at + PAGE]]


def fresh(before: Copy, after: Copy) -> dict[str, bytes]:
    """Return what is new in each file; adjacent pieces stay together."""
    found = {}
    for name, content in after.files.items():
        old = b"" if name == "wal" else before.files.get(name, b"")
        pieces, last = [], None
        for at in differing(old, content):
            if last is not None and at != last + PAGE:
                pieces.append(b"\n")
            pieces.append(content[at : at + PAGE])
            last = at
        found[name] = b"".join(pieces)
    return found
