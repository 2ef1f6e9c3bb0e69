"""Mentions of people, channels, and user groups in what somebody wrote, which is kept and shown with their names.

Slack sends a person as `<@U123>` or `<@U123|ben>`, a channel as `<#C123|council>` or, if it is private, `<#C123|>`, and
a user group as `<!subteam^S123|@stewards>`. `link_names` puts names behind the ids, and `show_names` takes the ids out.
"""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from handlers.kit.text import escape
from storage.names import normalize_name

SOMEBODY = "somebody"
A_CHANNEL = "a channel"
A_GROUP = "a group"

_PERSON = re.compile(r"<@([^<>|\s]+)(?:\|([^<>]*))?>")
_CHANNEL = re.compile(r"<#([A-Z0-9]+)(?:\|([^<>]*))?>")
_GROUP = re.compile(r"<!subteam\^([A-Z0-9]+)(?:\|([^<>]*))?>")
_USER_ID = re.compile(r"[A-Z0-9]{2,}")
_TYPED_NAME = re.compile(r"(?<![^\s\"“”„‟«»'‘’(\[,;])@(?=\w)")
"""The `@` before a name that Slack did not link, at the beginning of a word."""

_LETTER = r"[^\s\"“”„‟«»()<>\[\],;:!?@|.'‘’]"
_WORD = re.compile(rf"{_LETTER}(?:(?:{_LETTER}|[.'’])*{_LETTER})?(?<!'s)(?<!’s)")
_NAME = re.compile(rf"{_WORD.pattern}(?:[^\S\n]+{_WORD.pattern}){{0,4}}")
"""Up to five words that may be a name, without a possessive s and without the punctuation after them."""


class Named(Protocol):
    """Somebody with a name."""

    @property
    def name(self) -> str:
        """The whole name."""


Somebody = TypeVar("Somebody", bound=Named)


def people_called(typed: str, people: Iterable[Somebody]) -> list[Somebody]:
    """List the people with this name or, if there is none, the people with this first name."""
    wanted = normalize_name(typed.removeprefix("@"))
    names = [(normalize_name(person.name), person) for person in people]
    whole = [person for name, person in names if name == wanted]
    return whole or [person for name, person in names if wanted and name.split(" ")[0] == wanted]


def may_mention(text: str) -> bool:
    """Return whether a text may mention somebody or something, which most texts do not."""
    return "@" in text or "<#" in text or "<!subteam" in text


def mentioned_people(text: str) -> list[str]:
    """List the user ids in a text, each once."""
    return list(dict.fromkeys(id_ for id_, _ in _PERSON.findall(text) if _USER_ID.fullmatch(id_)))


def unnamed_channels(text: str) -> list[str]:
    """List the ids of channels whose names Slack did not send, each once."""
    return list(dict.fromkeys(id_ for id_, label in _CHANNEL.findall(text) if not label))


def link_names(
    text: str,
    names: Mapping[str, str],
    channels: Mapping[str, str],
    people: Sequence[Named] = (),
    *,
    escaped: bool = False,
) -> str:
    """Return a text in which every mention carries a name.

    `names` are people's names by user id, `channels` the names of channels with their `#`. An `@` with the name of one
    of `people` that Slack did not link becomes a mention too: "@ben" becomes `<@ben|Ben Ortiz>`. `escaped` says that
    Slack has escaped the text, as it does in commands and messages.
    """

    def label(name: str) -> str:
        plain = re.sub("[<>|]", "", name)
        return escape(plain) if escaped else plain

    text = _PERSON.sub(lambda m: f"<@{m[1]}|{label(names.get(m[1], '')) or m[2] or SOMEBODY}>", text)
    text = _CHANNEL.sub(lambda m: f"<#{m[1]}|{m[2] or label(channels.get(m[1], '')).lstrip('#')}>", text)
    text = _GROUP.sub(lambda m: f"<!subteam^{m[1]}|{m[2] or A_GROUP}>", text)
    parts, end = [], 0
    for at in _TYPED_NAME.finditer(text) if people else ():
        name, stop = _typed_person(text, at.end(), people)
        if name:
            typed, *more = normalize_name(text[at.end() : stop]).split(" ")
            first, *rest = label(name).split() if more else [label(name)]
            parts += [text[end : at.start()], " ".join([f"<@{typed}|{first}>", *rest])]
            end = stop
    return "".join([*parts, text[end:]])


def _typed_person(text: str, begin: int, people: Sequence[Named]) -> tuple[str, int]:
    """Return whom the words from `begin` on name, and where the name ends. Empty for nobody, and for several people.

    The longest name counts; a first name is enough where only one person has it.
    """
    words = _NAME.match(text, begin)
    ends = [match.end() for match in _WORD.finditer(text, begin, words.end())] if words else []
    for number, end in reversed(list(enumerate(ends, start=1))):
        typed = text[begin:end]
        matches = people_called(typed, people)
        # several words are a whole name; the last names of others say nothing
        if matches and (number == 1 or normalize_name(matches[0].name) == normalize_name(typed)):
            return (matches[0].name if len(matches) == 1 else ""), end
    return "", begin


def show_names(text: str) -> str:
    """Return a text with names instead of mentions."""
    text = _PERSON.sub(lambda m: m[2] or (SOMEBODY if _USER_ID.fullmatch(m[1]) else f"@{m[1]}"), text)
    text = _CHANNEL.sub(lambda m: f"#{m[2]}" if m[2] else A_CHANNEL, text)
    return _GROUP.sub(lambda m: m[2] or A_GROUP, text)


def typed_mentions(text: str) -> dict[str, str]:
    """Map the people a text mentions, as they were typed, to their names: `@U123` and `@ben` to "Ben Ortiz"."""
    return {f"@{id_}": html.unescape(label) for id_, label in _PERSON.findall(text) if label}


def with_typed_people(text: str) -> str:
    """Return a text with people as they were typed, `@U123` or `@ben`, and with the names of channels and groups."""
    return show_names(_PERSON.sub(r"@\1", text))
