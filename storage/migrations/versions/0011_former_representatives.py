"""Remember who spoke for an agency last, so that a seat made empty is not given away without the agency."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("member") as table:
        table.add_column(sa.Column("represented_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_member_represented_id"), "agency", ["represented_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("member") as table:
        table.drop_constraint(op.f("fk_member_represented_id"), type_="foreignkey")
        table.drop_column("represented_id")
