"""When anything is due next, as rows say it: the moments of all features, read in one statement.

A beat that finds nothing to do should cost next to nothing, and asking each table by itself is what it would cost.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

Read = Callable[[Session, Sequence[Any]], datetime | None]


def least(_session: Session, values: Sequence[datetime | None]) -> datetime | None:
    """Give the earliest of several moments, or None where there is none."""
    return min((at for at in values if at is not None), default=None)


class Due:
    """The next moment at which something is due: a few statements of one value each, and how they are read."""

    def __init__(self, *statements: Select[Any], read: Read = least) -> None:
        self.statements = statements
        self.read = read
        self._alone = _together(statements)

    def __call__(self, session: Session) -> datetime | None:
        """Give the moment, or None where nothing will be due."""
        session.flush()
        return self.read(session, session.connection().execute(self._alone).one())


class Dues:
    """Several of them by name, in their order."""

    def __init__(self, dues: Mapping[str, Due]) -> None:
        self._dues = dues
        self._statement = _together([statement for due in dues.values() for statement in due.statements])

    def read(self, session: Session) -> dict[str, datetime | None]:
        """Give the next moment of each, in one statement. Sees nothing that the session has not flushed."""
        values = iter(session.connection().execute(self._statement).one())
        return {name: due.read(session, [next(values) for _ in due.statements]) for name, due in self._dues.items()}


def _together(statements: Sequence[Select[Any]]) -> Select[Any]:
    return select(*(one.scalar_subquery().label(f"at_{place}") for place, one in enumerate(statements)))
