"""One transaction per row of a sweep, so that a failure affects only its own row."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from storage.database import Database
from storage.log_pace import may_log

log = structlog.get_logger()


_OF_ONE_ROW = {"55P03", "40P01", "40001"}
"""Errors of PostgreSQL that concern the rows of one transaction: a lock was not to be had, or it was the victim."""


def is_outage(error: Exception) -> bool:
    """Return whether the database is unavailable, so that every other row would fail too."""
    if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _OF_ONE_ROW:
        return False
    return isinstance(error, OperationalError | InterfaceError | PoolTimeout)


@contextmanager
def row_transaction(db: Database, *but: type[Exception]) -> Iterator[Session]:
    """Open a transaction for one row of a sweep. Log its errors; the next tick tries again.

    Raise the exceptions in `but`, and those of an unavailable database: the other rows would fail too.
    """
    try:
        with db.begin() as session:
            yield session
    except Exception as bug:
        if isinstance(bug, but) or is_outage(bug):
            raise
        if may_log(f"sweep: {type(bug).__name__}"):
            log.exception("sweep failed for one of several")
