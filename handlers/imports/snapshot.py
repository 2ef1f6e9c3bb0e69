"""What a preview lists, page by page."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from handlers.imports import views
from handlers.kit.lists import Page, fetch_page
from storage import imports
from storage.imports import ImportDraft, ImportRow


def preview_page(session: Session, draft: ImportDraft, number: int) -> Page[ImportRow]:
    """Return one page of the rows that a preview lists: problems first."""
    numbers = imports.counts(session, draft.id)
    total = sum(numbers.get(state, 0) for state in views.SHOWN)

    def fetch(first: int, most: int) -> Sequence[ImportRow]:
        rows: list[ImportRow] = []
        for state in views.SHOWN:
            count = numbers.get(state, 0)
            if first < count and len(rows) < most:
                rows += imports.rows_in(session, draft.id, [state], first=first, most=most - len(rows))
            first = max(0, first - count)
        return rows

    return fetch_page(total, number, fetch, views.PAGE)
