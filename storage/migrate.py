"""Upgrade a database to the newest schema."""

from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, inspect, text
from sqlalchemy.engine import Connection

from storage.database import Database, unhurried

_MIGRATIONS = Path(__file__).parent / "migrations"

_MIGRATION_LOCK = 7_266_001
"""Key of the advisory lock that one process holds while it migrates PostgreSQL."""


def newest_revision() -> str:
    """Return the newest revision."""
    return max(known_revisions())


def known_revisions() -> set[str]:
    """Return all revisions of this version. Each is the number at the start of its file name."""
    return {path.name.split("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py")}


def current_revision(database: Database) -> str | None:
    """Return the revision of a database, or None if it is empty."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(database: Database) -> bool:
    """Migrate the database if it is not at the newest revision. Return whether anything was done.

    Raise `RuntimeError` if a migration leaves rows in SQLite whose foreign keys point nowhere.
    """
    if current_revision(database) == newest_revision():
        return False
    if database.is_sqlite:
        _upgrade_sqlite(database)
    else:
        with database.engine.begin() as connection, unhurried(connection):
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            _run_alembic(connection)
    return True


def _upgrade_sqlite(database: Database) -> None:
    """Migrate without enforcing foreign keys: with them, rebuilding a table would delete its children."""
    engine = create_engine(database.url)
    event.listen(engine, "connect", _disable_driver_transactions)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.begin() as connection:
        _run_alembic(connection)
        violations = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if violations:
            raise RuntimeError(f"the migration would break the foreign keys of {len(violations)} rows")
    engine.dispose()


def _disable_driver_transactions(connection: Any, _record: Any) -> None:
    connection.isolation_level = None


def _run_alembic(connection: Connection) -> None:
    # imported here because Alembic is large and most starts migrate nothing
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
