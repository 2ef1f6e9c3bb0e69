"""Corrections of recorded decisions, and where a carried-over agenda item comes from."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("correction", sa.Column("place", sa.Integer(), nullable=True))
    op.add_column("recorded_decision", sa.Column("original", sa.Text(), nullable=True))
    with op.batch_alter_table("agenda_item") as table:
        table.add_column(sa.Column("copied_from", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_agenda_item_copied_from"), "agenda_item", ["copied_from"], ["id"])
        table.create_index(op.f("ix_agenda_item_copied_from"), ["copied_from"])


def downgrade() -> None:
    with op.batch_alter_table("agenda_item") as table:
        table.drop_index(op.f("ix_agenda_item_copied_from"))
        table.drop_constraint(op.f("fk_agenda_item_copied_from"), type_="foreignkey")
        table.drop_column("copied_from")
    op.drop_column("recorded_decision", "original")
    op.drop_column("correction", "place")
