"""Files that people choose in a form."""

from typing import Any

from ..errors import ControlError
from ..json_values import Json
from ..state.directory import User
from ..state.world import World
from .form_values import find_field
from .uploads import store_file


def store_form_files(world: World, user: User, blocks: list[Json], values: Any) -> Any:
    """Store the files among a form's values, and replace them with their descriptions."""
    if not isinstance(values, dict):
        return values
    stored = {}
    for key, value in values.items():
        _, element = find_field(blocks, key)
        stored[key] = store_files(world, user, element, value)
    return stored


def store_files(world: World, user: User, element: Json, value: Any) -> Any:
    """Store what a person puts into a file input, and return its description; return other values unchanged."""
    if element["type"] != "file_input" or value in (None, "", []):
        return value
    files = value if isinstance(value, list) else [value]
    limit = element.get("max_files") or 10
    if len(files) > limit:
        raise ControlError(f"value: at most {limit} can be uploaded")
    endings = [str(ending).lower().removeprefix(".") for ending in element.get("filetypes") or []]
    return [store_file(world, user, file, field="value", endings=endings) for file in files]
