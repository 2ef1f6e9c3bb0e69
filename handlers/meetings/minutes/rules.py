"""Action items as people write them into minutes: `@person what, by date`, one on each line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NoReturn, Protocol

from handlers.kit import dates
from handlers.kit.refusals import Refusal
from handlers.kit.text import clean, cut
from storage.vocabulary import MemberId

MOST = 25
EXAMPLE = "For example: @Ben draft the agreement, by 2026-12-10"

_BULLET = re.compile(r"^\s*(?:[-–—•*]+|\d{1,2}[.)])\s+")
_LINKED = re.compile(r"^<@([A-Z0-9]+)(?:\|[^>]*)?>")
_HOURS = re.compile(r"(?i)[,;(]\s*(\d{1,3}(?:[.,]\d{1,2})?)\s*(?:h|hrs?|hours?)\)?\s*(?=[,;(]|$)")
_BY = re.compile(
    r"(?i)([,;(]?)\s*\b(?:by|due|until)[\s:]+([^,;()]+(?:,\s*\d{1,2}[:.]?\d{0,2}\s*(?:am|pm)?)?)\)?\s*\.?$"
)


class Known(Protocol):
    """A person who can be named."""

    @property
    def id(self) -> MemberId:
        """Give who it is."""

    @property
    def user_id(self) -> str:
        """Give Slack's name of the person."""

    @property
    def name(self) -> str:
        """Give the name that people know."""


@dataclass(frozen=True)
class Action:
    """Something to be done, by nobody yet where `member_id` is None."""

    text: str
    member_id: MemberId | None = None
    due_on: date | None = None
    hours: float | None = None


def read(typed: str, known: Sequence[Known], now: datetime, zone: str) -> list[Action]:
    """Read action items, one on each line. Raises Refusal at the field."""
    lines = [_BULLET.sub("", line).strip() for line in clean(typed).split("\n")]
    made = [_line(line, known, now, zone) for line in lines if line]
    if len(made) > MOST:
        _refuse(f"There are {len(made)} action items; there is room for {MOST}.")
    return made


def _line(line: str, known: Sequence[Known], now: datetime, zone: str) -> Action:
    who, rest = _who(line, known)
    hours, rest = _hours(rest)
    due_on, rest = _due(rest, line, now, zone)
    text = " ".join(rest.split()).strip(" ,;:.-")
    if not text:
        _refuse(f"“{cut(line, 60)}” does not say what is to be done.")
    return Action(text, who, due_on, hours)


def _who(line: str, known: Sequence[Known]) -> tuple[MemberId | None, str]:
    """Find the person a line begins with: a mention, `@` and a name, or a name and a colon."""
    linked = _LINKED.match(line)
    if linked:
        found = next((one for one in known if one.user_id == linked[1]), None)
        if found is None:
            _refuse("Whom you mentioned does not belong to the consortium, so no task can be offered there.")
        return found.id, line[linked.end() :]
    marked = line.startswith("@")
    rest = line.removeprefix("@").lstrip()
    fits = _fitting(rest, known, colon=not marked)
    if len(fits) > 1:
        names = " or ".join(f"@{one.name}" for one, _ in fits[:4])
        _refuse(f"“{cut(line, 60)}” could mean {names}. Write the whole name.")
    if fits:
        one, length = fits[0]
        return one.id, rest[length:].lstrip(" :,-–")
    if marked:
        _refuse(f"I know nobody in the consortium called “{cut(rest.split(' ')[0], 40)}”.")
    return None, line


def _fitting(rest: str, known: Sequence[Known], *, colon: bool) -> list[tuple[Known, int]]:
    """List the people whose whole name, else whose first name, a text begins with."""
    whole = [(one, one.name) for one in known]
    for names in (whole, [(one, name.split(" ")[0]) for one, name in whole]):
        found = [(one, len(name)) for one, name in names if _begins(rest, name, colon=colon)]
        if found:
            longest = max(length for _, length in found)
            return [pair for pair in found if pair[1] == longest]
    return []


def _begins(text: str, name: str, *, colon: bool) -> bool:
    follows = text[len(name) : len(name) + 1]
    ends = follows == ":" if colon else not follows.isalnum()
    return bool(name) and text[: len(name)].casefold() == name.casefold() and ends


def _hours(text: str) -> tuple[float | None, str]:
    found = _HOURS.search(text)
    if not found:
        return None, text
    return float(found[1].replace(",", ".")), text[: found.start()] + " " + text[found.end() :]


def _due(text: str, line: str, now: datetime, zone: str) -> tuple[date | None, str]:
    """Split off `by` and a day; words behind a `by` that are no date belong to the text."""
    found = _BY.search(text)
    if not found:
        return None, text
    try:
        return dates.read_day(found[2].strip(" ."), now, zone), text[: found.start()]
    except Refusal as refusal:
        if found[1] or re.match(r"\d", found[2]):
            _refuse(f"In “{cut(line, 60)}”: {refusal.sentence}")
        return None, text


def _refuse(sentence: str) -> NoReturn:
    raise Refusal(f"{sentence} {EXAMPLE}", field="actions")
