"""What people type after a command, taken apart: words, quoted texts, options and mentions."""

import html
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from handlers.kit.refusals import Refusal
from handlers.kit.text import clean, cut, escape

_OPEN = '"“”„‟«»'
_QUOTED = re.compile(rf"[{_OPEN}]([^{_OPEN}]*)(?:[{_OPEN}]|$)")
_LINK = re.compile(r"<(?:mailto:)?([^<>|]*)(?:\|([^<>]*))?>")
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
_CHANNEL = re.compile(r"<#([A-Z0-9]+)(?:\|([^<>]*))?>")
_SPECIAL = re.compile(r"<!([a-z]+)(?:\^[^<>|]*)?(?:\|([^<>]*))?>")
_KEY = re.compile(r"([A-Za-z]+(?:-[A-Za-z]+)*):")

MENTIONED = re.compile(r"^@([A-Z0-9]{2,})$")
"""How a linked mention stands among the words, after unwrapping."""


@dataclass(frozen=True)
class Word:
    """One word, or several that quotes keep together."""

    text: str
    quoted: bool = False

    @property
    def folded(self) -> str:
        """Give the word as it is compared."""
        return self.text.casefold()


@dataclass(frozen=True)
class Typed:
    """A command's words.

    `words` are those that belong to no option, in order; `options` maps keys to what followed them; `people`
    are the Slack user ids that were mentioned; `text` is the whole, unwrapped. No word is empty: pairs of quotes
    with nothing between them are counted in `gaps`, for who has to ask what was meant there.
    """

    text: str
    words: tuple[Word, ...]
    options: dict[str, str]
    people: tuple[str, ...]
    gaps: int = 0

    @property
    def first(self) -> str:
        """Give the first word, folded; empty where there is none or it is quoted."""
        return self.words[0].folded if self.words and not self.words[0].quoted else ""

    @property
    def quoted(self) -> list[str]:
        """List the texts in quotes."""
        return [word.text for word in self.words if word.quoted]

    @property
    def plain(self) -> list[str]:
        """List the words that are neither quoted nor options nor linked mentions, folded."""
        return [w.folded for w in self.words if not w.quoted and not MENTIONED.match(w.text)]

    def after(self, count: int = 1) -> str:
        """Give the text that follows the first `count` words, as it was typed."""
        return " ".join(word.text for word in self.words[count:])


def unwrap(raw: str) -> str:
    """Turn what Slack sends into what the person saw.

    Addresses are links in what Slack sends, `&` is `&amp;`; a mention becomes `@U123`.
    """
    text = _MENTION.sub(r"@\1", raw)
    text = _CHANNEL.sub(lambda m: f"#{m[2] or m[1]}", text)
    text = _SPECIAL.sub(lambda m: m[2] or f"@{m[1]}", text)
    text = _LINK.sub(lambda m: m[2] or m[1], text)
    return clean(html.unescape(text))


def read(raw: str, keys: Collection[str] = (), dated: Collection[str] = ()) -> Typed:
    """Take a command's text apart.

    Only `keys` and `dated` are options; anything else with a colon is a word. A `dated` option takes words as
    long as they read as a date, so that `closes:friday 17:00` needs no quotes.
    """
    people = tuple(dict.fromkeys(_MENTION.findall(raw)))
    text = unwrap(raw)
    words: list[Word] = []
    options: dict[str, str] = {}
    gaps = at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        key = _KEY.match(text, at)
        if key and key[1].casefold() in {*keys, *dated}:
            name = key[1].casefold()
            value, at = _value(text, key.end(), dated=name in dated)
            options[name] = value
            continue
        begin = at
        word, at = _word(text, at)
        if word.text:
            words.append(word)
        else:
            # an empty pair of quotes is something that was left empty; a lone mark is nothing
            gaps += at - begin > 1
    return Typed(text, tuple(words), options, people, gaps)


def _word(text: str, at: int) -> tuple[Word, int]:
    quoted = _QUOTED.match(text, at)
    if quoted:
        return Word(clean(quoted[1]), quoted=True), quoted.end()
    end = at
    while end < len(text) and not text[end].isspace() and text[end] not in _OPEN:
        end += 1
    return Word(text[at:end]), end


_DATE_WORD = re.compile(
    r"""(?ix)
    \d{1,4}([-./:]\d{1,2}){0,2}(\.\d\d)?(am|pm)? | am | pm | \d+[dwhm] | today | tomorrow | at |
    (mon|tues?|wed(nes)?|thu(rs)?|fri|satur|sat|sun)(day)? |
    (jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*
    """
)


def _value(text: str, at: int, *, dated: bool) -> tuple[str, int]:
    """Read an option's value: one word, a quoted text, or as many words as belong to a date."""
    word, at = _word(text, at) if at < len(text) and not text[at].isspace() else (Word(""), at)
    value = word.text
    while dated and not word.quoted:
        ahead = re.compile(r"\s+(\S+)").match(text, at)
        if not ahead or not _DATE_WORD.fullmatch(ahead[1].rstrip(",")):
            break
        value, at = f"{value} {ahead[1]}".strip(), ahead.end()
    return value, at


def number(word: str) -> int | None:
    """Read `#12` or `12`; None where it is neither."""
    found = re.fullmatch(r"#?(\d{1,9})", word)
    return int(found[1]) if found else None


def row_id(value: str) -> int:
    """Read the row id or page number that a button carries. Return 0, which no row has, where there is none."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else 0


def check_options(typed: Typed, keys: Collection[str], example: str) -> None:
    """Check that no option was typed that says nothing here. Raises Refusal."""
    left = [key for key in typed.options if key not in keys]
    if left:
        raise Refusal(f"I do not know what `{left[0]}:` means here. For example: {example}")


def quoted_text(rest: Sequence[Word], example: str) -> str:
    """Read what stands in quotes, or all that is left where nothing does. Raises Refusal where more is left."""
    quoted = [word.text for word in rest if word.quoted]
    plain = [word.text for word in rest if not word.quoted]
    if len(quoted) > 1 or (quoted and plain):
        left = " ".join(plain or quoted[1:])
        raise Refusal(
            f"I understood “{escape(cut(quoted[0], 80))}”, but not “{escape(cut(left, 80))}”. For example: {example}"
        )
    return " ".join((quoted or [" ".join(plain)])[0].split())


def nothing_more(rest: Sequence[Word], example: str) -> None:
    """Check that nothing is left that was not understood. Raises Refusal."""
    if rest:
        left = escape(cut(" ".join(word.text for word in rest), 80))
        raise Refusal(f"I did not understand “{left}”. For example: {example}")


NOTHING = frozenset({"none", "-", "no", "never", "off"})


def short_text(typed: str, what: str, example: str, most: int, field: str | None = None) -> str:
    """Check a title, name or a few words. Raises Refusal where they are lacking or too long."""
    text = " ".join(clean(typed).split())
    if not any(character.isalnum() for character in text):
        raise Refusal(f"Say in a few words {what}. For example: {example}", field=field)
    if len(text) > most:
        raise Refusal(
            f"That has {len(text):,} characters; there is room for {most}. For example: {example}", field=field
        )
    return text
