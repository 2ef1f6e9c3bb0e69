"""Whether the database can be used, so that what is wrong with it is reported at startup, in words."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.config import ConfigurationError, Settings
from storage import migrate
from storage.consortia import Workspace
from storage.database import Database, parse_url, sqlite_path

RELEASE = "Run `python -m bot release`."
NEWER = (
    "The database was written by a newer version of the bot than this one. Install that version again, or restore a "
    "backup from before."
)
_SQLITE_HEADER = b"SQLite format 3\0"


def require_usable(settings: Settings, *, migrated: bool) -> None:
    """Raise `ConfigurationError` unless the database can be opened and its tables fit this version of the bot.

    With `migrated`, the tables have to be there already. A SQLite file is created where there is none, readable only by
    its owner.
    """
    path = sqlite_path(parse_url(settings.database_url))
    if path is not None:
        _prepare_file(path)
    with opened(settings) as db:
        revision = migrate.current_revision(db)
    if revision is not None and revision not in migrate.known_revisions():
        raise ConfigurationError(NEWER)
    if migrated and revision is None:
        raise ConfigurationError(f"The database has no tables yet. {RELEASE}")
    if migrated and revision != migrate.newest_revision():
        raise ConfigurationError(f"The tables of the database are from an earlier version of the bot. {RELEASE}")


def require_own_workspace(settings: Settings, team: str) -> None:
    """Raise `ConfigurationError` if the database belongs to another workspace than the bot token does.

    `team` is the workspace of the token; empty if Slack has not named it.
    """
    with opened(settings) as db:
        if not team or migrate.current_revision(db) is None:
            return
        with db.read() as session:
            known = session.scalars(select(Workspace.team_id)).all()
    if known and team not in known:
        raise ConfigurationError(
            "This database belongs to another Slack workspace than SLACK_BOT_TOKEN does. Use the token of that "
            "workspace, or set DATABASE_URL to a database of its own."
        )


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Open the database while the block runs. Raise `ConfigurationError` if it cannot be read."""
    db = Database(settings.database_url, connections=1)
    try:
        yield db
    except SQLAlchemyError as error:
        raise ConfigurationError(_explain(db, error)) from None
    finally:
        db.close()


def _explain(db: Database, error: SQLAlchemyError) -> str:
    path = sqlite_path(db.url)
    if path is not None:
        return unreadable(path)
    server = f"PostgreSQL at {db.url.host or 'this machine'}"
    # a server that answers gives its reason this way; whether it has a code depends on the version of the driver
    if isinstance(error, OperationalError) and "FATAL" in str(error.orig):
        return f"{server} does not let the bot in. Check the user, password, and database name in DATABASE_URL."
    return f"{server} does not answer. Check that it runs, and the host and port in DATABASE_URL."


def unreadable(path: Path) -> str:
    """Return what to say about a file that SQLite cannot read."""
    return f"{path} is no SQLite database, or it is damaged. Restore a backup, or set DATABASE_URL to another file."


def _prepare_file(path: Path) -> None:
    """Create a SQLite file, or make one that exists private. Its companions get the same rights from SQLite.

    Raise `ConfigurationError` if that is impossible.
    """
    if not path.parent.is_dir():
        raise ConfigurationError(
            f"DATABASE_URL names a file in {path.parent}, but there is no such folder. Create it, or name another file."
        )
    if path.is_dir():
        raise ConfigurationError(
            f"DATABASE_URL names {path}, which is a folder. Name a file in it, for example {path / 'consortium.db'}."
        )
    try:
        # not created in two steps: in between, others could open it
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        make_private(path)
        with path.open("rb") as file:
            header = file.read(len(_SQLITE_HEADER))
    except OSError as error:
        raise ConfigurationError(
            f"The bot cannot write {path} ({error.strerror}). Check who may write the file and its folder."
        ) from None
    if header not in {b"", _SQLITE_HEADER}:
        raise ConfigurationError(unreadable(path))


def make_private(path: Path) -> None:
    """Let nobody but the owner read a SQLite file, what SQLite keeps beside it, and the key for sealed answers."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm", f"{path.name}.keys"):
        file = path.with_name(name)
        if file.exists() and file.stat().st_uid == os.getuid() and file.stat().st_mode & 0o077:
            file.chmod(0o600)
