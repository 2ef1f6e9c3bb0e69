"""Remember until when an undecided proposal can be extended, so that its message stops offering it."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_WHEN = sa.DateTime(timezone=True)
_PROPOSAL = sa.table(
    "proposal",
    sa.column("id"),
    sa.column("state"),
    sa.column("extended"),
    sa.column("decided_at", _WHEN),
    sa.column("extend_until", _WHEN),
)
_EXTENSION_WINDOW = timedelta(days=7)


def upgrade() -> None:
    op.add_column("proposal", sa.Column("extend_until", _WHEN, nullable=True))
    undecided = sa.select(_PROPOSAL.c.id, _PROPOSAL.c.decided_at).where(
        _PROPOSAL.c.state == "not decided", sa.not_(_PROPOSAL.c.extended), _PROPOSAL.c.decided_at.is_not(None)
    )
    for proposal_id, decided_at in op.get_bind().execute(undecided).all():
        until = _PROPOSAL.update().where(_PROPOSAL.c.id == proposal_id)
        op.execute(until.values(extend_until=decided_at + _EXTENSION_WINDOW))


def downgrade() -> None:
    op.drop_column("proposal", "extend_until")
