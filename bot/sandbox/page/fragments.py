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

_FRAGMENT = Markup('<div class="piece" data-key="{}" data-hash="{}">{}</div>')


@dataclass(frozen=True)
class Fragment:
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
        return _FRAGMENT.format(self.key, self.hash, self.html)


Fragments = dict[str, list[Fragment]]


def render_fragment(key: str, template: str, **values: object) -> Fragment:
    """Draw a piece from a template."""
    drawn = templates.get_template(f"parts/{template}").render(**values)
    return Fragment(key, Markup(drawn))  # noqa: S704 - the template has escaped it


def render_filled(draw: Callable[[Json], Fragment], shown: Json, state: State) -> Fragment:
    """Draw a message or a view with what somebody has filled in."""
    first = draw(shown)
    blocks = with_state(shown.get("blocks") or [], state)
    if blocks == (shown.get("blocks") or []):
        return first
    return replace(draw({**shown, "blocks": blocks}), first=first.html)


def changed_fragments(parts: Fragments, seen: dict[str, dict[str, str]]) -> Json:
    """Tell what the browser does not show yet, and note that it will: keys in order, changed pieces."""
    told: Json = {}
    for name, pieces in parts.items():
        hashes = {fragment.key: fragment.hash for fragment in pieces}
        before = seen.get(name)
        if before is not None and list(before.items()) == list(hashes.items()):
            continue
        fresh = [fragment for fragment in pieces if (before or {}).get(fragment.key) != fragment.hash]
        told[name] = {"order": list(hashes), "fresh": {fragment.key: fragment.wrapped for fragment in fresh}}
        seen[name] = hashes
    return told
