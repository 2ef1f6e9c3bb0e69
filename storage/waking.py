"""How whoever delivers hears that there is something to deliver."""

from sqlalchemy import text
from sqlalchemy.orm import Session

CHANNEL = "outbox"
"""The name under which PostgreSQL tells the courier that something waits."""


def ring(session: Session) -> None:
    """See to it that the courier wakes when this transaction is on disk."""
    if not session.info.get("wake"):
        session.info["wake"] = True
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text(f"NOTIFY {CHANNEL}"))
