"""Engines that share what they have compiled: each town has its own, and compiling is a fifth of a test."""

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

_first: dict[str, Engine] = {}


def share() -> None:
    """Let every connection find what the first engine of its kind has compiled."""
    event.listen(Engine, "engine_connect", _share)


def _share(connection: Connection) -> None:
    first = _first.setdefault(connection.dialect.driver, connection.engine)
    # what was compiled is found by the dialect for which it was
    connection.dialect = first.dialect
    connection.execution_options(compiled_cache=first._compiled_cache)
