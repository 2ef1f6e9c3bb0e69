"""Private calendar addresses."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "calendar_key",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_calendar_key_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_calendar_key")),
        sa.UniqueConstraint("digest", name=op.f("uq_calendar_key_digest")),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("calendar_key")
