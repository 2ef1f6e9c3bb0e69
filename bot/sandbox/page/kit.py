"""Block Kit as HTML: the templates under `templates/kit`, and the little that they ask Python for."""

from collections.abc import Callable, Iterable
from hashlib import blake2b
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import ChainableUndefined, Environment, FileSystemLoader
from markupsafe import Markup, escape

from bot.sandbox.page import charts
from bot.sandbox.page.emoji import with_emoji
from bot.sandbox.page.mrkdwn import date_markup, emoji_markup, link, mention, mrkdwn
from bot.sandbox.page.reader import Json, Reader, display_name, initials, tint

_STYLES = ("code", "strike", "italic", "bold")
_WRAPS = {
    "code": Markup("<code>{}</code>"),
    "strike": Markup("<s>{}</s>"),
    "italic": Markup("<em>{}</em>"),
    "bold": Markup("<strong>{}</strong>"),
}


def blocks(payload: Iterable[Json], reader: Reader, *, place: str, errors: Json | None = None) -> Markup:
    """Draw blocks. `place` is where they stand (a message, a view, the home), for ids that are unique."""
    kit: Any = templates.get_template("kit/blocks.html").module
    drawn = (kit.block(block, reader, place, (errors or {}).get(str(block.get("block_id")))) for block in payload)
    return Markup("").join(Markup(str(html)) for html in drawn)  # noqa: S704 - a template escaped it


def text(obj: Json | str | None, reader: Reader) -> Markup:
    """Draw a text object, or a bare string as mrkdwn."""
    if not obj:
        return Markup("")
    if isinstance(obj, str):
        return mrkdwn(obj, reader, names=False)
    if obj.get("type") == "mrkdwn":
        return mrkdwn(str(obj.get("text", "")), reader, verbatim=bool(obj.get("verbatim")))
    return Markup("<br>").join(with_emoji(str(obj.get("text", ""))).split("\n"))


def plain(obj: Json | None) -> str:
    """Give a text object's words where markup cannot stand, as in an attribute or an option."""
    return with_emoji(str((obj or {}).get("text", "")))


def uid(*parts: object) -> str:
    """Make an id for an element out of names that may hold anything."""
    return "k" + blake2b("\0".join(map(str, parts)).encode(), digest_size=8).hexdigest()


def chosen(element: Json) -> set[str]:
    """List what is chosen in an element before anybody touches it."""
    options = [element.get("initial_option"), *element.get("initial_options", [])]
    values = [option["value"] for option in options if option]
    for kind in ("user", "conversation", "channel"):
        values += [element.get(f"initial_{kind}"), *element.get(f"initial_{kind}s", [])]
    return {str(value) for value in values if value}


def choices(element: Json, reader: Reader) -> list[Json]:
    """List an element's groups of options, people and channels made into options."""
    kind = str(element.get("type", ""))
    if "users_select" in kind:
        people = [person for person in reader.people.values() if not person.get("deleted")]
        return [{"options": [_option(person["id"], display_name(person)) for person in people]}]
    if "channels_select" in kind or "conversations_select" in kind:
        rooms = reader.channels.values()
        return [{"options": [_option(room["id"], f"#{room['name']}") for room in rooms]}]
    groups: list[Json] = element.get("option_groups") or [{"options": element.get("options", [])}]
    return groups


def picked_names(element: Json, reader: Reader) -> str:
    """Name what is chosen in a multiple choice before anybody touches it."""
    picked = chosen(element)
    options = [option for group in choices(element, reader) for option in group.get("options", [])]
    return ", ".join(plain(option.get("text")) for option in options if option.get("value") in picked)


def local_moment(stamp: float | None, reader: Reader) -> str:
    """Give a Unix time as the browser's date-and-time field wants it, in the reader's zone."""
    return f"{reader.at(stamp):%Y-%m-%dT%H:%M}" if stamp else ""


def picture(url: str | None) -> str:
    """Give a picture's address if it lies on this machine: nothing on the page may leave it."""
    parts = urlsplit(str(url or ""))
    host = parts.hostname or ""
    if not parts.scheme and not parts.netloc and parts.path.startswith("/"):
        return str(url)
    return str(url) if parts.scheme == "http" and _is_local(host) else ""


def rich(element: Json, reader: Reader) -> Markup:
    """Draw one inline element of a rich text."""
    drawn = _rich(element, reader)
    for style in _STYLES:
        if (element.get("style") or {}).get(style):
            drawn = _WRAPS[style].format(drawn)
    return drawn


def _rich(element: Json, reader: Reader) -> Markup:
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


_RICH: dict[str, Callable[[Json, Reader], Markup]] = {
    "text": _rich_text,
    "link": _rich_link,
    "user": lambda element, reader: mention("@", reader.name(str(element.get("user_id")))),
    "channel": lambda element, reader: mention("#", reader.channel_name(str(element.get("channel_id")))),
    "usergroup": lambda element, _: mention("@", str(element.get("usergroup_id"))),
    "broadcast": lambda element, _: mention("@", str(element.get("range"))),
    "emoji": lambda element, _: emoji_markup(str(element.get("name"))),
    "color": lambda element, _: escape(str(element.get("value"))),
    "date": _rich_date,
}


def _option(value: str, label: str) -> Json:
    return {"value": value, "text": {"type": "plain_text", "text": label}}


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


templates = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    undefined=ChainableUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.globals.update(
    text=text,
    plain=plain,
    uid=uid,
    chosen=chosen,
    choices=choices,
    picked_names=picked_names,
    local_moment=local_moment,
    picture=picture,
    rich=rich,
    link=link,
    blocks=blocks,
    charts=charts,
    shortcode=emoji_markup,
    initials=initials,
    tint=tint,
    called=display_name,
)
