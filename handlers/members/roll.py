"""The roll of a workspace: read in passes, and kept current by Slack's events in between."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.directory import Person
from storage import roll
from storage.database import Database
from storage.roll import Known

BATCH = 500
"""The number of people stored in one transaction, so that others need not wait long."""


def replace(db: Database, workspace: str, people: Sequence[Person], now: datetime) -> None:
    """Store a complete reading of a workspace: only what has changed is written."""
    current = {person.user_id: known(person) for person in people if _belongs(person)}
    with db.read() as session:
        before = {entry.user_id: entry for entry in roll.list_all(session, workspace)}
    changed = [entry for user, entry in current.items() if before.get(user) != entry]
    for at in range(0, len(changed), BATCH):
        with db.begin() as session:
            roll.save(session, workspace, changed[at : at + BATCH])
    gone = sorted(before.keys() - current.keys())
    for at in range(0, len(gone), BATCH):
        with db.begin() as session:
            roll.remove(session, workspace, gone[at : at + BATCH])
    with db.begin() as session:
        roll.mark_read(session, workspace, now)


def follow(session: Session, workspace: str, people: Iterable[Person]) -> None:
    """Update a workspace's roll from Slack's event about people. Guests are followed if they are on it already."""
    for person in people:
        if not _belongs(person):
            roll.remove(session, workspace, [person.user_id])
        elif person.team_id == workspace or roll.is_known(session, workspace, person.user_id):
            roll.save(session, workspace, [known(person)])


def known(person: Person) -> Known:
    """Return what the roll keeps about a person."""
    return Known(person.user_id, person.team_id, person.name)


def _belongs(person: Person) -> bool:
    return not person.deleted and not person.bot
