"""JSON values, and how the sandbox reads them."""

import json
from typing import Any

Json = dict[str, Any]


def read_json(raw: bytes | str) -> Any:
    """Read JSON. Unpaired surrogates become question marks, because no text can hold them."""
    value = json.loads(raw)
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    if "\\ud" not in text.lower():
        return value
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
