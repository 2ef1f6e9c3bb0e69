"""Remember which workspaces wait for Slack to accept the token, and of which messages facilitators hear too."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delivery_pause",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_delivery_pause")),
    )
    op.add_column("outbox", sa.Column("by_itself", sa.Boolean(), nullable=False, server_default=sa.false()))
    # an earlier version gave these up for good, whatever Slack's reason was
    op.execute(
        "UPDATE live_message SET problem = NULL, attempts = 0 "
        "WHERE problem NOT IN ('message_not_found', 'cant_update_message')"
    )


def downgrade() -> None:
    op.drop_column("outbox", "by_itself")
    op.drop_table("delivery_pause")
