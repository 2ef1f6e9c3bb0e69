"""Work out people's room from what they agreed to themselves; it is worked out anew with the next check."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_anew(
        sa.Column("agreed", sa.JSON(), nullable=False),
        sa.Column("cleared_on", sa.Date(), nullable=False),
    )


def downgrade() -> None:
    _make_anew(sa.Column("given", sa.JSON(), nullable=False))


def _make_anew(*columns: sa.Column) -> None:
    op.drop_table("room")
    op.create_table(
        "room",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Double(), nullable=False),
        sa.Column("load", sa.Double(), nullable=False),
        *columns,
        sa.Column("worked_out_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_room_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_room")),
    )
    # a consortium without a row is checked at once, which works out the rooms
    op.execute(sa.text("DELETE FROM load_check"))
