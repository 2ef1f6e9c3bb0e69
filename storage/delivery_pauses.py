"""Pauses: workspaces in which Slack does not let the bot post, because of its token or its permissions."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import UNREADABLE, Base, wake_on_commit

FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=30), timedelta(minutes=5)
"""How long a pause lasts before a call is tried: it doubles up to the longest, because only a person can mend it."""


class DeliveryPause(Base):
    """A workspace whose messages wait since `since`, because of `reason`, an error of Slack.

    One call is tried at `due_at`; `attempts` counts these tries.
    """

    __tablename__ = "delivery_pause"

    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reason: Mapped[str] = mapped_column(String(80))
    since: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)


def record(session: Session, team_id: str, reason: str, now: datetime) -> DeliveryPause:
    """Begin the pause of a workspace or, after another try, continue it. Return it; `attempts` is 0 for a new one."""
    pause = session.get(DeliveryPause, team_id)
    if pause is None:
        pause = DeliveryPause(team_id=team_id, since=now, attempts=0)
        session.add(pause)
    else:
        pause.attempts += 1
    pause.reason = reason[:80]
    pause.due_at = now + min(FIRST_RETRY * 2 ** min(pause.attempts, 10), LONGEST_RETRY)
    session.flush()
    return pause


def end(session: Session, team_id: str) -> DeliveryPause | None:
    """End the pause of a workspace, if there is one, because Slack has accepted a call. Return what it was."""
    pause = session.get(DeliveryPause, team_id)
    if pause is not None:
        session.delete(pause)
        wake_on_commit(session)
    return pause


def mend(session: Session, now: datetime) -> None:
    """Let the pauses that cannot be read begin now, with a call that is tried at once."""
    for team_id in session.scalars(select(DeliveryPause.team_id)).all():
        try:
            session.get(DeliveryPause, team_id)
        except UNREADABLE:
            its = update(DeliveryPause).where(DeliveryPause.team_id == team_id)
            session.execute(its.values(since=now, due_at=now, attempts=0))


def list_all(session: Session) -> Sequence[DeliveryPause]:
    """List the pauses, the longest first."""
    return session.scalars(select(DeliveryPause).order_by(DeliveryPause.since, DeliveryPause.team_id)).all()
