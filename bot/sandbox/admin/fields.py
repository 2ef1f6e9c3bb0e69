"""Fields of a request that changes the workspace."""

from typing import Any

from ..errors import ControlError
from ..json_values import Json


def text_field(body: Json, name: str) -> str:
    """Read a text that must be present."""
    found = body.get(name)
    if not isinstance(found, str) or not found.strip():
        raise ControlError(f"{name}: give a text, not {found!r}")
    return found.strip()


def list_field(body: Json, name: str) -> list[Any]:
    """Read a list that may be missing."""
    found = body.get(name) or []
    if not isinstance(found, list):
        raise ControlError(f"{name}: give a list, not {found!r}")
    return found
