"""Tasks."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("offered_to", sa.Integer(), nullable=True),
        sa.Column("offered_by", sa.Integer(), nullable=True),
        sa.Column("offers", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Double(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "state", sa.Enum("open", "done", "dropped", name="taskstate", native_enum=False, length=24), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_task_consortium_id")),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_task_created_by")),
        sa.ForeignKeyConstraint(["offered_by"], ["member.id"], name=op.f("fk_task_offered_by")),
        sa.ForeignKeyConstraint(["offered_to"], ["member.id"], name=op.f("fk_task_offered_to")),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name=op.f("fk_task_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("consortium_id", "number", name=op.f("uq_task_consortium_id_number")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_offered_to"), ["offered_to"], unique=False)
        batch_op.create_index("ix_task_open", ["consortium_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_owner_id"), ["owner_id"], unique=False)


def downgrade() -> None:
    """Take them away."""
    op.drop_table("task")
