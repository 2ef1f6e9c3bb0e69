"""What is right for agencies and people: names, weights, domains."""

import re

from handlers.kit.refusals import Refusal
from handlers.kit.text import clean, cut, escape

NAME = 80
WEIGHT = 1000.0
MOST_HOURS = 200.0
SHARE = (101, 1000)
"""Above which percentage of its fair share an agency can be said to carry too much: the least, and the most."""


AGENCY_EXAMPLE = '`/consortium agency add "Elm County Schools"`'


def name(typed: str, what: str, example: str, field: str | None = None) -> str:
    """Check a name. Raises Refusal where it is empty or too long."""
    text = " ".join(clean(typed).split())
    if not text or not any(character.isalnum() for character in text):
        raise Refusal(f"The {what} needs a name. For example: {example}", field=field)
    if len(text) > NAME:
        raise Refusal(
            f"That name has {len(text):,} characters; there is room for {NAME}. For example: {example}",
            field=field,
        )
    return text


def weight(typed: str, field: str | None = None) -> float:
    """Read a capacity weight: a number from 0 up. Raises Refusal."""
    try:
        found = float(typed.replace(",", "."))
    except ValueError:
        found = -1.0
    if not 0 <= found <= WEIGHT:
        raise Refusal(
            f"A weight is a number such as 1, 2 or 0.5; I read “{escape(cut(typed, 40))}”. It says which share of the "
            "work was agreed, and never changes an agency's voice.",
            field=field,
        )
    return found


def domain(typed: str, field: str | None = None) -> str | None:
    """Read the part of an e-mail address behind the @; None where nothing was given. Raises Refusal."""
    text = re.sub(r"^https?://", "", typed.strip().casefold())
    text = text.removeprefix("@").removeprefix("www.").rstrip("./")
    if not text:
        return None
    if len(text) > 120 or not re.fullmatch(r"[\w-]+(\.[\w-]+)+", text):
        raise Refusal(f"“{escape(cut(typed, 40))}” is no e-mail domain; one looks like `elm.k12.example`", field=field)
    return text
