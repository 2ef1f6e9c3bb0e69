"""Keep what is sealed out of PostgreSQL's statistics, where copies of a round's wrapped key outlived the round."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Gather no statistics of these columns, and forget those that were gathered."""
    for table, column in _sealed():
        # naming the type anew drops the statistics there are
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE bytea")
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    """Gather them as of every column."""
    for table, column in _sealed():
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS -1")


def _sealed() -> tuple[tuple[str, str], ...]:
    on_postgres = op.get_bind().dialect.name == "postgresql"
    return (("seal", "wrapped"), ("envelope", "sealed")) if on_postgres else ()
