"""Remember how people left and whose a task was, and remind owners of all their tasks at once."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_DEPARTURE = sa.String(24)


def upgrade() -> None:
    """Who has left so far has left Slack. Of the waiting reminders of single tasks, the first becomes the owner's."""
    with op.batch_alter_table("member") as batch:
        batch.add_column(sa.Column("departure", _DEPARTURE, nullable=True))
        batch.add_column(sa.Column("tasks_named_on", sa.Date(), nullable=True))
    op.execute(sa.text("UPDATE member SET departure = 'slack' WHERE left_at IS NOT NULL"))
    with op.batch_alter_table("task") as batch:
        batch.add_column(sa.Column("former_owner_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_task_former_owner_id"), "member", ["former_owner_id"], ["id"])
    op.create_index(op.f("ix_task_former_owner_id"), "task", ["former_owner_id"], unique=False)
    _combine_reminders()


def _combine_reminders() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.text("SELECT id, member_id, key FROM notice WHERE kind = 'task' AND state = 'waiting' ORDER BY due_at, id")
    ).all()
    seen: set[int] = set()
    for notice_id, member_id, key in rows:
        if member_id in seen:
            connection.execute(sa.text("DELETE FROM notice WHERE id = :id"), {"id": notice_id})
            continue
        seen.add(member_id)
        values = {"id": notice_id, "subject": member_id, "key": f"tasks/{member_id}/{key.rpartition('/')[2]}"}
        connection.execute(sa.text("UPDATE notice SET subject = :subject, key = :key WHERE id = :id"), values)


def downgrade() -> None:
    """Take it back. Reminders of tasks begin again when a task is changed."""
    op.execute(sa.text("DELETE FROM notice WHERE kind IN ('task', 'task-news', 'unowned', 'tasks-left', 'departure')"))
    op.drop_index(op.f("ix_task_former_owner_id"), table_name="task")
    with op.batch_alter_table("task") as batch:
        batch.drop_constraint(op.f("fk_task_former_owner_id"), type_="foreignkey")
        batch.drop_column("former_owner_id")
    with op.batch_alter_table("member") as batch:
        batch.drop_column("tasks_named_on")
        batch.drop_column("departure")
