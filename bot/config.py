"""Settings: read once from the environment, checked once, and frozen."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.exc import ArgumentError

from storage.database import parse_url


class ConfigurationError(Exception):
    """The bot cannot start with these settings; the text names every problem."""


class Settings(BaseSettings):
    """The settings, by the names of their environment variables.

    `clock_url` is the source of story time, in the sandbox only. `public_url` is where people's calendars reach the
    bot; without it there are no calendar addresses. `seal_keys` is separated by commas; the first key seals, and all
    of them open.
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
    port: int = Field(default=3000, ge=0, le=65535)
    log_level: str = "INFO"


@dataclass(frozen=True)
class Needs:
    """The settings that a command needs."""

    slack: bool = True
    socket: bool = False
    http: bool = False
    shared_database: bool = False


def load(needs: Needs) -> Settings:
    """Read and check the settings. Raise `ConfigurationError`, which names every problem at once."""
    try:
        settings = Settings()
    except ValidationError as error:
        names = ", ".join(str(problem["loc"][0]).upper() for problem in error.errors())
        raise ConfigurationError(f"{names} must be a number from 1 to 65535, for example PORT=3000.") from None
    problems = _problems(settings, needs)
    if problems:
        raise ConfigurationError(" ".join(problems))
    return settings


def _problems(settings: Settings, needs: Needs) -> list[str]:
    problems = []
    bot_token, app_token = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    if needs.slack and not bot_token.startswith("xoxb-"):
        problems.append("SLACK_BOT_TOKEN is missing: the bot token begins with xoxb-, see OAuth & Permissions.")
    if needs.socket and not app_token.startswith("xapp-"):
        problems.append("SLACK_APP_TOKEN is missing: the app token begins with xapp-, see Basic Information.")
    if needs.http and not settings.slack_signing_secret.get_secret_value():
        problems.append("SLACK_SIGNING_SECRET is missing, see Basic Information.")
    if settings.log_level.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        problems.append("LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")
    if settings.public_url and not is_public_url(settings.public_url):
        problems.append("PUBLIC_URL must look like https://bot.example, without a path.")
    return problems + _storage_problems(settings, needs)


def is_public_url(url: str) -> bool:
    """Return whether this is the URL of a host, without a path. Plain http is allowed only on this machine."""
    try:
        parts = urlsplit(url)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"})
        host_only = parts.path in {"", "/"} and not (parts.query or parts.fragment or parts.username)
        return bool(parts.hostname) and safe and host_only and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _storage_problems(settings: Settings, needs: Needs) -> list[str]:
    try:
        url = parse_url(settings.database_url)
    except (ArgumentError, ValueError):
        return ["DATABASE_URL cannot be read. It must look like postgresql://user:password@host/name."]
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        return ["DATABASE_URL must name a SQLite file or a PostgreSQL server."]
    problems = []
    if needs.shared_database and url.get_backend_name() == "sqlite":
        problems.append(
            "A SQLite file is for one process. Use `python -m bot run`, or set DATABASE_URL to a PostgreSQL server."
        )
    if needs.shared_database and not settings.seal_keys.get_secret_value():
        problems.append("SEAL_KEYS is missing. `python -m bot key` prints a key. Do not keep it with the database.")
    for key in _split(settings.seal_keys):
        try:
            Fernet(key)
        except ValueError:
            problems.append("SEAL_KEYS contains something that is not a key. `python -m bot key` prints a key.")
            break
    return problems


def _split(keys: SecretStr) -> list[str]:
    return [key.strip() for key in keys.get_secret_value().split(",") if key.strip()]
