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
    """Ask Slack once for the link to each posted source message. A task also works without a link."""
    with db.read() as session:
        waiting = tasks.list_linkable(session, BATCH)
    for task_id, team, channel, ts in waiting:
        link = permalinks.ask_slack(slack(team), channel, ts)
        with db.begin() as session:
            tasks.save_source_link(session, task_id, link)


next_due = tasks.next_link
