"""Action items as people type them into minutes: `@person what, by date`, one per line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NoReturn, Protocol

from handlers.kit import dates, hours, mentions
from handlers.kit.refusals import Refusal
from handlers.kit.text import sanitize, truncate
from storage.names import normalize_name
from storage.vocabulary import MemberId

MAX_ACTIONS = 25
MAX_HOURS = 1000
"""Larger numbers in a line are not meant as an effort."""

EXAMPLE = "For example: @Ben draft the agreement, by 2026-12-10"

_BULLET = re.compile(r"^\s*(?:[-–—•*]+|\d{1,2}[.)])\s+")
_MENTION = re.compile(r"^<@([^<>|\s]+)(?:\|[^<>]*)?>")
_AT_END = re.compile(
    r"(?i)(?P<before>[,;:(–-]?)\s*<@(?P<user>[^<>|\s]+)(?:\|[^<>]*)?>\)?\s*(?=$|[,;(]|(by|due|until)\b)"
)
"""A mention after what is to be done: with a sign before it, the person who does it."""

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
    lines = [_BULLET.sub("", line).strip() for line in sanitize(typed).split("\n")]
    actions = [_parse_line(line, people, now, zone) for line in lines if line]
    if len(actions) > MAX_ACTIONS:
        _refuse(f"There are {len(actions)} action items; there is room for {MAX_ACTIONS}.")
    return actions


def _parse_line(line: str, people: Sequence[Person], now: datetime, zone: str) -> ParsedAction:
    member_id, rest = _split_person(line, people)
    hours, rest = _split_hours(mentions.show_names(rest))
    due_on, rest = _split_due(rest, line, now, zone)
    text = " ".join(rest.split()).strip(" ,;:.-")
    if not text:
        _refuse(f"“{truncate(line, 60)}” does not say what to do.")
    return ParsedAction(text, member_id, due_on, hours)


def _split_person(line: str, people: Sequence[Person]) -> tuple[MemberId | None, str]:
    """Split off the person who does it.

    A line begins with a mention, `@` and a name, or a name and a colon; or a mention stands after a comma, a dash, or
    in parentheses. At the end of the words, a mention may belong to them: "Call @Ben". Raise `Refusal` there.
    """
    mention = _MENTION.match(line)
    if mention and not mention[1].isupper():
        # Slack did not link this name
        line = f"@{mention[1]}{line[mention.end() :]}"
    elif mention:
        mentioned = next((person for person in people if person.user_id == mention[1]), None)
        if mentioned is None:
            _refuse("The person you mentioned does not belong to the consortium, so they cannot be offered a task.")
        return mentioned.id, line[mention.end() :]
    marked = line.startswith("@")
    rest = line.removeprefix("@").lstrip()
    matches = _matching_people(rest, people, colon=not marked)
    if len(matches) > 1:
        names = " or ".join(f"@{person.name}" for person, _ in matches[:4])
        _refuse(f"“{truncate(line, 60)}” could mean {names}. Write the whole name.")
    if matches:
        person, length = matches[0]
        return person.id, rest[length:].lstrip(" :,-–")
    if marked:
        _refuse(f"I know nobody in the consortium called “{truncate(rest.split(' ')[0], 40)}”.")
    return _split_person_after(line, people)


def _split_person_after(line: str, people: Sequence[Person]) -> tuple[MemberId | None, str]:
    match = _AT_END.search(line)
    named = {person.user_id: person for person in people}
    if match is None or match["user"] not in named:
        return None, line
    person = named[match["user"]]
    if not match["before"]:
        _refuse(
            f"Should {person.name} do “{truncate(mentions.show_names(line), 60)}”? Then begin the line with the name: "
            f"@{person.name.split(' ')[0]} … Otherwise, write the name without @."
        )
    return person.id, f"{line[: match.start()]} {line[match.end() :]}"


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
                _refuse(f"In “{truncate(line, 60)}”: {refusal.sentence}")
    return None, text


def _refuse(sentence: str) -> NoReturn:
    raise Refusal(f"{sentence} {EXAMPLE}", field="actions")
