"""The `markdown` block as HTML. Text can never add markup.

The library reads CommonMark with tables, strikethrough and task lists. This module adds what Slack does (headings of
one size, line breaks, mentions, emoji) and what the page needs (safe links, images as links).
"""

import re
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType
from markupsafe import Markup, escape

from .emoji import SHORTCODE
from .mrkdwn import emoji_markup, link, link_tags, mention
from .reader import Reader

_ADDRESS = re.compile(r"https?://[^\s<>\[\]`]*[^\s<>\[\]`|.,;:!?)*_~'\"]")
_MENTION = re.compile(r"<([@#])(\w+)>")
_LOOK = re.compile(r"left|center|right")


def markdown(text: str, reader: Reader) -> Markup:
    """Render a Markdown text."""
    return Markup(_MARKDOWN.render(text, {"reader": reader}))  # noqa: S704 - the library escapes, and so do the rules


def _address(state: StateInline, silent: bool) -> bool:
    """Match a typed address at its colon; the scheme before it has already been read."""
    scheme = next((word for word in ("https", "http") if state.src.endswith(word, 0, state.pos)), "")
    match = _ADDRESS.match(state.src, state.pos - len(scheme), state.posMax)
    if not scheme or not match or state.linkLevel or state.src[state.pos] != ":":
        return False
    if not silent:
        state.pending = state.pending.removesuffix(scheme)
        state.push("address", "", 0).content = match[0]
    state.pos = match.end()
    return True


def _mention(state: StateInline, silent: bool) -> bool:
    """Match a person or a channel in angle brackets."""
    match = _MENTION.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        token = state.push("mention", "", 0)
        token.markup, token.content = match.groups()
    state.pos = match.end()
    return True


def _draw_mention(token: Token, env: EnvType) -> Markup:
    reader: Reader = env["reader"]
    name = reader.name if token.markup == "@" else reader.channel_name
    return mention(token.markup, name(token.content))


def _draw_text(token: Token, _env: EnvType) -> Markup:
    parts, done = [], 0
    for match in SHORTCODE.finditer(token.content):
        parts += [escape(token.content[done : match.start()]), emoji_markup(match[1])]
        done = match.end()
    return Markup("").join([*parts, escape(token.content[done:])])


def _open_link(token: Token, env: EnvType) -> Markup:
    before, env["after link"] = link_tags(str(token.attrs["href"]))
    return before


def _draw_picture(token: Token, env: EnvType) -> Markup:
    address = str(token.attrs["src"])
    # Links cannot be nested.
    return escape(token.content) if env.get("after link") else link(address, token.content or address)


def _open_item(token: Token, _env: EnvType) -> Markup:
    if "checked" not in token.meta:
        return Markup("<li>")
    label, sign = ("Done", "☑") if token.meta["checked"] else ("Open", "☐")
    return Markup('<li><span role="img" aria-label="{}">{}</span> ').format(label, sign)


def _cell(frame: str) -> Callable[[Token, EnvType], Markup]:
    """Render a cell with its alignment as a class, because the page allows no inline styles."""

    def draw(token: Token, _env: EnvType) -> Markup:
        alignment = _LOOK.search(str(token.attrs.get("style", "")))
        return Markup(frame).format(alignment[0] if alignment else "left")  # noqa: S704 - a frame of ours

    return draw


def _open_table(_self: object, tokens: Sequence[Token], index: int, *_: object) -> Markup:
    """Make a wide table scrollable, labeled with its columns."""
    head = takewhile(lambda token: token.type != "thead_close", tokens[index:])
    names = ", ".join(token.content for token in head if token.type == "inline")
    return Markup('<div class="scroll" tabindex="0" role="region" aria-label="Table: {}"><table>').format(names)


_DRAWN: dict[str, Callable[[Token, EnvType], str]] = {
    "text": _draw_text,
    "mention": _draw_mention,
    "address": lambda token, _: link(token.content, token.content),
    "link_open": _open_link,
    "link_close": lambda _, env: env.pop("after link"),
    "image": _draw_picture,
    "fence": lambda token, _: Markup("<pre>{}</pre>").format(token.content.removesuffix("\n")),
    "code_block": lambda token, _: Markup("<pre>{}</pre>").format(token.content.removesuffix("\n")),
    "heading_open": lambda *_: "<h3>",
    "heading_close": lambda *_: "</h3>",
    "list_item_open": _open_item,
    "th_open": _cell('<th scope="col" class="align-{}">'),
    "td_open": _cell('<td class="align-{}">'),
    "table_close": lambda *_: "</table></div>",
}


def _parser() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"breaks": True, "tasklists": True})
    parser.inline.ruler.before("autolink", "mention", _mention)
    parser.inline.ruler.before("autolink", "address", _address)
    parser.add_render_rule("table_open", _open_table)
    for kind, draw in _DRAWN.items():
        parser.add_render_rule(kind, _rule(draw))
    return parser


def _rule(draw: Callable[[Token, EnvType], str]) -> Callable[..., str]:
    def rule(_self: object, tokens: Sequence[Token], index: int, _options: Any, env: EnvType) -> str:
        return draw(tokens[index], env)

    return rule


_MARKDOWN = _parser()
