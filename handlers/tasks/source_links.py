"""Links to the bot's messages that tasks come from, which exist once the messages are posted."""

from collections.abc import Callable
from datetime import datetime

from slack_sdk import WebClient

from handlers.kit import permalinks
from storage import tasks
from storage.database import Database

BATCH = 10
"""How many links one sweep looks up: each is a call to Slack, and other work waits."""


def sweep(db: Database, slack: Callable[[str], WebClient], _now: datetime) -> None:
    """Ask Slack once for each link that exists by now; a task works without one too."""
    with db.read() as session:
        waiting = tasks.unlinked(session, BATCH)
    for task_id, team, channel, ts in waiting:
        link = permalinks.ask(slack(team), channel, ts)
        with db.begin() as session:
            tasks.lead_to(session, task_id, link)


next_due = tasks.next_link
