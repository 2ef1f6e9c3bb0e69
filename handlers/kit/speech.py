"""Small sentences to people that go through the outbox."""

from datetime import datetime

from sqlalchemy.orm import Session

from storage import outbox
from storage.members import Member


def tell(session: Session, workspace: str, member: Member, body: dict[str, object], about: str, now: datetime) -> None:
    """Leave a direct message for a member; those who have left Slack are left in peace."""
    if member.left_at is not None:
        return
    outbox.put(
        session,
        team_id=workspace,
        channel=member.user_id,
        body=body,
        about=f"{about} to {member.name}",
        now=now,
        consortium_id=member.consortium_id,
    )
