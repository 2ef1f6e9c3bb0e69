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


def insert_once(session: Session, table: type[Base], row: dict[str, Any], keys: Collection[str]) -> bool:
    """Insert `row` unless one with the same `keys` is there; tell whether it was inserted."""
    session.flush()
    connection = session.connection()
    return connection.execute(_once(connection.dialect.name, table, tuple(keys)), row).first() is not None


def insert_missing(session: Session, table: type[Base], rows: Sequence[dict[str, Any]], keys: Collection[str]) -> None:
    """Insert those of many rows whose `keys` are not there yet."""
    if rows:
        session.flush()
        connection = session.connection()
        connection.execute(_missing(connection.dialect.name, table, tuple(keys)), rows)


# Statements are written once: making one takes longer than executing it.


@cache
def _upsert(dialect: str, table: type[Base], names: tuple[str, ...], keys: tuple[str, ...]) -> Any:
    statement = _insert(dialect, table)
    changes = {name: statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=changes)


@cache
def _once(dialect: str, table: type[Base], keys: tuple[str, ...]) -> Any:
    return _missing(dialect, table, keys).returning(Base.metadata.tables[table.__tablename__].c[keys[0]])


@cache
def _missing(dialect: str, table: type[Base], keys: tuple[str, ...]) -> Any:
    return _insert(dialect, table).on_conflict_do_nothing(index_elements=list(keys))


def _insert(dialect: str, table: type[Base]) -> Any:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(Base.metadata.tables[table.__tablename__])
