"""What the messages about an import show: the pages of a preview, and what became of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from handlers.kit.lists import Page, fetch_page
from storage import imports
from storage.imports import ImportDraft, ImportRow
from storage.vocabulary import ImportRowState

SHOWN = (ImportRowState.PROBLEM, ImportRowState.NEW, ImportRowState.CHANGED)
"""The states of the rows that a preview lists. Unchanged ones are only counted."""

PAGE = 20
"""The number of rows on a page."""


@dataclass(frozen=True)
class Preview:
    """One page of a preview. `lines` counts the lines of the table by state."""

    lines: dict[ImportRowState, int]
    page: Page[ImportRow]


@dataclass(frozen=True)
class ImportResult:
    """What became of an import. `waiting` names people whom an agency has to confirm; `left` has what was left out."""

    done: int
    waiting: Sequence[str]
    left: Page[ImportRow]


def load_preview(session: Session, draft: ImportDraft, number: int = 0) -> Preview:
    """Return one page of a preview: problems first."""
    return Preview(imports.count_lines(session, draft.id), _page(session, draft, SHOWN, number))


def load_result(session: Session, draft: ImportDraft, number: int = 0) -> ImportResult:
    """Return what became of an import, with one page of what was left out."""
    done = imports.counts(session, draft.id).get(ImportRowState.DONE, 0)
    waiting = [undo["name"] for undo in imports.undo_values(session, draft.id, "request")]
    return ImportResult(done, waiting, _page(session, draft, [ImportRowState.PROBLEM], number))


def _page(session: Session, draft: ImportDraft, states: Collection[ImportRowState], number: int) -> Page[ImportRow]:
    numbers = imports.counts(session, draft.id)
    total = sum(numbers.get(state, 0) for state in states)

    def fetch(first: int, most: int) -> Sequence[ImportRow]:
        rows: list[ImportRow] = []
        for state in states:
            count = numbers.get(state, 0)
            if first < count and len(rows) < most:
                rows += imports.rows_in(session, draft.id, [state], first=first, most=most - len(rows))
            first = max(0, first - count)
        return rows

    return fetch_page(total, number, fetch, PAGE)
