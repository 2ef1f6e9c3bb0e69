"""What each key of the configuration accepts, with an example that works."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

Table = Mapping[str, Any]


class ConfigError(Exception):
    """Say in one sentence which key is wrong and what would work."""


@dataclass(frozen=True)
class Key:
    """What a value must be: in words, as a test, and as an example."""

    wants: str
    fits: Callable[[Any], bool]
    example: str


def is_text(value: Any) -> bool:
    """Return whether a value is a text that is not blank."""
    return isinstance(value, str) and bool(value.strip())


def is_flag(value: Any) -> bool:
    """Return whether a value is true or false."""
    return isinstance(value, bool)


def is_texts(value: Any) -> bool:
    """Return whether a value is a list of texts."""
    return isinstance(value, list) and all(map(is_text, value))


def is_zone(value: Any) -> bool:
    """Return whether a value is the name of a time zone."""
    try:
        return is_text(value) and bool(ZoneInfo(value))
    except (KeyError, ValueError, OSError):
        return False


def is_address(value: Any) -> bool:
    """Return whether a value is an HTTP address."""
    try:
        parts = urlsplit(value) if is_text(value) else None
        return parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_time(value: Any) -> bool:
    """Return whether a value is a date and time with its zone."""
    return isinstance(value, datetime) and value.tzinfo is not None


def text(example: str) -> Key:
    """Accept a text."""
    return Key("a text", is_text, f'"{example}"')


def texts(*examples: str) -> Key:
    """Accept a list of texts."""
    return Key("a list of texts", is_texts, f"[{', '.join(f'{example!r}' for example in examples)}]".replace("'", '"'))


def text_starting_with(prefix: str, example: str) -> Key:
    """Accept a text with the prefix of a kind of token."""
    return Key(f"a text that starts with {prefix}", lambda value: is_text(value) and value.startswith(prefix), example)


YES = Key("true or false", is_flag, "true")
ZONE = Key("a time zone", is_zone, '"America/Denver"')
ADDRESS = Key("an address", is_address, '"http://127.0.0.1:3000/slack/events"')
TIME = Key("a date and time with its zone", is_time, "2026-12-01T09:00:00-07:00")
MODE = Key('"http" or "socket"', lambda value: value in ("http", "socket"), '"socket"')

WORKSPACE = {"name": text("Northern Valleys"), "domain": text("northern-valleys")}
CLOCK = {"start": TIME}
PERSON = {
    "name": text("ana"),
    "real_name": text("Ana Reyes"),
    "email": text("ana@example.org"),
    "tz": ZONE,
    "locale": text("en-US"),
    "title": text("Coordinator"),
    "home": text("T0OTHER"),
    "admin": YES,
    "deleted": YES,
}
CHANNEL = {
    "name": text("council"),
    "members": texts("ana", "ben"),
    "topic": text("Where we decide"),
    "purpose": text("Decisions"),
    "private": YES,
    "bot": YES,
}
SECRETS = {
    "bot_token": text_starting_with("xox", '"xoxb-1-mine"'),
    "app_token": text_starting_with("xapp-", '"xapp-1-mine"'),
    "signing_secret": text("a-long-secret"),
    "client_id": text("1234.5678"),
    "client_secret": text("another-secret"),
}
APP = {
    "name": text("Echo"),
    "manifest": text("manifest.json"),
    "scopes": texts("commands", "chat:write"),
    "request_url": ADDRESS,
    "mode": MODE,
    "token_rotation": YES,
    "installed": YES,
    **SECRETS,
}


def check_table(label: str, table: Any, keys: Mapping[str, Key], *required: str) -> Table:
    """Check each key of a table; the `wanted` ones must be present."""
    if not isinstance(table, Mapping):
        raise ConfigError(f"{label} is a table: write its keys below a line [{label}].")
    for name, value in table.items():
        if name not in keys:
            raise ConfigError(f"{label}.{name} is not a key; there are {', '.join(keys)}.")
        key = keys[name]
        if not key.fits(value):
            raise ConfigError(f"{label}.{name} must be {key.wants}, for example: {name} = {key.example}")
    for name in required:
        if name not in table:
            raise ConfigError(f"{label}.{name} is missing, for example: {name} = {keys[name].example}")
    return table
