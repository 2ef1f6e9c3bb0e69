"""Money as people write it, read as whole cents."""

import re

from handlers.kit.refusals import Refusal
from handlers.kit.text import cut, escape

NAME = 80


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
