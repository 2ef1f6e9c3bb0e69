"""Bring a database to the newest shape."""

from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, inspect, text
from sqlalchemy.engine import Connection

from storage.database import Database

_HERE = Path(__file__).parent / "migrations"

_ONE_AT_A_TIME = 7_266_001
"""The advisory lock under which one process migrates PostgreSQL."""


def newest() -> str:
    """Name the newest revision: what its file begins with."""
    return max(path.name.split("_")[0] for path in (_HERE / "versions").glob("[0-9]*.py"))


def current(database: Database) -> str | None:
    """Name the revision a database is at, or None for an empty one."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(database: Database) -> bool:
    """Migrate where needed; tell whether anything was done."""
    if current(database) == newest():
        return False
    if database.is_sqlite:
        _upgrade_sqlite(database)
    else:
        with database.engine.begin() as connection:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))
            _run(connection)
    return True


def _upgrade_sqlite(database: Database) -> None:
    """Migrate without enforcing foreign keys: enforced, rebuilding a table deletes its children."""
    engine = create_engine(database.url)
    event.listen(engine, "connect", _manual)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.begin() as connection:
        _run(connection)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"the migration would leave {len(broken)} rows without their parents")
    engine.dispose()


def _manual(connection: Any, _record: Any) -> None:
    connection.isolation_level = None


def _run(connection: Connection) -> None:
    # most starts migrate nothing, and Alembic is large
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
