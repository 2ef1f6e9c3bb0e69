"""Watches the transactions of the tests on PostgreSQL: they lock in the order that `storage/database.py` states."""

from sqlalchemy import Delete, Insert, Select, Update, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.sql.util import find_tables

from storage.database import LOCK_ORDER

_RANK = {name: rank for rank, name in enumerate(LOCK_ORDER)}

_BEFORE_ROWS = {"import_draft", "consortium"}

violations: set[str] = set()
"""What was locked in the wrong order since the last test."""


def watch() -> None:
    """Watch all engines of this process."""
    for moment in ("begin", "commit", "rollback"):
        event.listen(Engine, moment, _forget)
    for moment in ("release_savepoint", "rollback_savepoint"):
        event.listen(Engine, moment, _forget_row)
    event.listen(Engine, "before_execute", _check)


def _forget(connection: Connection) -> None:
    if not connection.invalidated:
        connection.info["locked"], connection.info["own"] = [], set()


def _forget_row(connection: Connection, _name: str, _context: None) -> None:
    """Forget what a row of an import has locked: the rows follow one another in whatever order the table has."""
    connection.info["locked"] = [name for name in connection.info.get("locked", []) if name in _BEFORE_ROWS]


def _check(connection: Connection, statement, _many, _params, _options) -> None:
    if connection.dialect.name != "postgresql":
        return
    held, own = connection.info.setdefault("locked", []), connection.info.setdefault("own", set())
    names, waits = _locked_by(statement)
    if "alembic_version" in {*own, *names}:
        # a migration has the database to itself
        own.add("alembic_version")
        return
    if isinstance(statement, Insert) and not names:
        # nobody else can see a new row, let alone hold a lock on it
        own.add(statement.table.name)
    for name in names:
        if name in own or name not in _RANK:
            continue
        if waits and name not in held:
            later = [other for other in held if _RANK[other] > _RANK[name]]
            violations.update(f"{name} was locked after {other}" for other in later)
        if name not in held:
            held.append(name)


def _locked_by(statement) -> tuple[list[str], bool]:
    """Name the tables of which a statement locks rows that others may have locked, and whether it waits for them."""
    if isinstance(statement, Select) and statement._for_update_arg is not None:
        asked = statement._for_update_arg
        tables = [table for part in (asked.of or [statement.get_final_froms()[0]]) for table in find_tables(part)]
        return [table.name for table in tables], not asked.skip_locked
    if isinstance(statement, Update | Delete):
        return [statement.table.name], True
    if isinstance(statement, Insert) and statement._post_values_clause is not None:
        return [statement.table.name], True
    return [], False
