"""What a driver may change about the workspace: people, channels, the app's settings."""

from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.sandbox import events
from bot.sandbox.directory import Conversation, Someone
from bot.sandbox.problems import Problem
from bot.sandbox.store import Json
from bot.sandbox.web.users import shape
from bot.sandbox.workspace import Channel, Person
from bot.sandbox.world import World

CHANGEABLE = ("name", "real_name", "email", "tz", "locale", "title", "deleted", "admin")


def _text(body: Json, name: str, default: str | None = None) -> str:
    found = body.get(name, default)
    if not isinstance(found, str) or not found.strip():
        raise Problem(f"{name}: give a text, not {found!r}")
    return found.strip()


def _list(body: Json, name: str) -> list[Any]:
    found = body.get(name) or []
    if not isinstance(found, list):
        raise Problem(f"{name}: give a list, not {found!r}")
    return found


def address(url: object) -> str:
    """Read the address to which deliveries are to go."""
    try:
        place = urlsplit(url) if isinstance(url, str) else None
        if place is not None and place.scheme in ("http", "https") and place.hostname and place.port != 0:
            return str(url)
    except ValueError:
        pass
    raise Problem(f"request_url: {url!r} is no address such as http://127.0.0.1:3000/slack/events")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Problem(f"tz: {name!r} is no time zone such as America/Denver") from error
    return name


def change_person(world: World, body: Json) -> Json:
    """Add somebody (`name`), or change somebody who is there (`user`)."""
    world_changes: dict[str, Any] = {name: body[name] for name in CHANGEABLE if name in body}
    for name, value in world_changes.items():
        wanted = bool if name in ("deleted", "admin") else str
        if not isinstance(value, wanted) and not (name == "email" and value is None):
            raise Problem(f"{name}: {value!r} is no {'yes or no' if wanted is bool else 'text'}")
    if "tz" in world_changes:
        _zone(world_changes["tz"])
    if body.get("user") is not None:
        return _changed(world, world.directory.person(body["user"]), world_changes)
    name = _text(body, "name").lower()
    home = body.get("home") or None
    if home is not None and not isinstance(home, str):
        raise Problem(f"home: {home!r} is no team id")
    rooms = [world.directory.channel(word) for word in _list(body, "channels")]
    rest = {key: value for key, value in world_changes.items() if key != "name"}
    rest.setdefault("real_name", name.title())
    someone = world.directory.add_person(Person(name=name, home=home, **rest))
    for conversation in rooms:
        _join(world, someone, conversation)
    world.feed.changed()
    if not someone.external:
        world.emit({"type": "team_join", "user": _shape(world, someone)})
    return {"person": world.directory.brief(someone)}


def _changed(world: World, someone: Someone, changes: dict[str, Any]) -> Json:
    for name, value in changes.items():
        setattr(someone, name, value)
    someone.updated = int(world.clock.seconds())
    world.directory.save_person(someone)
    world.feed.changed()
    user = _shape(world, someone)
    world.emit({"type": "user_change", "user": user, "cache_ts": someone.updated})
    return {"person": world.directory.brief(someone)}


def _shape(world: World, someone: Someone) -> Json:
    return shape(someone, world.clock.now(), with_email="users:read.email" in world.scopes())


def _join(world: World, someone: Someone, conversation: Conversation) -> None:
    if world.directory.join(someone, conversation):
        world.emit(events.joined(someone, conversation, world.credentials.team_id))


def _leave(world: World, someone: Someone, conversation: Conversation) -> None:
    if world.directory.leave(someone, conversation):
        world.emit(events.left(someone, conversation, world.credentials.team_id))


def change_channel(world: World, body: Json) -> Json:
    """Add a channel (`name`), or let people join and leave one that is there (`channel`)."""
    if body.get("channel") is None:
        conversation = _new_channel(world, body)
    else:
        conversation = world.directory.channel(body["channel"])
    if "archived" in body:
        _archive(world, conversation, body["archived"])
    for word in _list(body, "join"):
        _join(world, world.directory.person(word), conversation)
    for word in _list(body, "leave"):
        _leave(world, world.directory.person(word), conversation)
    world.feed.changed()
    return {"channel": draw_channel(world, conversation)}


