"""Forms that several people may have open at once: each changes only what was changed in it."""

from collections.abc import Mapping
from typing import Any

from handlers.kit.payload import parsed

WAS = "was"
"""The key in a form's metadata under which it keeps the values that it showed when it was opened."""


def apply_changes(
    metadata: Mapping[str, Any], submitted: Mapping[str, Any], current: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the current values with those that somebody changed in a form; all are plain JSON values.

    What the form still shows as it was opened stays as it is now, because another person may have changed it since.
    """
    was = parsed(dict, metadata.get(WAS) or {}, f"private_metadata.{WAS}")
    return {name: current[name] if name in was and was[name] == value else value for name, value in submitted.items()}
