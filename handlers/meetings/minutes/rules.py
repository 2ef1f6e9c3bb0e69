"""Action items as people type them into minutes: `@person what, by date`, one per line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NoReturn, Protocol

from handlers.kit import dates, hours, mentions
from handlers.kit.refusals import Refusal
from handlers.kit.text import sanitize, strip_list_marker, truncate
from storage.names import normalize_name
from storage.vocabulary import MemberId

MAX_ACTIONS = 25
MAX_HOURS = 1000
"""Larger numbers in a line are not meant as an effort."""

EXAMPLE = "For example: @Ben draft the agreement, by 2026-12-10"

_MENTION = re.compile(r"^<@([^<>|\s]+)(?:\|[^<>]*)?>")
_LATER = re.compile(r"(?P<sign>[,;:(–—-]?)\s*(?:<@(?P<user>[^<>|\s]+)(?:\|[^<>]*)?>|(?<![\w/])@(?=\w))")
"""A mention or a typed name after what is to be done: with a sign before it, the person who does it."""

_BETWEEN = re.compile(r"[\s,;:()–—&+-]*(?:and|or)?[\s,;:()–—-]*")
"""What stands between two people who are named together."""

_PART = re.compile(r"[,;(]\s*((?:\d[.,]\d|[^,;()])+?)\)?\s*(?=[,;(]|$)")
_BY = re.compile(r"(?i)([,;(]?)\s*\b(?:by|due|until)[\s:]+")


class Person(Protocol):
    """A person who can be named in an action item."""

    @property
    def id(self) -> MemberId:
        """Return the person's member id."""

    @property
    def user_id(self) -> str:
        """Return the person's Slack user id."""

    @property
    def name(self) -> str:
        """Return the person's name."""


@dataclass(frozen=True)
class ParsedAction:
    """An action item. `member_id` is None where nobody is named."""

    text: str
    member_id: MemberId | None = None
    due_on: date | None = None
    hours: float | None = None


def parse_actions(typed: str, people: Sequence[Person], now: datetime, zone: str) -> list[ParsedAction]:
    """Parse action items, one per line. Raise `Refusal` at the field where that is not possible."""
    lines = [strip_list_marker(line) for line in sanitize(typed).split("\n")]
    actions = [_parse_line(line, people, now, zone) for line in lines if line]
    if len(actions) > MAX_ACTIONS:
        _refuse(f"There are {len(actions)} action items; there is room for {MAX_ACTIONS}.")
    return actions


def _parse_line(line: str, people: Sequence[Person], now: datetime, zone: str) -> ParsedAction:
    member_id, rest = _split_person(line, people, now, zone)
    hours, rest = _split_hours(mentions.show_names(rest))
    due_on, rest = _split_due(rest, line, now, zone)
    text = " ".join(rest.split()).strip(" ,;:.-–—")
    if not text:
        _refuse(f"“{truncate(mentions.show_names(line), 60)}” does not say what to do.")
    return ParsedAction(text, member_id, due_on, hours)


def _split_person(line: str, people: Sequence[Person], now: datetime, zone: str) -> tuple[MemberId | None, str]:
    """Split off the person who does it.

    A line begins with a mention, `@` and a name, or a name and a colon; or it ends with a mention, or `@` and a name,
    after a comma, a colon, a dash, or in parentheses. Without such a sign, the person may belong to the words: "Call
    @Ben". Raise `Refusal` there.
    """
    mention = _MENTION.match(line)
    if mention and not mention[1].isupper():
        # Slack did not link this name
        line = f"@{mention[1]}{line[mention.end() :]}"
    elif mention:
        mentioned = next((person for person in people if person.user_id == mention[1]), None)
        if mentioned is None:
            _refuse_stranger("")
        return mentioned.id, line[mention.end() :]
    marked = line.startswith("@")
    rest = line.removeprefix("@").lstrip()
    matches = _matching_people(rest, people, colon=not marked)
    if len(matches) > 1:
        _refuse_several(mentions.show_names(line), [person for person, _ in matches])
    if matches:
        person, length = matches[0]
        return person.id, rest[length:].lstrip(" :,-–")
    if marked:
        _refuse_stranger(rest.split(" ")[0])
    return _split_person_after(line, people, now, zone)


@dataclass(frozen=True)
class _Candidate:
    """A person named after what is to be done, from `start` (that of the sign before the name) to `end` of a line.

    `people` are those who can be meant, and `typed` is the name where there is none; empty for a mention.
    """

    start: int
    end: int
    sign: str
    people: list[Person]
    typed: str


