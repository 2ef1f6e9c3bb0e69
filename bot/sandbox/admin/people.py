"""Adding and changing people."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..errors import ControlError
from ..json_values import Json
from ..state.directory import User
from ..state.world import World
from ..web_api.users import user_payload
from ..workspace import Person
from .channels import join
from .fields import list_field, text_field

CHANGEABLE = ("name", "real_name", "email", "tz", "locale", "title", "deleted", "admin")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ControlError(f"tz: {name!r} is no time zone such as America/Denver") from error
    return name


def change_person(world: World, body: Json) -> Json:
    """Add a person (`name`), or change one who exists (`user`)."""
    world_changes: dict[str, Any] = {name: body[name] for name in CHANGEABLE if name in body}
    for name, value in world_changes.items():
        wanted = bool if name in ("deleted", "admin") else str
        if not isinstance(value, wanted) and not (name == "email" and value is None):
            raise ControlError(f"{name}: {value!r} is no {'yes or no' if wanted is bool else 'text'}")
    if "tz" in world_changes:
        _zone(world_changes["tz"])
    if body.get("user") is not None:
        return _change_existing(world, world.directory.person(body["user"]), world_changes)
    name = text_field(body, "name").lower()
    home = body.get("home") or None
    if home is not None and not isinstance(home, str):
        raise ControlError(f"home: {home!r} is no team id")
    rooms = [world.directory.channel(word) for word in list_field(body, "channels")]
    rest = {key: value for key, value in world_changes.items() if key != "name"}
    rest.setdefault("real_name", name.title())
    someone = world.directory.add_person(Person(name=name, home=home, **rest))
    for conversation in rooms:
        join(world, someone, conversation)
    world.feed.notify()
    if not someone.external:
        world.emit({"type": "team_join", "user": _user_payload(world, someone)})
    return {"person": world.directory.describe(someone)}


def _change_existing(world: World, someone: User, changes: dict[str, Any]) -> Json:
    for name, value in changes.items():
        setattr(someone, name, value)
    someone.updated = int(world.clock.seconds())
    world.directory.save_person(someone)
    world.feed.notify()
    user = _user_payload(world, someone)
    world.emit({"type": "user_change", "user": user, "cache_ts": someone.updated})
    return {"person": world.directory.describe(someone)}


def _user_payload(world: World, someone: User) -> Json:
    return user_payload(someone, world.clock.now(), with_email="users:read.email" in world.scopes())
