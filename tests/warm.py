"""What towns share though each has its own: compiled statements, a fifth of a test, and loaded certificates."""

import functools
import ssl

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

_first: dict[str, Engine] = {}


def share() -> None:
    """Let every connection find what the first engine of its kind has compiled, and load certificates once."""
    event.listen(Engine, "engine_connect", _share)
    # httpx loads them for each client, also where nothing is encrypted
    ssl.create_default_context = functools.cache(ssl.create_default_context)


def _share(connection: Connection) -> None:
    first = _first.setdefault(connection.dialect.driver, connection.engine)
    # what was compiled is found by the dialect for which it was
    connection.dialect = first.dialect
    connection.execution_options(compiled_cache=first._compiled_cache)