def _split_person_after(line: str, people: Sequence[Person], now: datetime, zone: str) -> tuple[MemberId | None, str]:
    candidates = [_candidate(line, match, people) for match in _LATER.finditer(line)]
    if not candidates or not _ends_words(line[candidates[-1].end :], line, now, zone):
        return None, line
    last, shown = candidates[-1], mentions.show_names(line)
    if len(candidates) > 1:
        other = candidates[-2]
        together = _BETWEEN.fullmatch(line[other.end : last.start] + last.sign)
        if together and (other.sign or last.sign):
            _refuse(f"“{truncate(shown, 60)}” names several people. A task has one owner. Write a line for each.")
    if not last.sign and not last.people:
        return None, line
    if not last.people:
        _refuse_stranger(last.typed)
    if len(last.people) > 1:
        _refuse_several(shown, last.people)
    person = last.people[0]
    if not last.sign:
        first = person.name.split(" ")[0]
        asked = mentions.show_names(f"{line[: last.start].rstrip()} @{first}{line[last.end :]}")
        _refuse(
            f"Should {person.name} do “{truncate(asked, 60)}”? Then begin the line with the name: @{first} … "
            "Otherwise, write the name without @."
        )
    rest = line[last.end :].lstrip(" .!?")
    if last.sign == "(":
        rest = rest.removeprefix(")")
    return person.id, f"{line[: last.start].rstrip()}{'' if rest.startswith(')') else ' '}{rest}"


def _candidate(line: str, match: re.Match[str], people: Sequence[Person]) -> _Candidate:
    """Return who is named at a place in a line, and where the name ends."""
    user = match["user"] or ""
    if user.isupper():
        return _Candidate(match.start(), match.end(), match["sign"], [p for p in people if p.user_id == user], "")
    # of a name that Slack did not link, only the first word is in the link
    name = user + line[match.end() :]
    matches = _matching_people(name, people, colon=False)
    typed = re.split(r"[\s,;()]", name, maxsplit=1)[0]
    length = max((length for _, length in matches), default=len(typed))
    end = match.end() + max(length - len(user), 0)
    return _Candidate(match.start(), end, match["sign"], [person for person, _ in matches], typed)


def _ends_words(rest: str, line: str, now: datetime, zone: str) -> bool:
    """Return whether nothing but an effort, a day, and signs follows a name."""
    if rest[:1].isalnum() or rest[:1] in {"'", "’"}:
        return False
    _, rest = _split_hours(mentions.show_names(rest.lstrip(" )")))
    _, rest = _split_due(rest, line, now, zone)
    return not rest.strip(" ,;:.!?()–—-")


def _matching_people(text: str, people: Sequence[Person], *, colon: bool) -> list[tuple[Person, int]]:
    """List the people with whose whole name or else first name a text begins, and the length of that name.

    Where several names match, the longest counts.
    """
    whole = [(person, person.name) for person in people]
    for names in (whole, [(person, name.split(" ")[0]) for person, name in whole]):
        lengths = [(person, _length_of_name(text, name, colon=colon)) for person, name in names]
        matches = [(person, length) for person, length in lengths if length]
        if matches:
            longest = max(length for _, length in matches)
            return [match for match in matches if match[1] == longest]
    return []


def _length_of_name(text: str, name: str, *, colon: bool) -> int:
    """Return how many characters the name at the beginning of a text has, in whole words; 0 where there is none.

    With `colon`, a colon has to follow.
    """
    wanted = normalize_name(name)
    if not wanted or not normalize_name(text).startswith(wanted):
        return 0
    length = next(end for end in range(1, len(text) + 1) if normalize_name(text[:end]) == wanted)
    while length < len(text) and not text[length].isspace() and normalize_name(text[: length + 1]) == wanted:
        length += 1  # a mark that shows nothing follows the last letter
    follows = text[length : length + 1]
    return length if (follows == ":" if colon else not follows.isalnum()) else 0


def _split_hours(text: str) -> tuple[float | None, str]:
    """Split off an effort with its unit, such as `3 h` or `half a day`."""
    for match in _PART.finditer(text):
        effort = hours.parse_hours(match[1]) if re.search(r"[a-zA-Z]", match[1]) else None
        if effort is not None and 0 <= effort < MAX_HOURS:
            return effort, text[: match.start()] + " " + text[match.end() :]
    return None, text


def _split_due(text: str, line: str, now: datetime, zone: str) -> tuple[date | None, str]:
    """Split off `by` and a day. Where no day follows `by`, the words belong to the text."""
    for match in _BY.finditer(text):
        typed = text[match.end() :].strip(" .)")
        try:
            return dates.parse_future_day(typed, now, zone), text[: match.start()]
        except Refusal as refusal:
            meant = (match[1] or typed[:1].isdecimal()) and not re.search(r"[,;(]", typed)
            if meant or dates.is_date(typed):
                _refuse(f"In “{truncate(mentions.show_names(line), 60)}”: {refusal.sentence}")
    return None, text


def _refuse_stranger(typed: str) -> NoReturn:
    """Refuse a person who is not in the consortium; `typed` is empty for a mention."""
    if typed:
        _refuse(f"I know nobody in the consortium called “{truncate(typed, 40)}”.")
    _refuse("The person you mentioned does not belong to the consortium, so they cannot be offered a task.")


def _refuse_several(line: str, people: Sequence[Person]) -> NoReturn:
    names = " or ".join(f"@{person.name}" for person in people[:4])
    _refuse(f"“{truncate(line, 60)}” could mean {names}. Write the whole name.")


def _refuse(sentence: str) -> NoReturn:
    raise Refusal(f"{sentence} {EXAMPLE}", field="actions")
