"""JSON as the sandbox reads and passes it."""

import json
from typing import Any

Json = dict[str, Any]


def read_json(raw: bytes | str) -> Any:
    """Read JSON; half a character, which no text can hold, becomes a question mark."""
    value = json.loads(raw)
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    if "\\ud" not in text.lower():
        return value
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
