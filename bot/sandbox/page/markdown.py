"""The `markdown` block's Markdown as HTML; inside a line it has the same rules as everywhere: no markup but ours.

Headings, emphasis, code, links, lists (nested, numbered, with boxes), quotes, fences, rules and tables are known, as
in Slack; a picture becomes a link. What is not known stays as it was typed.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape
from itertools import zip_longest

from markupsafe import Markup, escape

from bot.sandbox.page.emoji import SHORTCODE
from bot.sandbox.page.mrkdwn import emoji_markup, link, mention
from bot.sandbox.page.reader import Reader

_INSIDE = re.compile(
    r"\\(?P<bare>[\\`*_{}\[\]()#+\-.!~|>])"
    r"|(?P<ticks>`+)(?P<code>.{1,3000}?)(?P=ticks)"
    r"|!?\[(?P<label>[^\[\]]*)\]\((?P<url>[^()\s]+(?:\([^()\s]*\)[^()\s]*)?)(?:\s+\"[^\"]*\")?\)"
    r"|<(?P<angle>(?:https?://|mailto:)[^<>\s]+)>"
    r"|<@(?P<person>\w+)>|<#(?P<channel>\w+)>"
    r"|(?P<address>https?://[^\s<>]*[^\s<>.,;:!?)\]*_~'\"])"
    r"|(?P<star>\*\*|__)(?=\S)(?P<strong>.{1,800}?)(?<=\S)(?P=star)"
    r"|~~(?=\S)(?P<strike>.{1,800}?)(?<=\S)~~"
    r"|\*(?=\S)(?P<em>[^*]+?)(?<=\S)\*|(?<!\w)_(?=\S)(?P<low>[^_]+?)(?<=\S)_(?!\w)"
    rf"|(?P<emoji>{SHORTCODE.pattern})"
)
_FENCE = re.compile(r"\s*(```+|~~~+)\s*\S*\s*$")
_HEADING = re.compile(r" {0,3}#{1,6}\s+(\S.*)")
_RULE = re.compile(r" {0,3}([-*_])(?:\s*\1){2,}\s*$")
_ITEM = re.compile(r"(?P<indent>\s*)(?:[-*+]|(?P<number>\d{1,9})[.)])\s+(?P<rest>.*)")
_BOX = re.compile(r"\[([ xX])\]\s+(.*)")
_LINES = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_QUOTE = re.compile(r"(?: {0,3}> ?)+")


def markdown(text: str, reader: Reader) -> Markup:
    """Draw a Markdown text."""
    return Markup("").join(_blocks(text.replace("\r\n", "\n").split("\n"), reader))


def inside(text: str, reader: Reader) -> Markup:
    """Draw what stands in one line."""
    drawn, done = [], 0
    for match in _INSIDE.finditer(text):
        drawn.append(escape(unescape(text[done : match.start()])))
        drawn.append(_token(match, reader))
        done = match.end()
    drawn.append(escape(unescape(text[done:])))
    return Markup("").join(drawn)


def _token(match: re.Match[str], reader: Reader) -> Markup:
    found = {name: value for name, value in match.groupdict().items() if value is not None}
    for name, tag in (("strong", "strong"), ("strike", "s"), ("em", "em"), ("low", "em")):
        if name in found:
            return Markup(f"<{tag}>{{}}</{tag}>").format(inside(found[name], reader))  # noqa: S704 - tags of ours
    if "url" in found:
        return link(found["url"], inside(found["label"], reader) or found["url"])
    draws: dict[str, Callable[[str], Markup]] = {
        "bare": escape,
        "code": lambda code: Markup("<code>{}</code>").format(code.strip()),
        "angle": lambda url: link(url, url.removeprefix("mailto:")),
        "address": lambda url: link(url, url),
        "person": lambda person: mention("@", reader.name(person)),
        "channel": lambda channel: mention("#", reader.channel_name(channel)),
        "emoji": lambda name: emoji_markup(name.split(":")[1]),
    }
    return next(draw(found[name]) for name, draw in draws.items() if name in found)


def _blocks(lines: list[str], reader: Reader) -> Iterator[Markup]:
    """Draw lines, taking as many from the front at a time as belong together."""
    while lines:
        if not lines[0].strip():
            lines = lines[1:]
            continue
        kind = next(kind for kind, begins in _BEGINNINGS.items() if begins(lines))
        drawn, lines = _DRAWN[kind](lines, reader)
        yield drawn


def _is_table(lines: list[str]) -> bool:
    return len(lines) > 1 and "|" in lines[0] and bool(_LINES.match(lines[1])) and "-" in lines[1]


_BEGINNINGS: dict[str, Callable[[list[str]], bool]] = {
    "fence": lambda lines: bool(_FENCE.match(lines[0])),
    "heading": lambda lines: bool(_HEADING.match(lines[0])),
    "rule": lambda lines: bool(_RULE.match(lines[0])),
    "quote": lambda lines: bool(_QUOTE.match(lines[0])),
    "items": lambda lines: bool(_ITEM.match(lines[0])),
    "table": _is_table,
    "words": lambda _: True,
}


def _run(lines: list[str], goes_on: Callable[[str], bool]) -> int:
    """Count the lines from the front that go on."""
    return next((index for index, line in enumerate(lines) if not goes_on(line)), len(lines))


def _fence(lines: list[str], _reader: Reader) -> tuple[Markup, list[str]]:
    fence = lines[0].strip()[:3]
    end = 1 + _run(lines[1:], lambda line: not line.strip().startswith(fence))
    return Markup("<pre>{}</pre>").format("\n".join(lines[1:end])), lines[end + 1 :]


def _heading(lines: list[str], reader: Reader) -> tuple[Markup, list[str]]:
    # Slack draws all levels alike.
    words = lines[0].strip().strip("#").strip()
    return Markup("<h3>{}</h3>").format(inside(words, reader)), lines[1:]


def _rule(lines: list[str], _reader: Reader) -> tuple[Markup, list[str]]:
    return Markup("<hr>"), lines[1:]


def _quote(lines: list[str], reader: Reader) -> tuple[Markup, list[str]]:
    end = _run(lines, lambda line: bool(_QUOTE.match(line)))
    bare = [_QUOTE.sub("", line, count=1) for line in lines[:end]]
    return Markup("<blockquote>{}</blockquote>").format(Markup("").join(_blocks(bare, reader))), lines[end:]


def _words(lines: list[str], reader: Reader) -> tuple[Markup, list[str]]:
    others = [begins for kind, begins in _BEGINNINGS.items() if kind != "words"]
    end = 1
    while end < len(lines) and lines[end].strip() and not any(begins(lines[end:]) for begins in others):
        end += 1
    drawn = Markup("<br>").join(inside(line.strip(), reader) for line in lines[:end])
    return Markup("<p>{}</p>").format(drawn), lines[end:]


def _items(lines: list[str], reader: Reader) -> tuple[Markup, list[str]]:
    """Draw a list; what is indented further below an item belongs to it."""
    first = _ITEM.match(lines[0])
    depth, number = (len(first["indent"]), first["number"]) if first else (0, None)
    drawn = []
    while lines and (match := _ITEM.match(lines[0])) and len(match["indent"]) == depth:
        if (match["number"] is None) != (number is None):
            break
        end = 1 + _run(lines[1:], lambda line: bool(line.strip()) and len(line) - len(line.lstrip()) > depth)
        inner = Markup("").join(_blocks(lines[1:end], reader))
        drawn.append(Markup("<li>{}{}</li>").format(_item(match["rest"], reader), inner))
        lines = lines[end:]
    start = Markup(' start="{}"').format(int(number)) if number and int(number) != 1 else ""
    frame = Markup("<ol{}>{}</ol>") if number else Markup("<ul{}>{}</ul>")
    return frame.format(start, Markup("").join(drawn)), lines


def _item(text: str, reader: Reader) -> Markup:
    box = _BOX.match(text)
    if box is None:
        return inside(text, reader)
    done = box[1] != " "
    sign = Markup('<span role="img" aria-label="{}">{}</span> ').format(
        "Done" if done else "Open", "☑" if done else "☐"
    )
    return sign + inside(box[2], reader)


def _table(lines: list[str], reader: Reader) -> tuple[Markup, list[str]]:
    end = _run(lines, lambda line: "|" in line and bool(line.strip()))
    looks = [_look(cell) for cell in _cells(lines[1])]
    head = _row(_cells(lines[0]), looks, Markup('<th scope="col" class="align-{}">{}</th>'), reader)
    rows = [_row(_cells(line), looks, Markup('<td class="align-{}">{}</td>'), reader) for line in lines[2:end]]
    frame = '<div class="scroll" tabindex="0" role="region" aria-label="Table: {}"><table><thead>{}</thead>'
    table = Markup(frame + "<tbody>{}</tbody></table></div>")  # noqa: S704 - a frame of ours
    return table.format(", ".join(_cells(lines[0])), head, Markup("").join(rows)), lines[end:]


def _look(rule: str) -> str:
    """Say on which side a column's words stand: `---:` is right, `:---:` is in the middle."""
    return ("center" if rule.startswith(":") else "right") if rule.endswith(":") else "left"


def _row(cells: list[str], looks: list[str], frame: Markup, reader: Reader) -> Markup:
    drawn = (
        frame.format(look, inside(cell, reader)) for cell, look in zip_longest(cells[: len(looks)], looks, fillvalue="")
    )
    return Markup("<tr>{}</tr>").format(Markup("").join(drawn))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


_DRAWN: dict[str, Callable[[list[str], Reader], tuple[Markup, list[str]]]] = {
    "fence": _fence,
    "heading": _heading,
    "rule": _rule,
    "quote": _quote,
    "items": _items,
    "table": _table,
    "words": _words,
}
