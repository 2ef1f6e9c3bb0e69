"""Parse the text of a slash command into words, quoted texts, options and mentions."""

import html
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from handlers.kit import dates, mentions, quotes
from handlers.kit.hours import parse_hours
from handlers.kit.quotes import Quote
from handlers.kit.refusals import Ambiguous, Malformed, Reading, Refusal
from handlers.kit.text import escape, sanitize, truncate
from storage.names import normalize_name

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


def parse(
    raw: str,
    keys: Collection[str] = (),
    dated: Collection[str] = (),
    efforts: Collection[str] = (),
    zones: Collection[str] = (),
) -> CommandText:
    """Parse the text of a command. Raise Ambiguous if its quotes can be read in two ways.

    Only `keys`, `dated`, `efforts` and `zones` are options; anything else with a colon is a word. A `dated` option
    takes all words that form a date, so that `closes:friday 17:00` needs no quotes, an effort all words that form an
    effort, as in `hours:half a day`, and a zone all words of its name, as in `zone:new york`.
    """
    people = tuple(mentions.mentioned_people(raw))
    names = mentions.typed_mentions(raw)
    text = unwrap(mentions.with_typed_people(raw))
    kinds: dict[str, _Takes] = {
        **dict.fromkeys(keys, ()),
        **dict.fromkeys(dated, (dates.is_date, dates.is_nearly_date)),
        **dict.fromkeys(efforts, (_is_effort,)),
        **dict.fromkeys(zones, (_is_zone,)),
    }
    readings = [_parse(text, kinds, people, names, found) for found in quotes.readings(text)]
    if len(readings) > 1:
        raise Ambiguous(
            "The quotes can be read in two ways. Which one do you mean?",
            raw,
            [_reading(reading, names) for reading in readings],
        )
    return readings[0]


_Takes = Sequence[Callable[[str], bool]]
"""Tell whether several words form one value; the first that does so for any words counts. None if it is one word."""


def _parse(
    text: str,
    kinds: Mapping[str, _Takes],
    people: tuple[str, ...],
    names: Mapping[str, str],
    found: Mapping[int, Quote],
) -> CommandText:
    show = _replacer(names)
    words: list[Word] = []
    options: dict[str, str] = {}
    typed_options: dict[str, str] = {}
    gaps = at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        key = _KEY.match(text, at)
        if key and key[1].casefold() in kinds:
            name = key[1].casefold()
            if name in options:
                raise Refusal(f"`{name}:` is there twice. Type it once, with the value you mean.")
            value, at = _value(text, key.end(), found, kinds[name])
            options[name], typed_options[name] = show(value), value
            continue
        begin = at
        word, at = _word(text, at, found)
        if word.text:
            words.append(Word(show(word.text), word.quoted, word.text))
        else:
            # two quotes with nothing between them were left empty; a single quote has no meaning
            gaps += at - begin > 1
    return CommandText(show(text), tuple(words), options, people, gaps, typed_options)


def _replacer(replacements: Mapping[str, str]) -> Callable[[str], str]:
    """Return a function that replaces mentions, as they were typed."""
    if not replacements:
        return lambda text: text
    longest_first = sorted(replacements, key=len, reverse=True)
    mention = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    return lambda text: mention.sub(lambda match: replacements[match[0]], text)


def _reading(text: CommandText, names: Mapping[str, str]) -> Reading:
    """Return a reading of a command as text whose quotes can be read in one way only. Mentions keep their names."""
    typed = [quotes.wrap(word.typed) if word.quoted else word.typed for word in text.words]
    typed += [f"{key}:{quotes.wrap(value)}" for key, value in text.typed_options.items()]
    shown = " · ".join([*(word.text for word in text.words), *map(":".join, text.options.items())])
    linked = _replacer({mention: f"<{mention}|{html.escape(name, quote=False)}>" for mention, name in names.items()})
    return Reading(shown, linked(html.escape(" ".join(typed), quote=False)))


def _word(text: str, at: int, found: Mapping[int, Quote]) -> tuple[Word, int]:
    if at in found:
        quote = found[at]
        return Word(sanitize(text[at + 1 : quote.close]), quoted=True), quote.end
    end = at
    while end < len(text) and not text[end].isspace() and (end == at or end not in found):
        end += 1
    return Word(text[at:end]), end


def _is_effort(typed: str) -> bool:
    return parse_hours(typed) is not None


def _is_zone(typed: str) -> bool:
    return dates.find_time_zone(typed) is not None


def _value(text: str, at: int, found: Mapping[int, Quote], takes: _Takes) -> tuple[str, int]:
    """Parse an option's value: a quoted text, all words that form a value together, or one word.

    Return it with the next position.
    """
    if takes and at not in found:
        ends = _word_ends(text, at, found)
        fitting = (end for is_value in takes for end in reversed(ends) if is_value(text[at:end].strip(" ,")))
        longest = next(fitting, None)
        if longest is not None:
            return " ".join(text[at:longest].strip(" ,").split()), longest
    word, at = _word(text, at, found) if at < len(text) and not text[at].isspace() else (Word(""), at)
    return word.text, at


def _word_ends(text: str, at: int, found: Mapping[int, Quote]) -> list[int]:
    """List where the words of a possible date end: up to a quote, and not more than a date has."""
    before = min((begin for begin in found if begin > at), default=len(text))
    return [match.end() for match in re.compile(r"\S+").finditer(text, at, before)][: dates.LONGEST]


def without(raw: str, *words: str) -> str:
    """Return the text of a command without the first occurrence of each of these words, folded, outside quotes."""
    found, left, parts, at = quotes.readings(raw)[0], list(words), [], 0
    for match in re.finditer(r"\S+", raw):
        inside = any(begin <= match.start() < quote.end for begin, quote in found.items())
        if not inside and (folded := normalize_name(unwrap(mentions.with_typed_people(match[0])))) in left:
            left.remove(folded)
            parts.append(raw[at : match.start()])
            at = match.end()
    return " ".join("".join([*parts, raw[at:]]).split()) if parts else raw


def parse_number(word: str) -> int | None:
    """Parse `#12`, `12`, or `12:`. Return None for anything else."""
    match = re.fullmatch(r"#?(\d{1,9}):?", word)
    return int(match[1]) if match else None


def parse_row_id(value: str) -> int:
    """Parse the row id or page number in a button's value. Return 0, which no row has, if it is empty.

    Raise `Malformed` if it is something else.
    """
    if value and not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise Malformed("the value of a button")
    return int(value or 0)


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
