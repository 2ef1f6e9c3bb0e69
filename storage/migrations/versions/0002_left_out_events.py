"""Add the events that a calendar left out."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("closure_calendar") as table:
        table.add_column(sa.Column("left_out", sa.String(length=1000), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("closure_calendar") as table:
        table.drop_column("left_out")
