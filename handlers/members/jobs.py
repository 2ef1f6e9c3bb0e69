"""Scheduled work: daily checks of people's profiles."""

from datetime import datetime, timedelta

from handlers.kit.dates import next_morning
from handlers.kit.directory import TROUBLE, Directory
from handlers.members.leaving import keep_up, log
from storage import consortia, members
from storage.database import Database

AGAIN = timedelta(hours=1)


GUESTS = 50
"""So many people from other workspaces are looked up at a time: Slack tells of them one by one."""


def sweep(db: Database, directory: Directory, now: datetime) -> None:
    """Look each morning at everybody's profile: what Slack told while the bot did not run was not heard."""
    with db.read() as session:
        zones = consortia.to_look_at(session, now)
        guests = {team: members.guests(session, team, GUESTS) for team in zones}
    for team, zone in zones.items():
        try:
            people = [*directory.roll(team), *directory.each(team, guests[team])]
        except TROUBLE as error:
            log.warning("people not looked at", error=type(error).__name__)
            people = None
        with db.begin() as session:
            consortia.look_again(session, team, now + AGAIN if people is None else next_morning(now, zone))
            keep_up(session, team, people or [], now)


next_due = consortia.next_look
