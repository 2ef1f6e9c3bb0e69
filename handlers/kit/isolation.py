"""One transaction for each of several rows: what cannot be done keeps nothing else from being done."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from storage.database import Database

log = structlog.get_logger()


@contextmanager
def alone(db: Database, *but: type[Exception]) -> Iterator[Session]:
    """Open a transaction for one row of a sweep; what goes wrong in it is logged, and the next beat tries again.

    Raises what `but` names, and what says that the database is away: then the other rows need not be tried.
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
