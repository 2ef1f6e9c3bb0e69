"""One transaction per row of a sweep, so that a failure affects only its own row."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from storage.database import Database

log = structlog.get_logger()


@contextmanager
def row_transaction(db: Database, *but: type[Exception]) -> Iterator[Session]:
    """Open a transaction for one row of a sweep. Log its errors; the next tick tries again.

    Raise the exceptions in `but`, and OperationalError: without the database the other rows would fail too.
    """
    try:
        with db.begin() as session:
            yield session
    except OperationalError:
        raise
    except Exception as bug:
        if isinstance(bug, but):
            raise
        log.exception("sweep failed for one of several")
