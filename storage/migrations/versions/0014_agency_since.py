"""Remember since when somebody belongs to an agency: who only just came does not confirm who speaks for it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("member", sa.Column("agency_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("member", "agency_since")
