"""What people have entered, in the shape of Slack's `state.values`."""

import re
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from ..errors import ControlError
from ..json_values import Json
from ..state.directory import Directory
from .elements import STATEFUL
from .objects import options_of
from .surfaces import elements, nested_blocks

State = dict[str, dict[str, Json]]

# By element type: the field that holds the value, and the one that holds the initial value.
FIELDS = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", "initial_files"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}


def holds_many(kind: str) -> bool:
    """Return whether an element holds several values."""
    return kind.startswith("multi_") or kind in ("checkboxes", "file_input")


def initial_value(element: Json) -> Json:
    """Return the state of an element before anyone has used it."""
    field, initial = FIELDS[element["type"]]
    empty: Any = [] if holds_many(element["type"]) else None
    return {"type": element["type"], field: element.get(initial, empty)}


def initial_state(blocks: list[Json]) -> State:
    """Return the state of blocks before anyone has used them."""
    state: State = {}
    for block in nested_blocks(blocks):
        for element in elements(block):
            if element["type"] in STATEFUL:
                state.setdefault(block["block_id"], {})[element["action_id"]] = initial_value(element)
    return state


def carry_over_state(blocks: list[Json], before: State) -> State:
    """Carry entered values over to new blocks where block_id, action_id and type are the same."""
    state = initial_state(blocks)
    for block_id, actions in state.items():
        for action_id, value in actions.items():
            old = before.get(block_id, {}).get(action_id)
            if old is not None and old["type"] == value["type"]:
                actions[action_id] = old
    return state


def with_state(blocks: list[Json], state: State) -> list[Json]:
    """Return blocks whose initial values are what has been entered."""
    copies = deepcopy(blocks)
    for block in nested_blocks(copies):
        for element in elements(block):
            entry = state.get(str(block.get("block_id")), {}).get(str(element.get("action_id")))
            if entry is not None and entry["type"] == element["type"] and entry != initial_value(element):
                field, initial = FIELDS[entry["type"]]
                element[initial] = entry[field]
    return copies


def find_option(element: Json, value: Any) -> Json:
    """Find an option by its value or its label."""
    wanted = value.get("value") if isinstance(value, dict) else value
    options = options_of(element)
    for option in options:
        if option["value"] == str(wanted):
            return dict(option)
    for option in options:
        if option["text"]["text"].strip().lower() == str(wanted).strip().lower():
            return dict(option)
    names = ", ".join(f"{option['text']['text']!r}" for option in options) or "nothing so far"
    raise ControlError(f"value: {wanted!r} is not among the options {names}")


def _date(value: Any) -> str:
    try:
        return datetime.strptime(str(value), "%Y-%m-%d").replace(tzinfo=UTC).date().isoformat()
    except ValueError as error:
        raise ControlError(f"value: {value!r} is not a date such as 2026-12-01") from error


def _time(value: Any) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", str(value)):
        raise ControlError(f"value: {value!r} is not a time such as 17:00")
    return str(value)


def _date_time(value: Any) -> int:
    try:
        if isinstance(value, int) or str(value).isdigit():
            return int(value)
        time = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise ControlError(f"value: {value!r} is not a time such as 2026-12-01T17:00:00Z") from error
    if time.tzinfo is None:
        raise ControlError(f"value: {value!r} has no time zone")
    return int(time.timestamp())


def _rich(value: Any) -> Json:
    if isinstance(value, dict):
        return value
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": str(value)}]}
    return {"type": "rich_text", "elements": [section]}


def state_value(directory: Directory, element: Json, value: Any) -> Any:
    """Convert one entered value into what Slack sends for it."""
    kind = element["type"].removeprefix("multi_")
    if kind in ("static_select", "external_select", "radio_buttons", "checkboxes"):
        return find_option(element, value)
    if kind == "users_select":
        return directory.person(value).id
    if kind in ("conversations_select", "channels_select"):
        return directory.channel(value).id
    shapes = {"datepicker": _date, "timepicker": _time, "datetimepicker": _date_time, "rich_text_input": _rich}
    if kind in shapes:
        return shapes[kind](value)
    if kind == "file_input" and isinstance(value, dict) and "id" in value:
        return value
    if isinstance(value, (dict, list)) or kind == "file_input":
        raise ControlError(f"value: {kind} takes a {'file' if kind == 'file_input' else 'text'}, not {value!r}")
    return str(value)


def state_entry(directory: Directory, element: Json, value: Any) -> Json:
    """Return an element's state after a person has entered a value; None clears it."""
    kind = element["type"]
    field, _ = FIELDS[kind]
    if holds_many(kind):
        values = [] if value in (None, "") else value if isinstance(value, list) else [value]
        chosen = [state_value(directory, element, item) for item in values]
        most = element.get("max_selected_items")
        if most is not None and len(chosen) > most:
            raise ControlError(f"value: choose at most {most}")
        return {"type": kind, field: chosen}
    if value is None or value == "":
        return {"type": kind, field: None}
    return {"type": kind, field: state_value(directory, element, value)}


def is_empty(value: Json) -> bool:
    """Return whether a state entry is empty."""
    content = value[FIELDS[value["type"]][0]]
    return content is None or content in ([], "") or (isinstance(content, str) and not content.strip())
