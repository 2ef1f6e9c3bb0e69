"""What roles, hours and terms may be, and who could follow in a role: pure functions on plain values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.kit.refusals import Refusal
from handlers.kit.text import clean, cut, escape
from handlers.tasks.rules import hours as read_hours
from storage.vocabulary import AgencyId, MemberId

TITLE = 80
WORDS = 300
NAME = 80
MOST_A_MONTH = 200.0
MOST_GIVEN = 10_000.0
AHEAD = timedelta(days=30)
"""So long before its end a term is announced."""

FARTHEST = timedelta(days=3 * 366)
NOTHING = frozenset({"none", "-", "no", "never", "off"})


def hours(
    typed: str, example: str, field: str | None = None, *, most: float = MOST_A_MONTH, least: float = 0.25
) -> float:
    """Read hours in quarters, such as `4`, `1.5`, `1,5 h`, `90m`. Raises Refusal."""
    found = read_hours(typed)
    if found is None:
        shown = escape(cut(typed, 40))
        sentence = f"I could not read “{shown}” as hours. They look like `4` or `1.5`."
    elif found < 0 or found < least:
        sentence = "Hours are more than nothing: a quarter of an hour or longer." if least else "Hours start at 0."
    elif found > most:
        sentence = f"More than {most:,.0f} hours cannot be meant here."
    elif found * 4 % 1:
        sentence = "Hours are counted in quarters, such as 0.25, 1.5 or 6."
    else:
        return found
    raise Refusal(f"{sentence} For example: {example}", field=field)


def words(typed: str, what: str, example: str, most: int, field: str | None = None) -> str:
    """Check a title, name or a few words. Raises Refusal where they are lacking or too long."""
    text = " ".join(clean(typed).split())
    if not any(character.isalnum() for character in text):
        raise Refusal(f"Say in a few words {what}. For example: {example}", field=field)
    if len(text) > most:
        raise Refusal(
            f"That has {len(text):,} characters; there is room for {most}. For example: {example}", field=field
        )
    return text


def term(typed: str, example: str, field: str | None = None) -> str:
    """Read the term for which dues are owed: `2026`, or `2026-27` for a school year. Raises Refusal."""
    found = re.fullmatch(r"(20[0-9]{2})(?:\s*[-/–]\s*((?:20)?[0-9]{2}))?", typed.strip())
    if found and (found[2] is None or int(found[2][-2:]) == (int(found[1]) + 1) % 100):
        return found[1] if found[2] is None else f"{found[1]}-{found[2][-2:]}"
    shown = escape(cut(typed, 40))
    raise Refusal(
        f"I could not read “{shown}” as a term. It is a year such as `2026`, or `2026-27`. For example: {example}",
        field=field,
    )


def past_day(on: date, today: date, example: str, field: str | None = None) -> date:
    """Check a day on which something was given or paid. Raises Refusal."""
    if on > today:
        raise Refusal(f"{on} is still to come; record it when it has happened. For example: {example}", field=field)
    if on < today - FARTHEST:
        raise Refusal(f"{on} is more than three years ago. For example: {example}", field=field)
    return on


def last_day(on: date, today: date, example: str, field: str | None = None) -> date:
    """Check the last day of a term of office. Raises Refusal."""
    if on < today:
        raise Refusal(f"{on} has passed already. For example: {example}", field=field)
    if on > today + FARTHEST:
        raise Refusal(f"{on} is more than three years away. For example: {example}", field=field)
    return on


# who could follow --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take a role over; `load` is what the person carries, in hours."""

    member_id: MemberId
    name: str
    agency_id: AgencyId
    load: float


def followers(people: Sequence[Candidate], turns: Mapping[AgencyId, datetime]) -> list[Candidate]:
    """Order people by whose turn it is: agencies that never held the role first, then the one that took it longest ago.

    `turns` maps agencies to when they took a role of this title last. Within one turn who carries least comes first,
    then the alphabet decides.

    Source: docs/rules.md, "Roles"; the brief on AzAC and NNTC, whose secretaries go round the partners.
    """
    return sorted(people, key=lambda one: (_turn(one, turns), one.load, one.name.casefold(), one.member_id))


def _turn(one: Candidate, turns: Mapping[AgencyId, datetime]) -> tuple[bool, float]:
    taken = turns.get(one.agency_id)
    return (taken is not None, taken.timestamp() if taken is not None else 0.0)
