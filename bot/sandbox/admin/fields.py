"""Fields of a request that changes the workspace."""

from typing import Any

from ..errors import ControlError
from ..json_values import Json


def text_field(body: Json, name: str) -> str:
    """Read a text that must be present."""
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ControlError(f"{name}: give a text, not {value!r}")
    return value.strip()


def list_field(body: Json, name: str) -> list[Any]:
    """Read a list that may be missing."""
    value = body.get(name) or []
    if not isinstance(value, list):
        raise ControlError(f"{name}: give a list, not {value!r}")
    return value
