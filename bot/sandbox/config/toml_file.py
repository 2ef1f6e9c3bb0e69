"""Read a workspace and an app from a TOML file. An error says in one sentence what is wrong."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..json_values import Json
from ..workspace import App, Channel, Person, Workspace, empty_workspace
from .keys import (
    APP,
    CHANNEL,
    CLOCK,
    PERSON,
    SECRETS,
    WORKSPACE,
    ConfigError,
    Key,
    Table,
    check_table,
    is_text,
    is_texts,
)

TABLES = ("workspace", "app", "people", "channels", "clock")
SHORTCUT = ("callback_id", "type", "name", "description")


@dataclass(frozen=True)
class Config:
    """What a file describes."""

    workspace: Workspace
    app: App
    starts_at: datetime | None


def read_config(path: Path) -> Config:
    """Read a file. What it leaves out is as in the small workspace."""
    tables = _toml(path)
    for name in tables:
        if name not in TABLES:
            raise ConfigError(f"{name} is not a table; there are {', '.join(TABLES)}.")
    app_table = check_table("app", tables.get("app", {}), APP)
    manifest = _manifest(path.parent, app_table)
    app = _app(app_table, manifest)
    start = check_table("clock", tables.get("clock", {}), CLOCK).get("start")
    return Config(_workspace(tables, app_table, manifest, app), app, start.astimezone(UTC) if start else None)


def _toml(path: Path) -> Json:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise ConfigError(f"{path} is not TOML: {error}.") from error


def _manifest(folder: Path, app_table: Table) -> Json | None:
    if "manifest" not in app_table:
        return None
    path = folder / app_table["manifest"]
    try:
        manifest: Json = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"app.manifest: {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise ConfigError(f"app.manifest: {path} is not JSON. Copy the manifest in JSON, not in YAML.") from error
    if not _is_manifest(manifest):
        raise ConfigError(f"app.manifest: {path} does not have the form of an app manifest.")
    return manifest


def _is_manifest(manifest: Any) -> bool:
    """Return whether the parts of a manifest that the sandbox reads have the expected form."""
    try:
        features, settings, oauth = (manifest.get(name, {}) for name in ("features", "settings", "oauth_config"))
        commands = [item["command"] for item in features.get("slash_commands", [])]
        shortcuts = [item[name] for item in features.get("shortcuts", []) for name in SHORTCUT]
        events = settings.get("event_subscriptions", {}).get("bot_events", [])
        lists = [commands, shortcuts, events, oauth.get("scopes", {}).get("bot", []), oauth.get("redirect_urls", [])]
        _ = features.get("bot_user", {}).get("display_name"), manifest.get("display_information", {}).get("name")
    except (AttributeError, KeyError, TypeError):
        return False
    return all(map(is_texts, lists))


def _app(app_table: Table, manifest: Json | None) -> App:
    if app_table.get("mode") == "http" and "request_url" not in app_table:
        raise ConfigError(f"app.request_url is missing, for example: request_url = {APP['request_url'].example}")
    if "bot_token" in app_table and not app_table.get("installed", True):
        raise ConfigError("app.bot_token is for an installed app: remove it, or remove installed = false.")
    scopes = app_table.get("scopes")
    return App(
        manifest=manifest,
        scopes=None if scopes is None else tuple(scopes),
        request_url=app_table.get("request_url"),
        mode=app_table.get("mode") or ("http" if "request_url" in app_table else None),
        rotation=app_table.get("token_rotation"),
        installed=app_table.get("installed", True),
        secrets={name: app_table[name] for name in SECRETS if name in app_table},
    )


def _workspace(tables: Json, app_table: Table, manifest: Json | None, app: App) -> Workspace:
    default = empty_workspace()
    workspace_table = check_table("workspace", tables.get("workspace", {}), WORKSPACE)
    name = workspace_table.get("name", default.name)
    title = app_table.get("name") or _app_title(manifest) or "App"
    people = tuple(_people(tables)) if "people" in tables else default.people
    if not any(not person.deleted and person.home is None for person in people):
        raise ConfigError('people: add at least one person, for example: [[people]] with name = "ana"')
    names = [person.name for person in people]
    if "channels" in tables or "people" in tables:
        channels = tuple(_channels(tables, names, app)) or (Channel("general", tuple(names), bot=app.installed),)
    else:
        channels = default.channels
    return Workspace(
        name=name,
        domain=workspace_table.get("domain", name.lower().replace(" ", "-")),
        people=people,
        channels=channels,
        app_name=title.lower().replace(" ", "_"),
        app_title=title,
    )


def _app_title(manifest: Json | None) -> str | None:
    """Find the name that the manifest gives the bot, or the app."""
    declared = manifest or {}
    bot = declared.get("features", {}).get("bot_user", {}).get("display_name")
    name = bot or declared.get("display_information", {}).get("name")
    return name if is_text(name) else None


def _rows(tables: Json, name: str, keys: Mapping[str, Key]) -> Iterator[tuple[str, Table]]:
    """Yield each table of a list with its label for errors; names must be unique."""
    rows, seen = tables.get(name, []), set()
    if not isinstance(rows, list):
        raise ConfigError(f'{name}: write each one as its own table, for example: [[{name}]] with name = "…"')
    for number, row in enumerate(rows, 1):
        label = f"{name}[{number}]"
        table = check_table(label, row, keys, "name")
        if table["name"] in seen:
            raise ConfigError(f"{label}.name: another one is already called {table['name']!r}.")
        seen.add(table["name"])
        yield label, table


def _people(tables: Json) -> Iterator[Person]:
    for _, row in _rows(tables, "people", PERSON):
        yield Person(**{"real_name": row["name"].title(), **row})


def _channels(tables: Json, names: list[str], app: App) -> Iterator[Channel]:
    for label, row in _rows(tables, "channels", CHANNEL):
        members = row.get("members", names)
        unknown = next((name for name in members if name not in names), None)
        if unknown is not None:
            raise ConfigError(f"{label}.members: nobody is called {unknown!r}; there are {', '.join(names)}.")
        if row.get("bot") and not app.installed:
            raise ConfigError(f"{label}.bot: the app cannot be in a channel before it is installed; remove this key.")
        yield Channel(**{"bot": app.installed, **row, "members": tuple(members)})
