"""The sidebar: channels, the app, and what is unread there."""

from ..interactions.recent_messages import recent_messages
from ..json_values import Json
from .context import Sight
from .location import Place

_COUNTED = 20  # unread direct messages; beyond it the mark says "20+"


def lines(sight: Sight) -> list[Json]:
    """Describe the sidebar's lines; from the times in `recent` the browser makes unread marks."""
    direct = f"@{sight.me['name']}"
    found = [
        _line(sight, room["name"], room["id"], kind="lock" if room["is_private"] else "hash") for room in sight.rooms
    ]
    found.append({**_line(sight, direct, direct, kind="app"), "name": sight.app})
    if sight.has_home:
        found.append({**_line(sight, direct, "", kind="home"), "name": "Home"})
    return found


def _line(sight: Sight, name: str, target: str, *, kind: str) -> Json:
    most = _COUNTED if kind == "app" else 1
    said = recent_messages(sight.sandbox.world, sight.me["id"], target, "", most) if target else []
    tab = "home" if kind == "home" else ""
    return {
        "kind": kind,
        "name": name,
        "href": Place(sight.me["name"], name, tab, inspect=sight.place.inspect).address(),
        "here": sight.place.room == name and sight.at_home == bool(tab),
        "recent": " ".join(one.ts for one in said),
    }
