"""The page in fragments: each has a stable key and a hash of its looks.

The browser keeps a fragment whose hash it already shows, so that what is being typed or filled in stays.
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
    """A part of the page that is rendered as a whole."""

    key: str
    html: Markup
    first: Markup | None = None
    """Its markup before somebody filled it in, if they did."""

    @cached_property
    def hash(self) -> str:
        """Return the hash of its looks; entered values do not count, because the browser already shows them."""
        return blake2b((self.html if self.first is None else self.first).encode(), digest_size=8).hexdigest()

    @property
    def wrapped(self) -> Markup:
        """Return the fragment as the browser keeps it."""
        return _FRAGMENT.format(self.key, self.hash, self.html)


Fragments = dict[str, list[Fragment]]


def render_fragment(key: str, template: str, **values: object) -> Fragment:
    """Render a fragment from a template."""
    html = templates.get_template(f"parts/{template}").render(**values)
    return Fragment(key, Markup(html))  # noqa: S704 - the template has escaped it


def render_filled(draw: Callable[[Json], Fragment], content: Json, state: State) -> Fragment:
    """Render a message or a view with what somebody has entered."""
    first = draw(content)
    blocks = with_state(content.get("blocks") or [], state)
    if blocks == (content.get("blocks") or []):
        return first
    return replace(draw({**content, "blocks": blocks}), first=first.html)


def changed_fragments(parts: Fragments, seen: dict[str, dict[str, str]]) -> Json:
    """Return what the browser does not show yet (keys in order, changed fragments), and remember that it will."""
    changes: Json = {}
    for name, pieces in parts.items():
        hashes = {fragment.key: fragment.hash for fragment in pieces}
        before = seen.get(name)
        if before is not None and list(before.items()) == list(hashes.items()):
            continue
        fresh = [fragment for fragment in pieces if (before or {}).get(fragment.key) != fragment.hash]
        changes[name] = {"order": list(hashes), "fresh": {fragment.key: fragment.wrapped for fragment in fresh}}
        seen[name] = hashes
    return changes
