"""Slack's mrkdwn as HTML. Text can never add markup.

Typed text passes exactly one `unescape` (Slack's three entities) and one HTML escape.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

from ..blockkit.escaping import unescape
from .dates import slack_date
from .emoji import SHORTCODE, emoji
from .reader import Reader

_INNER = r"(?=\S)(?:<[^<>\n]*>|`[^`\n]+`|[^%s<`\n])+?(?<=\S)"
_TOKEN = re.compile(
    "|".join(
        [
            r"`(?P<code>[^`\n]+)`",
            r"<(?P<angle>[^<>\n]+)>",
            r"(?P<url>https?://[^\s<>|]*[^\s<>|.,;:!?)\]*_~'\"])",
            rf"(?<![\w*])\*(?P<bold>{_INNER % '*'})\*(?![\w*])",
            rf"(?<!\w)_(?P<italic>{_INNER % '_'})_(?!\w)",
            rf"(?<![\w~])~(?P<strike>{_INNER % '~'})~(?![\w~])",
            rf"(?P<emoji>{SHORTCODE.pattern})",
            r"(?<![\w&])(?P<name>@(?:here|channel|everyone)\b|\#[\w-]+)",
        ],
    ),
)
_FENCE = re.compile(r"```(.+?)```", re.DOTALL)
_QUOTE = re.compile(r"(?:&gt;|>) ?")
_DATE = re.compile(r"!date\^(-?\d+)\^([^^|]*)(?:\^([^|]*))?(?:\|(.*))?", re.DOTALL)
_SAFE = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_WRAP = {
    "bold": Markup("<strong>{}</strong>"),
    "italic": Markup("<em>{}</em>"),
    "strike": Markup("<s>{}</s>"),
    "code": Markup("<code>{}</code>"),
}


@dataclass(frozen=True)
class _Manner:
    """How to read a text: for whom, and whether to link typed addresses and names."""

    reader: Reader
    urls: bool
    names: bool


def mrkdwn(text: str, reader: Reader, *, verbatim: bool = False, names: bool = True) -> Markup:
    """Render a mrkdwn text. Verbatim leaves typed addresses, @here and #names as they are."""
    manner = _Manner(reader, urls=not verbatim, names=names and not verbatim)
    html = []
    for index, part in enumerate(_FENCE.split(text)):
        if index % 2:
            html.append(Markup("<pre>{}</pre>").format(_plain(_unlinked(part.strip("\n")))))
        elif part:
            html.extend(_lines(part.strip("\n") if index else part.rstrip("\n"), manner))
    return Markup("").join(html)


def safe_url(url: str | None) -> str:
    """Return an address if its scheme cannot run anything, else an empty string."""
    return str(url) if _SAFE.match(str(url or "")) else ""


def link(url: str, label: str | Markup) -> Markup:
    """Render a link if its address is safe, otherwise only its label."""
    before, after = link_tags(url)
    return before + label + after


def link_tags(url: str) -> tuple[Markup, Markup]:
    """Return the tags around a link's label; empty strings if its address is not safe."""
    if not safe_url(url):
        return Markup(""), Markup("")
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">').format(url), Markup("</a>")


def mention(sigil: str, name: str) -> Markup:
    """Render a mention of a person, a channel or a group."""
    return Markup('<span class="mention">{}{}</span>').format(sigil, name)


def emoji_markup(name: str, unicode: str = "") -> Markup:
    """Render an emoji with its name for screen readers; an unknown one as typed.

    Rich text may specify its characters as hexadecimal numbers joined by dashes.
    """
    character = emoji(name)
    if character is None and re.fullmatch(r"(?!d[89a-f])[0-9a-f]{2,5}(-(?!d[89a-f])[0-9a-f]{2,5})*", unicode):
        character = "".join(chr(int(part, 16)) for part in unicode.split("-"))
    if character is None:
        return escape(f":{name}:")
    return Markup('<span class="emoji" role="img" aria-label="{}">{}</span>').format(
        name.replace("_", " "),
        character,
    )


