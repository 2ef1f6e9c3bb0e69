"""Parse the text of a slash command into words, quoted texts, options and mentions."""

import html
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from handlers.kit import mentions
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, sanitize, truncate
from storage.names import normalize_name

_OPEN = '"“”„‟«»'
_QUOTED = re.compile(rf"[{_OPEN}]([^{_OPEN}]*)(?:[{_OPEN}]|$)")
_LINK = re.compile(r"<(?:mailto:)?([^<>|]*)(?:\|([^<>]*))?>")
_SPECIAL = re.compile(r"<!([a-z]+)(?:\^[^<>|]*)?(?:\|([^<>]*))?>")
_KEY = re.compile(r"([A-Za-z]+(?:-[A-Za-z]+)*):")

MENTION = re.compile(r"^@([A-Z0-9]{2,})$")
"""A mention that Slack has linked, as it appears among the words after unwrapping."""


@dataclass(frozen=True)
class Word:
    """One word, or several that quotes keep together."""

    text: str
    quoted: bool = False
    as_typed: str = ""

    @property
    def typed(self) -> str:
        """Return the word as it was typed: a mention of a person is `@U123` or `@ben`, not yet a name."""
        return self.as_typed or self.text

    @property
    def folded(self) -> str:
        """Return the word in the form used for comparisons."""
        return normalize_name(self.typed)


@dataclass(frozen=True)
class CommandText:
    """The text of a command, parsed.

    `text` is the whole text, unwrapped. `words` are the words that belong to no option, in order; none is empty.
    `options` maps keys to values. `people` are the Slack user ids that were mentioned. `gaps` counts pairs of quotes
    with nothing between them, so that a command can ask what was meant. People who are mentioned appear with their
    names; `typed_options` are the values of the options that name people, with a mention as `@U123` or `@ben`.
    """

    text: str
    words: tuple[Word, ...]
    options: dict[str, str]
    people: tuple[str, ...]
    gaps: int = 0
    typed_options: dict[str, str] = field(default_factory=dict)

    @property
    def first(self) -> str:
        """Return the first word, folded. Empty if there is none or it is quoted."""
        return self.words[0].folded if self.words and not self.words[0].quoted else ""

    @property
    def quoted(self) -> list[str]:
        """Return the texts in quotes."""
        return [word.text for word in self.words if word.quoted]

    @property
    def plain(self) -> list[str]:
        """Return the words that are neither quoted nor options nor linked mentions, folded."""
        return [w.folded for w in self.words if not w.quoted and not MENTION.match(w.typed)]

    def after(self, count: int = 1) -> str:
        """Return the text after the first `count` words, as it was typed."""
        return " ".join(word.text for word in self.words[count:])


def unwrap(raw: str) -> str:
    """Turn Slack's encoding of a text into the text that the person saw.

    Slack encodes addresses as links and `&` as `&amp;`. Mentions become names.
    """
    text = mentions.show_names(raw)
    text = _SPECIAL.sub(lambda m: m[2] or f"@{m[1]}", text)
    text = _LINK.sub(lambda m: m[2] or m[1], text)
    return sanitize(html.unescape(text))


def parse(raw: str, keys: Collection[str] = (), dated: Collection[str] = ()) -> CommandText:
    """Parse the text of a command.

    Only `keys` and `dated` are options; anything else with a colon is a word. A `dated` option takes all words that
    belong to a date, so that `closes:friday 17:00` needs no quotes.
    """
    people = tuple(mentions.mentioned_people(raw))
    show = _name_shower(mentions.typed_mentions(raw))
    text = unwrap(mentions.with_typed_people(raw))
    words: list[Word] = []
    options: dict[str, str] = {}
    typed_options: dict[str, str] = {}
    gaps = at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        key = _KEY.match(text, at)
        if key and key[1].casefold() in {*keys, *dated}:
            name = key[1].casefold()
            value, at = _value(text, key.end(), dated=name in dated)
            options[name], typed_options[name] = show(value), value
            continue
        begin = at
        word, at = _word(text, at)
        if word.text:
            words.append(Word(show(word.text), word.quoted, word.text))
        else:
            # two quotes with nothing between them were left empty; a single quote has no meaning
            gaps += at - begin > 1
    return CommandText(show(text), tuple(words), options, people, gaps, typed_options)


def _name_shower(names: Mapping[str, str]) -> Callable[[str], str]:
    """Return a function that replaces mentions, as they were typed, with names."""
    if not names:
        return lambda text: text
    longest_first = sorted(names, key=len, reverse=True)
    mention = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    return lambda text: mention.sub(lambda match: names[match[0]], text)


def _word(text: str, at: int) -> tuple[Word, int]:
    quoted = _QUOTED.match(text, at)
    if quoted:
        return Word(sanitize(quoted[1]), quoted=True), quoted.end()
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
    """Parse an option's value: one word, a quoted text, or all words of a date. Return it with the next position."""
    word, at = _word(text, at) if at < len(text) and not text[at].isspace() else (Word(""), at)
    value = word.text
    while dated and not word.quoted:
        following = re.compile(r"\s+(\S+)").match(text, at)
        if not following or not _DATE_WORD.fullmatch(following[1].rstrip(",")):
            break
        value, at = f"{value} {following[1]}".strip(), following.end()
    return value, at


def parse_number(word: str) -> int | None:
    """Parse `#12` or `12`. Return None for anything else."""
    match = re.fullmatch(r"#?(\d{1,9})", word)
    return int(match[1]) if match else None


def parse_row_id(value: str) -> int:
    """Parse the row id or page number in a button's value. Return 0, which no row has, if there is none."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else 0


def refuse_unknown_options(typed: CommandText, keys: Collection[str], example: str) -> None:
    """Raise Refusal if an option was typed that the command does not have."""
    unknown = [key for key in typed.options if key not in keys]
    if unknown:
        raise Refusal(f"I do not know what `{unknown[0]}:` means here. For example: {example}")


def parse_quoted_text(rest: Sequence[Word], example: str) -> str:
    """Return the quoted text, or all remaining words if nothing is quoted. Raise Refusal if other words remain."""
    quoted = [word.text for word in rest if word.quoted]
    plain = [word.text for word in rest if not word.quoted]
    if len(quoted) > 1 or (quoted and plain):
        extra = " ".join(plain or quoted[1:])
        raise Refusal(
            f"I understood “{escape(truncate(quoted[0], 80))}”, but not “{escape(truncate(extra, 80))}”. For "
            f"example: {example}"
        )
    return " ".join((quoted or [" ".join(plain)])[0].split())


def refuse_extra_words(rest: Sequence[Word], example: str) -> None:
    """Raise Refusal if words remain that the command does not understand."""
    if rest:
        extra = escape(truncate(" ".join(word.text for word in rest), 80))
        raise Refusal(f"I did not understand “{extra}”. For example: {example}")


WORDS_FOR_NONE = frozenset({"none", "-", "no", "never", "off"})
"""Words with which people clear a value."""


def parse_short_text(typed: str, what: str, example: str, most: int, field: str | None = None) -> str:
    """Return a title, name or note as one line. Raise Refusal if it is missing or too long.

    `what` completes "Say in a few words …".
    """
    text = " ".join(sanitize(typed).split())
    if not any(character.isalnum() for character in text):
        raise Refusal(f"Say in a few words {what}. For example: {example}", field=field)
    if len(text) > most:
        raise Refusal(f"That has {len(text):,} characters; the limit is {most}. For example: {example}", field=field)
    return text
