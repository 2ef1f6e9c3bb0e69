"""Key ballots by the agency and the seat too, where agencies vote."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ballot") as batch:
        batch.add_column(sa.Column("counts_for", sa.Integer(), nullable=True))
    op.execute("UPDATE ballot SET counts_for = agency_id WHERE poll_id IN (SELECT id FROM poll WHERE by_agency)")
    op.execute("UPDATE ballot SET counts_for = 0, seat = 'member' WHERE counts_for IS NULL")
    with op.batch_alter_table("ballot") as batch:
        batch.alter_column("counts_for", existing_type=sa.Integer(), nullable=False)
        batch.drop_constraint(op.f("pk_ballot"), type_="primary")
        batch.create_primary_key(op.f("pk_ballot"), ["poll_id", "member_id", "counts_for", "seat"])


def downgrade() -> None:
    op.execute(
        "DELETE FROM ballot WHERE EXISTS (SELECT 1 FROM ballot AS newer WHERE newer.poll_id = ballot.poll_id "
        "AND newer.member_id = ballot.member_id AND newer.said_at > ballot.said_at)"
    )
    with op.batch_alter_table("ballot") as batch:
        batch.drop_constraint(op.f("pk_ballot"), type_="primary")
        batch.create_primary_key(op.f("pk_ballot"), ["poll_id", "member_id"])
        batch.drop_column("counts_for")