def date_markup(stamp: float, form: str, fallback: str, reader: Reader, url: str = "") -> Markup:
    """Render a time in the reader's zone, or the fallback for one outside the calendar."""
    try:
        words = slack_date(stamp, form, reader.local_now)
        full = f"{reader.local_time(stamp):%A, %-d %B %Y, %H:%M} ({reader.zone.key})"
    except (ValueError, OverflowError, OSError):
        return escape(fallback)
    time = Markup('<time title="{}">{}</time>').format(full, words)
    return link(url, time) if url else time


def _lines(text: str, manner: _Manner) -> Iterator[Markup]:
    """Render lines; those that begin with `>` as quotes."""
    lines = text.split("\n")
    for index, line in enumerate(lines):
        if line.startswith(("&gt;&gt;&gt;", ">>>")):
            rest = [re.sub(r"^(?:&gt;|>){3} ?", "", line), *lines[index + 1 :]]
            lines[index:] = ["&gt; " + quoted for quoted in rest]
            break
    for quoted, group in groupby(lines, key=lambda line: bool(_QUOTE.match(line))):
        if quoted:
            bare = [_inline(_QUOTE.sub("", line, count=1), manner) for line in group]
            yield Markup("<blockquote>{}</blockquote>").format(Markup("<br>").join(bare))
        else:
            yield Markup("<br>").join(_inline(line, manner) for line in group)


def _inline(text: str, manner: _Manner) -> Markup:
    html, done = [], 0
    for match in _TOKEN.finditer(text):
        html.append(_plain(text[done : match.start()]))
        kind = match.lastgroup or ""
        # The shortcode's own group has no name, so an emoji's lastgroup is still "emoji".
        html.append(_KINDS[kind](match[kind], manner))
        done = match.end()
    html.append(_plain(text[done:]))
    return Markup("").join(html)


def _plain(text: str) -> Markup:
    return escape(unescape(text))


def _unlinked(text: str) -> str:
    """Show links inside code by their label or address, as Slack does."""
    return re.sub(r"<((?:https?|mailto):[^<>|\n]+)(?:\|([^<>\n]*))?>", lambda m: m[2] or m[1], text)


def _code(text: str, _manner: _Manner) -> Markup:
    return _WRAP["code"].format(_plain(_unlinked(text)))


def _emphasis(kind: str) -> Callable[[str, _Manner], Markup]:
    return lambda text, manner: _WRAP[kind].format(_inline(text, manner))


def _emoji(text: str, _manner: _Manner) -> Markup:
    return emoji_markup(text.split(":")[1])


def _url(text: str, manner: _Manner) -> Markup:
    url = unescape(text)
    return link(url, url) if manner.urls else escape(url)


def _name(text: str, manner: _Manner) -> Markup:
    """Render a typed @here or #general as Slack links it."""
    known = text[0] == "@" or any(channel["name"] == text[1:] for channel in manner.reader.channels.values())
    return mention(text[0], text[1:]) if manner.names and known else _plain(text)


def _angle(text: str, manner: _Manner) -> Markup:
    """Render the content of angle brackets: a mention, a date or a link."""
    target, _, label = text.partition("|")
    if target.startswith("@"):
        return mention("@", manner.reader.name(target[1:]))
    if target.startswith("#"):
        return mention("#", manner.reader.channel_name(target[1:]))
    if target.startswith("!"):
        return _special(text, label, manner)
    if re.match(r"[a-z][a-z0-9+.-]*:", target, re.IGNORECASE):
        return link(unescape(target), _plain(label or target.removeprefix("mailto:")))
    return _plain(f"<{text}>")


def _special(text: str, label: str, manner: _Manner) -> Markup:
    date = _DATE.fullmatch(text)
    if date:
        return date_markup(float(date[1]), unescape(date[2]), unescape(date[4] or ""), manner.reader, date[3] or "")
    word = re.match(r"!(here|channel|everyone)\b", text)
    if word:
        return mention("@", word[1])
    return mention("", unescape(label or text[1:]))


_KINDS: dict[str, Callable[[str, _Manner], Markup]] = {
    "code": _code,
    "angle": _angle,
    "url": _url,
    "bold": _emphasis("bold"),
    "italic": _emphasis("italic"),
    "strike": _emphasis("strike"),
    "emoji": _emoji,
    "name": _name,
}
