"""Remember when an agency first named somebody, who asked for a seat to change, and which agencies confirmed it.

Emptying a seat is confirmed by the agency now, so nobody has to remember any more who was made to leave it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_AGENCY = sa.table("agency", sa.column("id"), sa.column("created_at"), sa.column("seated_at"))
_MEMBER = sa.table("member", sa.column("agency_id"), sa.column("seat"), sa.column("represented_id"))
_POSITION = sa.table("position", sa.column("agency_id"), sa.column("seat"))


def upgrade() -> None:
    op.add_column("agency", sa.Column("seated_at", sa.DateTime(timezone=True), nullable=True))
    named = (
        sa.exists().where(_MEMBER.c.agency_id == _AGENCY.c.id, _MEMBER.c.seat != "member"),
        sa.exists().where(_MEMBER.c.represented_id == _AGENCY.c.id),
        sa.exists().where(_POSITION.c.agency_id == _AGENCY.c.id, _POSITION.c.seat != "member"),
    )
    op.execute(_AGENCY.update().where(sa.or_(*named)).values(seated_at=_AGENCY.c.created_at))
    with op.batch_alter_table("membership_request") as table:
        table.add_column(sa.Column("asked_by", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_membership_request_asked_by"), "member", ["asked_by"], ["id"])
    op.create_table(
        "agency_confirmation",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_confirmation_agency_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_agency_confirmation_member_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["membership_request.id"], name=op.f("fk_agency_confirmation_request_id")
        ),
        sa.PrimaryKeyConstraint("request_id", "agency_id", name=op.f("pk_agency_confirmation")),
    )
    with op.batch_alter_table("member") as table:
        table.drop_constraint(op.f("fk_member_represented_id"), type_="foreignkey")
        table.drop_column("represented_id")


def downgrade() -> None:
    with op.batch_alter_table("member") as table:
        table.add_column(sa.Column("represented_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_member_represented_id"), "agency", ["represented_id"], ["id"])
    op.drop_table("agency_confirmation")
    with op.batch_alter_table("membership_request") as table:
        table.drop_constraint(op.f("fk_membership_request_asked_by"), type_="foreignkey")
        table.drop_column("asked_by")
    op.drop_column("agency", "seated_at")
