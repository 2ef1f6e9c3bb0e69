"""What menus offer and what is chosen in them, as the templates need it.

People and channels are not written into each menu: the browser asks for them when a menu is opened.
"""

from ..json_values import Json
from .emoji import with_emoji
from .reader import Reader

_SOURCES = {
    "static_select": "here",
    "external_select": "app",
    "users_select": "people",
    "conversations_select": "conversations",
    "channels_select": "channels",
}
DEFAULT_MIN_QUERY_LENGTH = 3  # characters, before the app is asked for options where the element does not say


def plain_label(obj: Json | None) -> str:
    """Give a text object's words where markup cannot stand, as in an attribute or an option."""
    return with_emoji(str((obj or {}).get("text", "")))


def option_source(element: Json) -> str:
    """Say where a menu's options come from; nothing for what is no menu."""
    return _SOURCES.get(str(element.get("type", "")).removeprefix("multi_"), "")


def initial_values(element: Json) -> list[str]:
    """List what is chosen in an element before anybody touches it."""
    values = [option["value"] for option in _first_options(element)]
    for kind in ("user", "conversation", "channel"):
        values += [element.get(f"initial_{kind}"), *(element.get(f"initial_{kind}s") or [])]
    return [str(value) for value in values if value]


def selected_options(element: Json, reader: Reader) -> list[Json]:
    """List what is chosen in a menu before anybody touches it, with the names people know."""
    names = {option["value"]: plain_label(option.get("text")) for option in _first_options(element)}
    return [{"value": value, "label": names.get(value) or _name(value, reader)} for value in initial_values(element)]


def option_groups(element: Json) -> list[Json]:
    """List the groups of options that a menu brings along; options without a group are one without a label."""
    found: list[Json] = element.get("option_groups") or [{"options": element.get("options") or []}]
    return found


def min_query_length(element: Json) -> int:
    """Say how many characters are typed before the app is asked for options."""
    least = element.get("min_query_length")
    return DEFAULT_MIN_QUERY_LENGTH if least is None else int(least)


def _first_options(element: Json) -> list[Json]:
    options = [element.get("initial_option"), *(element.get("initial_options") or [])]
    return [option for option in options if option]


def _name(value: str, reader: Reader) -> str:
    if value in reader.people:
        return reader.name(value)
    known = reader.channels.get(value)
    # A conversation that is no channel is the one with the app.
    return f"#{known['name']}" if known else value if value[:1] != "D" else app_name(reader)


def app_name(reader: Reader) -> str:
    """Call the app as its own user is called."""
    return next((reader.name(one["id"]) for one in reader.people.values() if one.get("is_bot")), "App")
