"""INSERT … ON CONFLICT, the one statement that SQLite and PostgreSQL share but SQLAlchemy offers for each only."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.database import Base


def upsert(session: Session, table: type[Base], row: dict[str, Any], keys: Collection[str]) -> None:
    """Insert `row`, or update the row that has the same `keys`."""
    session.flush()
    connection = session.connection()
    connection.execute(_insert_or_update(connection.dialect.name, table, tuple(row), tuple(keys)), row)


def insert_if_missing(session: Session, table: type[Base], row: dict[str, Any], keys: Collection[str]) -> bool:
    """Insert `row` unless there is one with the same `keys`. Return whether it was inserted."""
    session.flush()
    connection = session.connection()
    statement = _insert_or_ignore_returning(connection.dialect.name, table, tuple(keys))
    return connection.execute(statement, row).first() is not None


def insert_all_missing(
    session: Session, table: type[Base], rows: Sequence[dict[str, Any]], keys: Collection[str]
) -> None:
    """Insert those of `rows` whose `keys` are not in the table."""
    if rows:
        session.flush()
        connection = session.connection()
        connection.execute(_insert_or_ignore(connection.dialect.name, table, tuple(keys)), rows)


# The statements are cached because building one takes longer than executing it.


@cache
def _insert_or_update(dialect: str, table: type[Base], columns: tuple[str, ...], keys: tuple[str, ...]) -> Any:
    statement = _insert(dialect, table)
    changes = {name: statement.excluded[name] for name in columns if name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=changes)


@cache
def _insert_or_ignore_returning(dialect: str, table: type[Base], keys: tuple[str, ...]) -> Any:
    first_key = Base.metadata.tables[table.__tablename__].c[keys[0]]
    return _insert_or_ignore(dialect, table, keys).returning(first_key)


@cache
def _insert_or_ignore(dialect: str, table: type[Base], keys: tuple[str, ...]) -> Any:
    return _insert(dialect, table).on_conflict_do_nothing(index_elements=list(keys))


def _insert(dialect: str, table: type[Base]) -> Any:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(Base.metadata.tables[table.__tablename__])
