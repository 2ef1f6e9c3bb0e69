"""What an import would do: one row for each agency, person, task, contribution or gain."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers.imports.rules.entries import Problem
from handlers.kit.callers import Caller
from storage.vocabulary import ImportRowState

Plan = dict[str, Any]
"""What to do, or what was done, as plain values that the database keeps."""


@dataclass(frozen=True)
class PlannedRow:
    """A row of a preview. `text` is mrkdwn."""

    line: int
    state: ImportRowState
    text: str
    plan: Plan = field(default_factory=dict)


def problem_rows(problems: list[Problem]) -> list[PlannedRow]:
    """Return the rows of lines that cannot be imported; the same sentence stands once for a line."""
    return [
        PlannedRow(problem.line, ImportRowState.PROBLEM, problem.sentence)
        for problem in dict.fromkeys(sorted(problems, key=lambda problem: problem.line))
    ]


CarryOut = Callable[[Session, Caller, Plan, datetime], Plan]
"""Carry out a plan, and return how to undo it. Raise `Refusal`, with nothing changed, if it is no longer possible."""

TakeBack = Callable[[Session, Caller, Plan, datetime], str | None]
"""Undo what was carried out, or return in a sentence what it waits for.

Raise `Refusal`, with nothing changed, if somebody has changed it since.
"""
