"""Block Kit as HTML: the templates in `templates/kit` and the functions they need."""

import re
from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Any

from jinja2 import ChainableUndefined, Environment, FileSystemLoader
from markupsafe import Markup, escape

from ..json_values import Json
from . import charts, menus
from .emoji import with_emoji
from .images import image_url, is_image, local_image_url
from .markdown import markdown
from .mrkdwn import date_markup, emoji_markup, link, mention, mrkdwn, safe_url
from .reader import Reader, avatar_tint, display_name, initials

_STYLES = ("code", "underline", "strike", "italic", "bold")
_WRAPS = {
    "code": Markup("<code>{}</code>"),
    "underline": Markup("<u>{}</u>"),
    "strike": Markup("<s>{}</s>"),
    "italic": Markup("<em>{}</em>"),
    "bold": Markup("<strong>{}</strong>"),
}


def render_blocks(payload: Iterable[Json], reader: Reader, *, place: str, errors: Json | None = None) -> Markup:
    """Render blocks. `place` names their container (a message, a view, the home tab), so that ids are unique."""
    kit: Any = templates.get_template("kit/blocks.html").module
    rendered = (kit.block(block, reader, place, (errors or {}).get(str(block.get("block_id")))) for block in payload)
    return Markup("").join(Markup(str(html)) for html in rendered)  # noqa: S704 - a template escaped it


def render_text(obj: Json | str | None, reader: Reader) -> Markup:
    """Render a text object, or a bare string as mrkdwn."""
    if not obj:
        return Markup("")
    if isinstance(obj, str):
        return mrkdwn(obj, reader, names=False)
    if obj.get("type") == "mrkdwn":
        return mrkdwn(str(obj.get("text", "")), reader, verbatim=bool(obj.get("verbatim")))
    return Markup("<br>").join(with_emoji(str(obj.get("text", ""))).split("\n"))


def element_id(*parts: object) -> str:
    """Return an element id made of names that may contain any character."""
    return "k" + blake2b("\0".join(map(str, parts)).encode(), digest_size=8).hexdigest()


def local_time(stamp: float | None, reader: Reader) -> str:
    """Return a Unix time as a datetime-local input expects it, in the reader's zone."""
    return f"{reader.local_time(stamp):%Y-%m-%dT%H:%M}" if stamp else ""


def render_rich(element: Json, reader: Reader) -> Markup:
    """Render one inline element of a rich text."""
    html = _render_element(element, reader)
    for style in _STYLES:
        if (element.get("style") or {}).get(style):
            html = _WRAPS[style].format(html)
    return html


def _render_element(element: Json, reader: Reader) -> Markup:
    draw = _RICH.get(str(element.get("type")))
    return draw(element, reader) if draw else escape(str(element.get("text") or element.get("type")))


def _rich_text(element: Json, _reader: Reader) -> Markup:
    return Markup("<br>").join(str(element.get("text", "")).split("\n"))


def _rich_link(element: Json, _reader: Reader) -> Markup:
    url = str(element.get("url", ""))
    return link(url, str(element.get("text") or url))


def _rich_date(element: Json, reader: Reader) -> Markup:
    stamp, form = float(element.get("timestamp", 0)), str(element.get("format", ""))
    return date_markup(stamp, form, str(element.get("fallback", "")), reader, str(element.get("url") or ""))


def _rich_color(value: str) -> Markup:
    """Render a color beside its value; as an SVG, because the page allows no inline styles."""
    dot = Markup(
        '<svg class="color-dot" viewBox="0 0 1 1" aria-hidden="true"><rect width="1" height="1" fill="{}"/></svg>'
    )
    return (dot.format(value) if re.fullmatch(r"#[0-9a-fA-F]{3,8}", value) else Markup("")) + value


_RICH: dict[str, Callable[[Json, Reader], Markup]] = {
    "text": _rich_text,
    "link": _rich_link,
    "user": lambda element, reader: mention("@", reader.name(str(element.get("user_id")))),
    "channel": lambda element, reader: mention("#", reader.channel_name(str(element.get("channel_id")))),
    "usergroup": lambda element, _: mention("@", str(element.get("usergroup_id"))),
    "broadcast": lambda element, _: mention("@", str(element.get("range"))),
    "emoji": lambda element, _: emoji_markup(str(element.get("name")), str(element.get("unicode") or "")),
    "color": lambda element, _: _rich_color(str(element.get("value"))),
    "date": _rich_date,
}


templates = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    undefined=ChainableUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.globals.update(
    text=render_text,
    markdown=markdown,
    element_id=element_id,
    plain_label=menus.plain_label,
    option_source=menus.option_source,
    initial_values=menus.initial_values,
    selected_options=menus.selected_options,
    option_groups=menus.option_groups,
    min_query_length=menus.min_query_length,
    app_name=menus.app_name,
    local_time=local_time,
    local_image_url=local_image_url,
    image_url=image_url,
    is_image=is_image,
    rich=render_rich,
    link=link,
    safe_url=safe_url,
    blocks=render_blocks,
    charts=charts,
    shortcode=emoji_markup,
    initials=initials,
    avatar_tint=avatar_tint,
    display_name=display_name,
)
