"""Reading a workspace and an app from a TOML file, or saying in one sentence what is wrong with it."""

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
    found = _toml(path)
    for name in found:
        if name not in TABLES:
            raise ConfigError(f"{name} is not a table; there are {', '.join(TABLES)}.")
    about = check_table("app", found.get("app", {}), APP)
    manifest = _manifest(path.parent, about)
    app = _app(about, manifest)
    start = check_table("clock", found.get("clock", {}), CLOCK).get("start")
    return Config(_workspace(found, about, manifest, app), app, start.astimezone(UTC) if start else None)


def _toml(path: Path) -> Json:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise ConfigError(f"{path} is not TOML: {error}.") from error


def _manifest(folder: Path, about: Table) -> Json | None:
    if "manifest" not in about:
        return None
    path = folder / about["manifest"]
    try:
        found: Json = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"app.manifest: {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise ConfigError(f"app.manifest: {path} is not JSON; Slack shows a manifest in YAML and in JSON.") from error
    if not _is_manifest(found):
        raise ConfigError(f"app.manifest: {path} has not the form in which Slack shows an app's manifest.")
    return found


def _is_manifest(found: Any) -> bool:
    """Return whether the parts of a manifest that the sandbox reads have the expected form."""
    try:
        features, settings, oauth = (found.get(name, {}) for name in ("features", "settings", "oauth_config"))
        commands = [one["command"] for one in features.get("slash_commands", [])]
        shortcuts = [one[name] for one in features.get("shortcuts", []) for name in SHORTCUT]
        events = settings.get("event_subscriptions", {}).get("bot_events", [])
        lists = [commands, shortcuts, events, oauth.get("scopes", {}).get("bot", []), oauth.get("redirect_urls", [])]
        _ = features.get("bot_user", {}).get("display_name"), found.get("display_information", {}).get("name")
    except (AttributeError, KeyError, TypeError):
        return False
    return all(map(is_texts, lists))


def _app(about: Table, manifest: Json | None) -> App:
    if about.get("mode") == "http" and "request_url" not in about:
        raise ConfigError(f"app.request_url is missing, for example: request_url = {APP['request_url'].example}")
    if "bot_token" in about and not about.get("installed", True):
        raise ConfigError("app.bot_token belongs to an app that is installed: leave it out, or installed = false.")
    scopes = about.get("scopes")
    return App(
        manifest=manifest,
        scopes=None if scopes is None else tuple(scopes),
        request_url=about.get("request_url"),
        mode=about.get("mode") or ("http" if "request_url" in about else None),
        rotation=about.get("token_rotation"),
        installed=about.get("installed", True),
        secrets={name: about[name] for name in SECRETS if name in about},
    )


def _workspace(found: Json, about: Table, manifest: Json | None, app: App) -> Workspace:
    small = empty_workspace()
    about_it = check_table("workspace", found.get("workspace", {}), WORKSPACE)
    name = about_it.get("name", small.name)
    title = about.get("name") or _app_title(manifest) or "App"
    people = tuple(_people(found)) if "people" in found else small.people
    if not any(not one.deleted and one.home is None for one in people):
        raise ConfigError('people: somebody has to be there, for example: [[people]] with name = "ana"')
    names = [one.name for one in people]
    if "channels" in found or "people" in found:
        channels = tuple(_channels(found, names, app)) or (Channel("general", tuple(names), bot=app.installed),)
    else:
        channels = small.channels
    return Workspace(
        name=name,
        domain=about_it.get("domain", name.lower().replace(" ", "-")),
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


def _rows(found: Json, name: str, keys: Mapping[str, Key]) -> Iterator[tuple[str, Table]]:
    """Yield each table of a list with its label for errors; names must be unique."""
    rows, seen = found.get(name, []), set()
    if not isinstance(rows, list):
        raise ConfigError(f'{name}: each one is a table of its own, for example: [[{name}]] with name = "…"')
    for number, row in enumerate(rows, 1):
        where = f"{name}[{number}]"
        table = check_table(where, row, keys, "name")
        if table["name"] in seen:
            raise ConfigError(f"{where}.name: there is already one called {table['name']!r}.")
        seen.add(table["name"])
        yield where, table


def _people(found: Json) -> Iterator[Person]:
    for _, row in _rows(found, "people", PERSON):
        yield Person(**{"real_name": row["name"].title(), **row})


def _channels(found: Json, names: list[str], app: App) -> Iterator[Channel]:
    for where, row in _rows(found, "channels", CHANNEL):
        members = row.get("members", names)
        unknown = next((one for one in members if one not in names), None)
        if unknown is not None:
            raise ConfigError(f"{where}.members: nobody is called {unknown!r}; there are {', '.join(names)}.")
        if row.get("bot") and not app.installed:
            raise ConfigError(f"{where}.bot: the app is in no channel before it is installed; leave it out.")
        yield Channel(**{"bot": app.installed, **row, "members": tuple(members)})
