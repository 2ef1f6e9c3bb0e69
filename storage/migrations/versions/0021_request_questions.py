"""Remember whom a membership request asked and by which message, and when it is looked at next."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_WHEN = sa.DateTime(timezone=True)
_REQUEST = sa.table(
    "membership_request",
    sa.column("id"),
    sa.column("state"),
    sa.column("created_at", _WHEN),
    sa.column("look_at", _WHEN),
)
_AFTER = timedelta(days=5)


def upgrade() -> None:
    op.add_column("membership_request", sa.Column("look_at", _WHEN, nullable=True))
    op.add_column(
        "membership_request", sa.Column("asked_again", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    waiting = sa.select(_REQUEST.c.id, _REQUEST.c.created_at).where(_REQUEST.c.state == "open")
    for request_id, created_at in op.get_bind().execute(waiting).all():
        due = _REQUEST.update().where(_REQUEST.c.id == request_id)
        op.execute(due.values(look_at=created_at + _AFTER))
    op.create_table(
        "request_question",
        sa.Column("live_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["live_id"], ["live_message.id"], name=op.f("fk_request_question_live_id")),
        sa.ForeignKeyConstraint(["request_id"], ["membership_request.id"], name=op.f("fk_request_question_request_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_request_question_member_id")),
        sa.PrimaryKeyConstraint("live_id", name=op.f("pk_request_question")),
    )
    op.create_index(op.f("ix_request_question_request_id"), "request_question", ["request_id"])


def downgrade() -> None:
    op.drop_table("request_question")
    op.drop_column("membership_request", "asked_again")
    op.drop_column("membership_request", "look_at")
