"""What is wrong with the bot, for `/readyz` and `doctor`. To add a check, add a function to one of the two lists.

A check returns a whole sentence for whoever runs the bot, and an empty string if all is well.
"""

import shutil
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.delivery import pauses
from storage import health, migrate, seals
from storage.database import Database, sqlite_path
from storage.health import Role
from storage.seals import KeyRing

SMALLEST_DISK = 20_000_000
"""Bytes that must be free beside a SQLite database."""


def tables(db: Database) -> str:
    """Check that the tables are there and not older than the code. Newer ones may belong to a release under way."""
    revision = migrate.current_revision(db)
    if revision is None:
        return "The database has no tables. Run `python -m bot release`."
    if revision < migrate.newest_revision():
        return "The tables of the database are not up to date. Run `python -m bot release`."
    return ""


def disk(db: Database) -> str:
    """Check that the disk with a SQLite database has room."""
    path = sqlite_path(db.url)
    free = shutil.disk_usage(path.parent).free if path is not None else SMALLEST_DISK
    if free >= SMALLEST_DISK:
        return ""
    return f"The disk with the database is full: {free // 1_000_000} MB are left. What people type may be lost."


def sealed_answers(session: Session, ring: KeyRing, _now: datetime, _own: str) -> str:
    """Check that the keys open everything that is sealed."""
    stake = seals.find_stake(session, ring)
    if stake is None:
        return ""
    return f"The key that sealed the answers of {stake.describe()} is missing. They cannot be counted without it."


def access(session: Session, _ring: KeyRing, _now: datetime, _own: str) -> str:
    """Check that Slack accepts the token and lets the bot post."""
    waiting = pauses.report(session)
    return f"{waiting}. All messages wait, and go out as soon as Slack accepts them." if waiting else ""


def delivery(session: Session, _ring: KeyRing, now: datetime, _own: str) -> str:
    """Check that Slack takes the messages in the outbox."""
    count, reason = health.count_refused(session, now)
    if not count:
        return ""
    messages = "1 message has" if count == 1 else f"{count} messages have"
    return f"{messages} not reached Slack for more than five minutes{f' ({reason})' if reason else ''}."


def worker(session: Session, _ring: KeyRing, now: datetime, own: str) -> str:
    """Check what the worker that leads reports about itself, unless it is the process that asks."""
    others = [report for report in health.reports(session, now) if report.name != own]
    return next((trouble for other in others if other.role is Role.LEADER for trouble in other.troubles), "")


OF_THE_DATABASE: Sequence[Callable[[Database], str]] = (tables, disk)
"""Checks without which the others make no sense, in order."""

OF_WHAT_IS_STORED: Sequence[Callable[[Session, KeyRing, datetime, str], str]] = (
    sealed_answers,
    access,
    worker,
    delivery,
)


def problem(db: Database, ring: KeyRing, now: datetime, own: str) -> str:
    """Return the first thing that is wrong, for the process of the name `own`, which knows its own trouble.

    Raise `SQLAlchemyError` if the database does not answer.
    """
    for check in OF_THE_DATABASE:
        if sentence := check(db):
            return sentence
    with db.read() as session:
        return next((sentence for check in OF_WHAT_IS_STORED if (sentence := check(session, ring, now, own))), "")


def findings(db: Database, ring: KeyRing, now: datetime) -> list[str]:
    """Return everything that is wrong, and what the running processes report about themselves."""
    wrong = [sentence for check in OF_THE_DATABASE if (sentence := check(db))]
    if tables(db):
        return wrong
    try:
        # only what is really stored shows that the disk is not full
        with db.begin() as session:
            health.report(session, "doctor", Role.STANDBY, [], now)
    except SQLAlchemyError as error:
        wrong.append(f"Nothing can be stored in the database ({type(error).__name__}).")
    with db.read() as session:
        wrong += [sentence for check in OF_WHAT_IS_STORED if (sentence := check(session, ring, now, "doctor"))]
        reported = [trouble for report in health.reports(session, now) for trouble in report.troubles]
    return [*dict.fromkeys([*wrong, *reported])]
