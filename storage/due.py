"""When something is due next. The queries of all features are combined into one statement.

The scheduler asks often and mostly finds nothing, and one query for each table would cost too much.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from storage.database import UNREADABLE
from storage.log_pace import may_log

log = structlog.get_logger()

OVERDUE = datetime.min.replace(tzinfo=UTC)
"""In place of a time that cannot be read: what depends on it is looked at every time."""

_Reader = Callable[[Session, Sequence[Any]], datetime | None]


def earliest(_session: Session, values: Sequence[datetime | None]) -> datetime | None:
    """Return the earliest time, ignoring None; None if there is none."""
    return min((at for at in values if at is not None), default=None)


class Due:
    """A query for the time at which something is due next.

    Each statement selects one value; `read` turns these values into a time, by default the earliest.
    """

    def __init__(self, *statements: Select[Any], read: _Reader = earliest) -> None:
        self.statements = statements
        self.read = read
        self._combined = _combine(statements)

    def __call__(self, session: Session) -> datetime | None:
        """Return the next time, or None if nothing will be due."""
        session.flush()
        return self.read(session, session.connection().execute(self._combined).one())


class DueTimes:
    """Several `Due` queries by name, read in one statement."""

    def __init__(self, dues: Mapping[str, Due]) -> None:
        self._dues = dues
        self._combined = _combine([statement for due in dues.values() for statement in due.statements])

    def read(self, session: Session) -> dict[str, datetime | None]:
        """Map each name to its next time, in the order given. Changes that were not flushed are not seen.

        A stored time that cannot be read makes what depends on it `OVERDUE`, and nothing else.
        """
        try:
            values = iter(session.connection().execute(self._combined).one())
        except UNREADABLE:
            return {name: _read_alone(session, name, due) for name, due in self._dues.items()}
        return {
            name: _read(session, name, due, [next(values) for _ in due.statements]) for name, due in self._dues.items()
        }


def _read_alone(session: Session, name: str, due: Due) -> datetime | None:
    try:
        return due(session)
    except UNREADABLE:
        if may_log(f"due time of {name}"):
            log.exception("a stored time cannot be read", due=name)
        return OVERDUE


def _read(session: Session, name: str, due: Due, values: Sequence[Any]) -> datetime | None:
    """Read one time. If a row spoils what goes beyond its statements, use these, so that nothing else stops."""
    try:
        return due.read(session, values)
    except UNREADABLE:
        if may_log(f"due time of {name}"):
            log.exception("due time read only in part", due=name)
        return earliest(session, [value for value in values if isinstance(value, datetime)])


def _combine(statements: Sequence[Select[Any]]) -> Select[Any]:
    return select(*(statement.scalar_subquery().label(f"at_{n}") for n, statement in enumerate(statements)))
