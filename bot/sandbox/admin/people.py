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
        raise ControlError(f"tz: {name!r} is not a time zone such as America/Denver") from error
    return name


def change_person(world: World, body: Json) -> Json:
    """Add a person (`name`), or change one who exists (`user`)."""
    changes: dict[str, Any] = {name: body[name] for name in CHANGEABLE if name in body}
    for name, value in changes.items():
        kind = bool if name in ("deleted", "admin") else str
        if not isinstance(value, kind) and not (name == "email" and value is None):
            raise ControlError(f"{name}: give {'true or false' if kind is bool else 'a text'}, not {value!r}")
    if "tz" in changes:
        _zone(changes["tz"])
    if body.get("user") is not None:
        if "workspace" in body:
            changes["team_id"] = text_field(body, "workspace")
        return _change_existing(world, world.directory.person(body["user"]), changes)
    name = text_field(body, "name").lower()
    home = body.get("home") or None
    if home is not None and not isinstance(home, str):
        raise ControlError(f"home: {home!r} is not a team id")
    conversations = [world.directory.channel(channel) for channel in list_field(body, "channels")]
    rest = {key: value for key, value in changes.items() if key != "name"}
    rest.setdefault("real_name", name.title())
    new_user = world.directory.add_person(Person(name=name, home=home, **rest))
    for conversation in conversations:
        join(world, new_user, conversation)
    world.feed.notify()
    if not new_user.external:
        world.emit({"type": "team_join", "user": _user_payload(world, new_user)})
    return {"person": world.directory.describe(new_user)}


def _change_existing(world: World, person: User, changes: dict[str, Any]) -> Json:
    for name, value in changes.items():
        setattr(person, name, value)
    person.updated = int(world.clock.seconds())
    world.directory.save_person(person)
    world.feed.notify()
    user = _user_payload(world, person)
    world.emit({"type": "user_change", "user": user, "cache_ts": person.updated})
    return {"person": world.directory.describe(person)}


def _user_payload(world: World, user: User) -> Json:
    with_email = "users:read.email" in world.scopes()
    return user_payload(user, world.clock.now(), world.enterprise_user(user), with_email=with_email)
