"""Workspaces in which Slack accepts nothing, because of the bot's token or its permissions: their messages wait.

The pause is stored, so that it survives a restart and other processes can report it. At its end one call is tried. If
Slack accepts it, everything that waited follows.
"""

from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from storage import delivery_pauses
from storage.database import UNREADABLE, Database

log = structlog.get_logger()


class Pauses:
    """The pauses as the courier knows them: read before each batch, and changed as soon as Slack answers."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}

    def read(self, db: Database, now: datetime) -> None:
        """Read the stored pauses. One whose times cannot be read goes on, and a call is tried now."""
        try:
            with db.read() as session:
                pauses = delivery_pauses.list_all(session)
        except UNREADABLE:
            with db.begin() as session:
                delivery_pauses.mend(session, now)
                pauses = delivery_pauses.list_all(session)
        self._until = {pause.team_id: pause.due_at for pause in pauses}

    def until(self, team: str, now: datetime) -> datetime:
        """Return when a workspace may be called again: `now` if it may be called now."""
        return max(now, self._until.get(team, now))

    def teams(self, now: datetime) -> list[str]:
        """List the workspaces that may not be called now."""
        return [team for team, until in self._until.items() if until > now]

    def hold(self, team: str, now: datetime) -> None:
        """Let a workspace wait from now on. The result of the call is recorded later, with `begin`."""
        self._until[team] = now + delivery_pauses.FIRST_RETRY

    def begin(self, session: Session, team: str, reason: str, now: datetime) -> None:
        """Record that a workspace waits, or waits longer, and log it once."""
        pause = delivery_pauses.record(session, team, reason, now)
        self._until[team] = pause.due_at
        if pause.attempts == 0:
            log.error(
                "delivery paused: Slack does not let the bot post, and all messages wait", team=team, error=reason
            )

    def end(self, session: Session, team: str, now: datetime) -> None:
        """Let a workspace go on, now that Slack has accepted a call. Does nothing if it was not paused."""
        if self._until.pop(team, None) is None:
            return
        pause = delivery_pauses.end(session, team)
        if pause is not None:
            log.warning("delivery resumed: Slack lets the bot post again", team=team, waited=str(now - pause.since))


def report(session: Session) -> str:
    """Describe the workspaces that wait, for the people who run the bot. Empty if there are none."""
    try:
        pauses = delivery_pauses.list_all(session)
    except UNREADABLE:
        # the courier mends it with the next message
        return ""
    if not pauses:
        return ""
    first, others = pauses[0], len(pauses) - 1
    more = f" (and in {others} more)" if others else ""
    return f"Slack has not let the bot post since {first.since:%Y-%m-%d %H:%M} UTC{more}: {first.reason}"
