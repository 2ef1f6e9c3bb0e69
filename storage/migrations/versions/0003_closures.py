"""When agencies are closed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum("typed", "file", "calendar", name="closuresource", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_closure_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
        sa.UniqueConstraint(
            "agency_id", "source", "first_day", "last_day", name=op.f("uq_closure_agency_id_source_first_day_last_day")
        ),
    )
    with op.batch_alter_table("closure", schema=None) as batch_op:
        batch_op.create_index("ix_closure_days", ["agency_id", "last_day"], unique=False)

    op.create_table(
        "calendar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum("address", "file", name="calendarkind", native_enum=False, length=24), nullable=False
        ),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("good_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=400), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_calendar_agency_id")),
        sa.ForeignKeyConstraint(["asked_by"], ["member.id"], name=op.f("fk_calendar_asked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar")),
    )
    with op.batch_alter_table("calendar", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_calendar_next_at"), ["next_at"], unique=False)


def downgrade() -> None:
    """Take them away."""
    op.drop_table("calendar")
    op.drop_table("closure")
