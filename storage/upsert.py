"""Insert a row, or change the one that is there: the one statement both databases spell alike."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.database import Base


def upsert(session: Session, table: type[Base], row: dict[str, Any], keys: Collection[str]) -> None:
    """Insert `row`, or overwrite the row with the same `keys`."""
    session.flush()
    connection = session.connection()
    connection.execute(_upsert(connection.dialect.name, table, tuple(row), tuple(keys)), row)


@cache
def _upsert(dialect: str, table: type[Base], names: tuple[str, ...], keys: tuple[str, ...]) -> Any:
    """Write the statement once: making it takes longer than executing it."""
    statement = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(Base.metadata.tables[table.__tablename__])
    changes = {name: statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=changes)


def insert_once(session: Session, table: type[Base], row: dict[str, Any], keys: Collection[str]) -> bool:
    """Insert `row` unless one with the same `keys` is there; tell whether it was inserted."""
    statement = _insert(session)(table).values(row).on_conflict_do_nothing(index_elements=list(keys))
    column = getattr(table, next(iter(keys)))
    return session.execute(statement.returning(column)).first() is not None


def insert_missing(session: Session, table: type[Base], rows: Sequence[dict[str, Any]], keys: Collection[str]) -> None:
    """Insert those of many rows whose `keys` are not there yet."""
    if rows:
        session.flush()
        statement = _insert(session)(Base.metadata.tables[table.__tablename__])
        session.execute(statement.on_conflict_do_nothing(index_elements=list(keys)), rows)


def _insert(session: Session) -> Any:
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
