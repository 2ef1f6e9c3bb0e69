"""Run Alembic on the connection that `storage.migrate` passes in."""

from typing import Literal

from alembic import context
from sqlalchemy import Enum

from storage.database import Utc
from storage.schema import metadata


def _render(kind: str, item: object, _autogen: object) -> str | Literal[False]:
    """Render SQLAlchemy's own types in new migrations, which must not depend on code that changes."""
    if kind == "type" and isinstance(item, Utc):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=_render,
)
context.run_migrations()