def _archive(world: World, conversation: Conversation, archived: object) -> None:
    if not isinstance(archived, bool):
        raise Problem(f"archived: {archived!r} is no yes or no")
    if archived == conversation.archived:
        return
    conversation.archived = archived
    world.directory.save_channel(conversation)
    world.emit(events.archived(conversation))


def _new_channel(world: World, body: Json) -> Conversation:
    private, bot = bool(body.get("private", False)), bool(body.get("bot", False))
    name = _text(body, "name").lower().removeprefix("#")
    channel = Channel(
        name,
        tuple(_list(body, "members")),
        private=private,
        bot=bot,
        topic=str(body.get("topic", "")),
        purpose=str(body.get("purpose", "")),
    )
    conversation = world.directory.add_channel(channel, int(world.clock.seconds()))
    if bot:
        app = world.directory.people[world.directory.bot_id]
        world.emit(events.joined(app, conversation, app.team_id))
    return conversation


def draw_channel(world: World, conversation: Conversation) -> Json:
    """Describe a channel for the control interface."""
    people = world.directory.people
    return {
        "id": conversation.id,
        "name": conversation.name,
        "is_private": conversation.private,
        "is_archived": conversation.archived,
        "topic": conversation.topic,
        "purpose": conversation.purpose,
        "members": [key for key in conversation.members if not people[key].is_bot],
        "names": [people[key].name for key in conversation.members if not people[key].is_bot],
        "is_member": world.directory.bot_id in conversation.members,
    }


def change_app(world: World, body: Json) -> None:
    """Say where deliveries go, and what the app's manifest or scopes are."""
    settings = world.settings
    url, mode = body.get("request_url", settings.request_url), body.get("mode", settings.mode)
    url = None if url is None else address(url)
    if "request_url" in body and "mode" not in body:
        mode = "http" if url else "socket"
    if mode not in ("http", "socket"):
        raise Problem(f"mode: {mode!r} is neither http nor socket")
    manifest, scopes = body.get("manifest", settings.manifest), body.get("scopes", settings.scopes)
    if manifest is not None and not isinstance(manifest, dict):
        raise Problem("manifest: give the app's manifest as an object")
    if scopes is not None and not (isinstance(scopes, list) and all(isinstance(one, str) for one in scopes)):
        raise Problem("scopes: give a list of scopes")
    _take_manifest(world, manifest, scopes)
    settings.request_url, settings.mode = url, mode
    world.save_settings()
    world.feed.changed()


def _take_manifest(world: World, manifest: Json | None, scopes: list[str] | None) -> None:
    """Use a manifest if it can be read; otherwise nothing changes."""
    before = world.settings.manifest
    world.settings.manifest = manifest
    try:
        _ = world.commands(), world.shortcuts(), world.subscribed("message"), list(world.scopes())
        _ = world.rotates(), list(world.redirect_urls()), world.has_tab("home")
    except (AttributeError, KeyError, TypeError) as error:
        world.settings.manifest = before
        raise Problem("manifest: this has not the form of an app manifest") from error
    world.settings.scopes = scopes


def draw_app(world: World) -> Json:
    """Give what a Bolt app needs."""
    known, settings = world.credentials, world.settings
    token = next(reversed(world.tokens.alive("bot")), None)
    return {
        "bot_token": token.value if token else None,
        "refresh_token": token.refresh if token else None,
        "app_token": known.app_token,
        "signing_secret": known.signing_secret,
        "client_id": known.client_id,
        "client_secret": known.client_secret,
        "team_id": known.team_id,
        "app_id": known.app_id,
        "bot_user_id": known.bot_user_id,
        "api_url": world.url + "/api/",
        "clock_url": world.url + "/sandbox/clock/follow",
        "request_url": settings.request_url,
        "mode": settings.mode,
        "installed": world.tokens.installed,
        "scopes": world.scopes(),
        "commands": world.commands(),
        "shortcuts": world.shortcuts(),
    }
