"""Slack's three control characters: how texts are stored here, and how the app gets them back.

Slack returns every text object and every message's text escaped: `Q & A` comes back as `Q &amp; A`, also from a button.
Typed values, button values and `private_metadata` come back as they are, and so do the texts inside rich text.
"""

import re
from typing import Any

_KEPT = re.compile(r"&(?:amp|lt|gt);|<(?:[@#!][^<>]+|[a-z][a-z0-9+.-]*:[^<>\s][^<>]*)>")
"""What is markup in a text: entities, mentions, dates and links."""


def escape(text: str) -> str:
    """Escape the three characters that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo Slack's three entities, once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escape_markup(text: str) -> str:
    """Escape what is not markup; a text that is escaped already stays as it is."""
    parts, end = [], 0
    for match in _KEPT.finditer(text):
        parts += [escape(text[end : match.start()]), match[0]]
        end = match.end()
    return "".join([*parts, escape(text[end:])])


def as_stored(value: Any) -> Any:
    """Copy blocks or a view with plain texts as people read them: Slack decodes entities in them too."""
    if isinstance(value, list):
        return [as_stored(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    copy = {name: as_stored(inner) for name, inner in value.items()}
    if copy.get("type") == "plain_text" and isinstance(copy.get("text"), str):
        copy["text"] = unescape(copy["text"])
    return copy


def as_returned(value: Any) -> Any:
    """Copy a payload or a response with its texts as Slack returns them."""
    if isinstance(value, list):
        return [as_returned(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    copy = {name: as_returned(inner) for name, inner in value.items()}
    if isinstance(copy.get("text"), str):
        if copy.get("type") == "plain_text":
            copy["text"] = escape(copy["text"])
        elif copy.get("type") in ("mrkdwn", "message"):
            copy["text"] = escape_markup(copy["text"])
    return copy
