"""Scheduled work: the daily check of people's Slack profiles, which also reads the workspace's roll."""

from datetime import datetime, timedelta

import structlog

from handlers.kit.dates import next_daily_check
from handlers.kit.directory import SLACK_ERRORS, Directory, retry_after
from handlers.kit.isolation import is_outage
from handlers.members import roll
from handlers.members.leaving import follow_profiles
from storage import consortia, members
from storage.database import Database

log = structlog.get_logger()

RETRY_AFTER = timedelta(hours=1)
GUESTS = 50
"""The number of people from other workspaces per check, because Slack returns their profiles one at a time."""


def sweep(db: Database, directory: Directory, now: datetime) -> None:
    """Check everybody's profile each morning, because Slack sends no events for the time the bot was not running."""
    with db.read() as session:
        zones = consortia.workspaces_due_for_profile_check(session, now)
        from_elsewhere = {team: members.user_ids_from_other_workspaces(session, team) for team in zones}
    for team, zone in zones.items():
        try:
            people = directory.roll(team)
            listed = {person.user_id for person in people}
            guests = [user for user in from_elsewhere[team] if user not in listed][:GUESTS]
            people += directory.each(team, guests)
            roll.replace(db, team, people, now)
            with db.begin() as session:
                consortia.schedule_profile_check(session, team, next_daily_check(now, zone))
                follow_profiles(session, team, people, now)
        except SLACK_ERRORS as error:
            log.warning("profiles not checked", error=type(error).__name__)
            _check_again(db, team, now + retry_after(error, RETRY_AFTER))
        except Exception as bug:
            if is_outage(bug):
                raise
            # one workspace must not keep the others from being checked, nor be read again every few seconds
            log.exception("profiles not checked")
            _check_again(db, team, now + RETRY_AFTER)


def _check_again(db: Database, team: str, at: datetime) -> None:
    with db.begin() as session:
        consortia.schedule_profile_check(session, team, at)


next_due = consortia.next_profile_check
