"""One transaction per row of a sweep, so that a failure affects only its own row."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

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


def log_failure(event: str, bug: Exception, **fields: str | int) -> None:
    """Log what failed and is tried again, at most once a minute; an unavailable database in one line."""
    if may_log(f"{event} {fields} {type(bug).__name__}"):
        log.error(event, **describe(bug), **fields)


def describe(bug: Exception) -> dict[str, Any]:
    """Return the fields of a log line about an error: its traceback, or its name if the database is unavailable."""
    if not is_outage(bug):
        return {"exc_info": bug}
    return {"error": type(getattr(bug, "orig", None) or bug).__name__, "database": "unavailable"}


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
        log_failure("sweep failed for one of several", bug)
