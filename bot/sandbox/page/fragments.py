"""The page in pieces: each has a name that stays and a hash that changes when it looks different.

The browser keeps a piece whose hash it already shows, so what is being typed or filled in stays.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b

from markupsafe import Markup

from ..blockkit.input_state import State, with_state
from ..json_values import Json
from .blocks import templates

_PIECE = Markup('<div class="piece" data-key="{}" data-hash="{}">{}</div>')


@dataclass(frozen=True)
class Piece:
    """A part of the page that is drawn anew as a whole."""

    key: str
    html: Markup
    first: Markup | None = None
    """What it looked like before somebody filled it in, if they have."""

    @cached_property
    def hash(self) -> str:
        """Tell this look of the piece from another; the browser in which it is filled in shows that by itself."""
        return blake2b((self.html if self.first is None else self.first).encode(), digest_size=8).hexdigest()

    @property
    def wrapped(self) -> Markup:
        """Give the piece as the browser keeps it."""
        return _PIECE.format(self.key, self.hash, self.html)


Parts = dict[str, list[Piece]]


def piece(key: str, template: str, **values: object) -> Piece:
    """Draw a piece from a template."""
    drawn = templates.get_template(f"parts/{template}").render(**values)
    return Piece(key, Markup(drawn))  # noqa: S704 - the template has escaped it


def as_filled(draw: Callable[[Json], Piece], shown: Json, state: State) -> Piece:
    """Draw a message or a view with what somebody has filled in."""
    first = draw(shown)
    blocks = with_state(shown.get("blocks") or [], state)
    if blocks == (shown.get("blocks") or []):
        return first
    return replace(draw({**shown, "blocks": blocks}), first=first.html)


def news(parts: Parts, seen: dict[str, dict[str, str]]) -> Json:
    """Tell what the browser does not show yet, and note that it will: keys in order, changed pieces."""
    told: Json = {}
    for name, pieces in parts.items():
        hashes = {piece.key: piece.hash for piece in pieces}
        before = seen.get(name)
        if before is not None and list(before.items()) == list(hashes.items()):
            continue
        fresh = [piece for piece in pieces if (before or {}).get(piece.key) != piece.hash]
        told[name] = {"order": list(hashes), "fresh": {piece.key: piece.wrapped for piece in fresh}}
        seen[name] = hashes
    return told
