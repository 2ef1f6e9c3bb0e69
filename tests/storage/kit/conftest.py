"""A row in every table, for rules that hold for all tables."""

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import Enum, TypeDecorator, insert

from storage.schema import metadata

NOW = datetime(2026, 11, 30, 16, tzinfo=UTC)
EXAMPLES = {
    bool: False,
    int: 1,
    float: 1.0,
    str: "x",
    bytes: b"x",
    object: {},
    datetime: NOW,
    date: NOW.date(),
    time: time(9),
}


@pytest.fixture
def rows(db):
    """A database with one row in every table."""
    with db.begin() as session:
        for table in metadata.sorted_tables:
            session.execute(insert(table).values({column.name: example(column) for column in required(table)}))
    return db


def required(table):
    return [column for column in table.columns if column.primary_key or not column.nullable]


def example(column):
    """Return a value that fits, and refers to the one row of another table if it has to."""
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(kind, Enum):
        return next(iter(kind.enum_class))
    return 1 if column.foreign_keys and kind.python_type is int else EXAMPLES[kind.python_type]
