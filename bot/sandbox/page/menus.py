"""The options and values of menus, for the templates.

People and channels are not part of each menu: the browser fetches them when a menu is opened.
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
DEFAULT_MIN_QUERY_LENGTH = 3  # characters, unless the element says


def plain_label(obj: Json | None) -> str:
    """Return a text object's text where markup is impossible, as in an attribute or an option."""
    return with_emoji(str((obj or {}).get("text", "")))


def option_source(element: Json) -> str:
    """Return where a menu's options come from; an empty string if the element is not a menu."""
    return _SOURCES.get(str(element.get("type", "")).removeprefix("multi_"), "")


def initial_values(element: Json) -> list[str]:
    """List the initial values of an element."""
    values = [option["value"] for option in _first_options(element)]
    for kind in ("user", "conversation", "channel"):
        values += [element.get(f"initial_{kind}"), *(element.get(f"initial_{kind}s") or [])]
    return [str(value) for value in values if value]


def selected_options(element: Json, reader: Reader) -> list[Json]:
    """List the initial values of a menu with their labels."""
    names = {option["value"]: plain_label(option.get("text")) for option in _first_options(element)}
    return [{"value": value, "label": names.get(value) or _name(value, reader)} for value in initial_values(element)]


def option_groups(element: Json) -> list[Json]:
    """List a menu's groups of options; ungrouped options are one group without a label."""
    groups: list[Json] = element.get("option_groups") or [{"options": element.get("options") or []}]
    return groups


def min_query_length(element: Json) -> int:
    """Return how many characters are typed before the app is asked for options."""
    least = element.get("min_query_length")
    return DEFAULT_MIN_QUERY_LENGTH if least is None else int(least)


def _first_options(element: Json) -> list[Json]:
    options = [element.get("initial_option"), *(element.get("initial_options") or [])]
    return [option for option in options if option]


def _name(value: str, reader: Reader) -> str:
    if value in reader.people:
        return reader.name(value)
    channel = reader.channels.get(value)
    # A conversation that is not a channel is the one with the app.
    return f"#{channel['name']}" if channel else value if value[:1] != "D" else app_name(reader)


def app_name(reader: Reader) -> str:
    """Return the name of the app's own user."""
    return next((reader.name(person["id"]) for person in reader.people.values() if person.get("is_bot")), "App")
