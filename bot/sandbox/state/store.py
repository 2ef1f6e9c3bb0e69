"""What survives a kill: records by kind and key, in memory and, if wanted, in a small SQLite file.

Memory answers every question; the file is only read at the start. A record is written when it changes,
and a call's records are written together before its caller is answered.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)
) WITHOUT ROWID
"""


class Store:
    """Keep records on disk, or nowhere when there is no folder."""

    def __init__(self, folder: Path | None) -> None:
        self._lock = RLock()
        self._depth = 0
        self._file: sqlite3.Connection | None = None
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(folder / "sandbox.sqlite", isolation_level=None, check_same_thread=False)
            self._file.execute("PRAGMA journal_mode=WAL")
            self._file.execute("PRAGMA synchronous=NORMAL")
            self._file.execute(SCHEMA)

    def load(self, kind: str) -> dict[str, Any]:
        """Read all records of a kind, in the order of their keys."""
        if self._file is None:
            return {}
        with self._lock:
            rows = self._file.execute("SELECT key, body FROM record WHERE kind = ? ORDER BY key", (kind,))
            return {key: json.loads(body) for key, body in rows}

    def put(self, kind: str, key: str, body: Any) -> None:
        """Write one record: plain values, or what is made of them."""
        if self._file is None:
            return
        with self._lock:
            written = json.dumps(body, default=vars)
            self._file.execute("REPLACE INTO record VALUES (?, ?, ?)", (kind, key, written))

    def delete(self, kind: str, key: str) -> None:
        """Forget one record."""
        if self._file is None:
            return
        with self._lock:
            self._file.execute("DELETE FROM record WHERE kind = ? AND key = ?", (kind, key))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all or none of what is put inside; for code that does not await."""
        if self._file is None:
            yield
            return
        with self._lock:
            self._depth += 1
            if self._depth == 1:
                self._file.execute("BEGIN IMMEDIATE")
            try:
                yield
            finally:
                # Memory has changed whether or not an error came on the way, so the file follows it.
                self._depth -= 1
                if self._depth == 0:
                    self._file.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            with self._lock:
                self._file.close()
                self._file = None
