"""Share caches between the bots of a test run: compiled statements (a fifth of a test's time) and certificates."""

import functools
import ssl

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

_first: dict[str, Engine] = {}


def share_caches() -> None:
    """Let all engines of a kind share their compiled statements, and load certificates once."""
    event.listen(Engine, "engine_connect", _share)
    # httpx loads them for each client, even for plain HTTP
    ssl.create_default_context = functools.cache(ssl.create_default_context)


def _share(connection: Connection) -> None:
    first = _first.setdefault(connection.dialect.driver, connection.engine)
    # the dialect is part of the key of the cache
    connection.dialect = first.dialect
    connection.execution_options(compiled_cache=first._compiled_cache)
