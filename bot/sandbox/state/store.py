"""Records that survive a kill, by kind and key: in memory and, optionally, in a small SQLite file.

Reads use memory; the file is read only at the start. A record is written when it changes, and all records of a call
are written together before the call is answered.
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
    """Store records on disk, or nowhere if there is no folder."""

    def __init__(self, folder: Path | None) -> None:
        self._lock = RLock()
        self._depth = 0
        self._file: sqlite3.Connection | None = None
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = folder / "sandbox.sqlite"
            # what people wrote, and the bot's token
            path.touch(mode=0o600)
            self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._file.execute("PRAGMA journal_mode=WAL")
            self._file.execute("PRAGMA synchronous=NORMAL")
            self._file.execute(SCHEMA)

    def load(self, kind: str) -> dict[str, Any]:
        """Load all records of a kind, in the order of their keys."""
        if self._file is None:
            return {}
        with self._lock:
            rows = self._file.execute("SELECT key, body FROM record WHERE kind = ? ORDER BY key", (kind,))
            return {key: json.loads(body) for key, body in rows}

    def put(self, kind: str, key: str, body: Any) -> None:
        """Write one record."""
        if self._file is None:
            return
        with self._lock:
            written = json.dumps(body, default=vars)
            self._file.execute("REPLACE INTO record VALUES (?, ?, ?)", (kind, key, written))

    def delete(self, kind: str, key: str) -> None:
        """Delete one record."""
        if self._file is None:
            return
        with self._lock:
            self._file.execute("DELETE FROM record WHERE kind = ? AND key = ?", (kind, key))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all or none of the records in the block, which must not await."""
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
                # Memory has changed even if there was an error, so the file follows it.
                self._depth -= 1
                if self._depth == 0:
                    self._file.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            with self._lock:
                self._file.close()
                self._file = None
