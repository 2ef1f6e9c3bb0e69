"""Work out people's room from what they agreed to themselves; it is worked out anew with the next check."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.text("DELETE FROM room"))
    with op.batch_alter_table("room") as batch:
        batch.drop_column("given")
        batch.add_column(sa.Column("agreed", sa.JSON(), nullable=False))
        batch.add_column(sa.Column("cleared_on", sa.Date(), nullable=False))
    # a consortium without a row is checked at once, which works out the rooms
    op.execute(sa.text("DELETE FROM load_check"))


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM room"))
    with op.batch_alter_table("room") as batch:
        batch.drop_column("cleared_on")
        batch.drop_column("agreed")
        batch.add_column(sa.Column("given", sa.JSON(), nullable=False))
    op.execute(sa.text("DELETE FROM load_check"))
