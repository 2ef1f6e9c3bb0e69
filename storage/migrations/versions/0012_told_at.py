"""Remember when somebody was told of an undelivered message, and try again to update messages of closed channels."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_LIVE = sa.table("live_message", sa.column("problem", sa.String))
_CLOSED = ("is_archived", "is_inactive", "not_in_channel", "channel_not_found")


def upgrade() -> None:
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(sa.update(_LIVE).where(_LIVE.c.problem.in_(_CLOSED)).values(problem=None))


def downgrade() -> None:
    with op.batch_alter_table("outbox") as table:
        table.drop_column("told_at")
