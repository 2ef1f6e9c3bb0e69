"""Keep how many people each agency had in a week, and what people's room was worked out from."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the heads of a week, unknown for the weeks so far, and the table of rooms."""
    with op.batch_alter_table("week_load") as batch:
        batch.add_column(sa.Column("heads", sa.Integer(), nullable=True))
    op.create_table(
        "room",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Double(), nullable=False),
        sa.Column("load", sa.Double(), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("worked_out_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_room_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_room")),
    )
    # a consortium without a row is checked at once, which works out the rooms
    op.execute(sa.text("DELETE FROM load_check"))


def downgrade() -> None:
    """Take both back."""
    op.drop_table("room")
    with op.batch_alter_table("week_load") as batch:
        batch.drop_column("heads")
