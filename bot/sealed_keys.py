"""The keys that seal answers: where they are, and that none is lost while answers are sealed with it."""

import contextlib
from pathlib import Path

from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from bot.config import ConfigurationError, Settings
from storage import seals
from storage.database import Database, parse_url, sqlite_path
from storage.seals import KeyRing, Stake


def load(settings: Settings) -> tuple[list[str], Path | None]:
    """Return the keys that seal answers, and the key file if it was created just now.

    Without SEAL_KEYS the key is in a file next to the database, which only its owner can read. Raise
    `ConfigurationError` if answers are sealed with a key that is neither here nor there: nobody could count them, so
    the bot does not start, and no new key takes the place of the lost one.
    """
    keys, path = known(settings), _key_file(settings)
    stake = _stake(settings, keys)
    if stake:
        raise ConfigurationError(explanation(settings, stake))
    if keys:
        return keys, None
    if path is None:
        return [Fernet.generate_key().decode()], None
    path.touch(mode=0o600)
    path.write_text(Fernet.generate_key().decode() + "\n", encoding="ascii")
    return path.read_text(encoding="ascii").split(), path


def known(settings: Settings) -> list[str]:
    """Return the keys that seal answers, if there are any yet. What is cut off or damaged in the key file is none."""
    path = _key_file(settings)
    if settings.seal_keys.get_secret_value() or path is None or not path.exists():
        return _split(settings.seal_keys)
    return [key for key in path.read_text(encoding="ascii", errors="replace").split() if _is_key(key)]


def _is_key(text: str) -> bool:
    try:
        Fernet(text)
    except ValueError:
        return False
    return True


def explanation(settings: Settings, stake: Stake) -> str:
    """Say what is lost without the key, and what to do."""
    path = _key_file(settings)
    where = f"SEAL_KEYS or {path}" if path else "SEAL_KEYS"
    return (
        f"The key that sealed the answers of {stake.describe()} is missing. Without it nobody can ever count them. "
        f"Put the key back into {where}, from the copy that you keep apart from the database."
    )


def _stake(settings: Settings, keys: list[str]) -> Stake | None:
    path = sqlite_path(parse_url(settings.database_url))
    if settings.database_url.endswith(":memory:") or (path is not None and not path.exists()):
        return None
    db = Database(settings.database_url, connections=1)
    try:
        # a database that is away or not set up yet is reported elsewhere, and has no answers to lose
        with contextlib.suppress(SQLAlchemyError), db.read() as session:
            return seals.find_stake(session, KeyRing(keys))
    finally:
        db.close()
    return None


def _key_file(settings: Settings) -> Path | None:
    database = sqlite_path(parse_url(settings.database_url))
    return database.with_name(database.name + ".keys") if database else None


def _split(keys: SecretStr) -> list[str]:
    return [key.strip() for key in keys.get_secret_value().split(",") if key.strip()]
