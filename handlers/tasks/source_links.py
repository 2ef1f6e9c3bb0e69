"""Where tasks come from, as a link: our messages have one as soon as they are posted."""

from collections.abc import Callable
from datetime import datetime

from slack_sdk import WebClient

from handlers.kit import permalinks
from storage import tasks
from storage.database import Database

AT_ONCE = 10
"""So many links are asked for at a time: each is a call to Slack, and the clock waits."""


def sweep(db: Database, slack: Callable[[str], WebClient], _now: datetime) -> None:
    """Ask Slack for the links that can be had by now, each once; a task without one is as good."""
    with db.read() as session:
        waiting = tasks.unlinked(session, AT_ONCE)
    for task_id, team, channel, ts in waiting:
        link = permalinks.ask(slack(team), channel, ts)
        with db.begin() as session:
            tasks.lead_to(session, task_id, link)


next_due = tasks.next_link
