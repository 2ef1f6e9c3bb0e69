"""The sidebar: channels, the app, and unread marks."""

from ..interactions.recent_messages import recent_messages
from ..json_values import Json
from .context import PageContext
from .location import Location

_MAX_COUNTED = 20  # unread direct messages; beyond this the mark says "20+"


def sidebar_lines(context: PageContext) -> list[Json]:
    """Describe the sidebar's lines; the browser derives unread marks from the times in `recent`."""
    direct = f"@{context.me['name']}"
    lines = [
        _line(context, room["name"], room["id"], kind="lock" if room["is_private"] else "hash")
        for room in context.rooms
    ]
    lines.append({**_line(context, direct, direct, kind="app"), "name": context.app})
    if context.has_home:
        lines.append({**_line(context, direct, "", kind="home"), "name": "Home"})
    return lines


def _line(context: PageContext, name: str, target: str, *, kind: str) -> Json:
    most = _MAX_COUNTED if kind == "app" else 1
    messages = recent_messages(context.sandbox.world, context.me["id"], target, "", most) if target else []
    tab = "home" if kind == "home" else ""
    return {
        "kind": kind,
        "name": name,
        "href": Location(context.me["name"], name, tab, inspect=context.location.inspect).address(),
        "here": context.location.room == name and context.shows_home == bool(tab),
        "recent": " ".join(message.ts for message in messages),
    }
