"""How Alembic reaches the database: by the connection it is handed."""

from typing import Literal

from alembic import context

from storage.database import Utc
from storage.schema import metadata


def _render(kind: str, item: object, _autogen: object) -> str | Literal[False]:
    """Write moments as SQLAlchemy's own type: a migration must not depend on code that changes."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Utc) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=_render,
)
context.run_migrations()
