"""Rules of funding and dues: the length of names, and the terms of dues."""

import re

from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, truncate

NAME = 80
"""The longest name of a source, in characters."""


def term(typed: str, example: str, field: str | None = None) -> str:
    """Parse a term of dues: `2026`, or `2026-27` for a school year. Raise `Refusal` for anything else."""
    match = re.fullmatch(r"(20[0-9]{2})(?:\s*[-/–]\s*((?:20)?[0-9]{2}))?", typed.strip())
    if match and (match[2] is None or int(match[2][-2:]) == (int(match[1]) + 1) % 100):
        return match[1] if match[2] is None else f"{match[1]}-{match[2][-2:]}"
    raise Refusal(
        f"I could not read “{escape(truncate(typed, 40))}” as a term. A term is a year such as `2026`, or a school "
        f"year such as `2026-27`. For example: {example}",
        field=field,
    )
