"""Settings, read once from the environment, checked once, and frozen."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.exc import ArgumentError

from storage.database import file_of, normalise


class ConfigurationError(Exception):
    """The settings do not make sense; the sentence says all that is wrong with them."""


class Settings(BaseSettings):
    """What the environment says.

    `clock_url` is where story time comes from, in the sandbox only. `public_url` is where people's calendars find
    the bot from outside; without it nobody gets a calendar address. `seal_keys` are separated by commas; the
    first seals, all open.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_api_url: str = "https://slack.com/api/"
    database_url: str = "sqlite:///consortium.db"
    seal_keys: SecretStr = SecretStr("")
    clock_url: str = ""
    public_url: str = ""
    port: int = 3000
    log_level: str = "INFO"


@dataclass(frozen=True)
class Needs:
    """What a command needs of the settings."""

    slack: bool = True
    socket: bool = False
    http: bool = False
    shared_database: bool = False


def load(needs: Needs) -> Settings:
    """Read the settings and check them. Raises Wrong, naming everything that is wrong at once."""
    try:
        settings = Settings()
    except ValidationError as error:
        names = ", ".join(str(problem["loc"][0]).upper() for problem in error.errors())
        raise ConfigurationError(f"{names} cannot be read. A port is a number, for example PORT=3000.") from None
    problems = _problems(settings, needs)
    if problems:
        raise ConfigurationError(" ".join(problems))
    return settings


def _problems(settings: Settings, needs: Needs) -> list[str]:
    found = []
    bot, app = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    if needs.slack and not bot.startswith("xoxb-"):
        found.append("SLACK_BOT_TOKEN is missing: the bot token begins with xoxb-, see OAuth & Permissions.")
    if needs.socket and not app.startswith("xapp-"):
        found.append("SLACK_APP_TOKEN is missing: the app token begins with xapp-, see Basic Information.")
    if needs.http and not settings.slack_signing_secret.get_secret_value():
        found.append("SLACK_SIGNING_SECRET is missing, see Basic Information.")
    if settings.log_level.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        found.append("LOG_LEVEL is one of DEBUG, INFO, WARNING and ERROR.")
    if settings.public_url and not _is_public(settings.public_url):
        found.append("PUBLIC_URL looks like https://bot.example, without anything behind it.")
    return found + _storage_problems(settings, needs)


def _is_public(url: str) -> bool:
    """Tell whether this is an address alone; what is secret goes over http only on this machine."""
    try:
        parts = urlsplit(url)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"})
        alone = parts.path in {"", "/"} and not (parts.query or parts.fragment or parts.username)
        return bool(parts.hostname) and safe and alone and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _storage_problems(settings: Settings, needs: Needs) -> list[str]:
    try:
        url = normalise(settings.database_url)
    except ArgumentError:
        return ["DATABASE_URL cannot be read; it looks like postgresql://user:password@host/name."]
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        return ["DATABASE_URL has to name a SQLite file or a PostgreSQL server."]
    found = []
    if needs.shared_database and url.get_backend_name() == "sqlite":
        found.append(
            "A SQLite file is for one process: use `python -m bot run`, or give DATABASE_URL a PostgreSQL server."
        )
    if needs.shared_database and not settings.seal_keys.get_secret_value():
        found.append("SEAL_KEYS is missing: `python -m bot key` makes one. Keep it away from the database.")
    for key in _split(settings.seal_keys):
        try:
            Fernet(key)
        except ValueError:
            found.append("SEAL_KEYS holds something that is no key; `python -m bot key` makes one.")
            break
    return found


def _split(keys: SecretStr) -> list[str]:
    return [key.strip() for key in keys.get_secret_value().split(",") if key.strip()]


def seal_keys(settings: Settings) -> tuple[list[str], Path | None]:
    """Give the keys that seal answers, and the file that was made for them just now, if any.

    Without SEAL_KEYS they lie in a file beside the database, readable for its owner alone.
    """
    keys, path = known_keys(settings), _key_file(settings)
    if keys:
        return keys, None
    if path is None:
        return [Fernet.generate_key().decode()], None
    path.touch(mode=0o600)
    path.write_text(Fernet.generate_key().decode() + "\n", encoding="ascii")
    return path.read_text(encoding="ascii").split(), path


def known_keys(settings: Settings) -> list[str]:
    """Give the keys that seal answers, as far as there are any yet."""
    path = _key_file(settings)
    if settings.seal_keys.get_secret_value() or path is None or not path.exists():
        return _split(settings.seal_keys)
    return path.read_text(encoding="ascii").split()


def _key_file(settings: Settings) -> Path | None:
    database = file_of(normalise(settings.database_url))
    return database.with_name(database.name + ".keys") if database else None
