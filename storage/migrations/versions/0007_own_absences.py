"""Absences that a member stated, apart from those that someone else stated."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. Who stated the absences so far is not known, so none counts as the member's own."""
    with op.batch_alter_table("member") as batch:
        batch.add_column(sa.Column("own_away_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Remove the column."""
    with op.batch_alter_table("member") as batch:
        batch.drop_column("own_away_until")
