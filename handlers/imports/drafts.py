"""An import from the table that was handed in to its end. Each step only stores what a job then carries out."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.imports import views
from handlers.imports.parsing import Source
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from storage import imports
from storage.imports import ImportDraft
from storage.vocabulary import ImportRowState, ImportState

KEPT = timedelta(days=1)
"""How long a preview can be confirmed, and how long an import can be undone."""

MOST_UNFINISHED = 5
CARRIED_OUT = (ImportRowState.NEW, ImportRowState.CHANGED)


def hand_in(session: Session, caller: Caller, source: Source, now: datetime) -> None:
    """Store a table to be read. Raise `Refusal` if too many are waiting."""
    if imports.count_unfinished(session, caller.consortium.id) >= MOST_UNFINISHED:
        raise Refusal("I am still reading other tables. Try again in a minute.", field=source.field)
    draft = ImportDraft(
        consortium_id=caller.consortium.id,
        member_id=caller.person.id,
        team_id=caller.workspace,
        state=ImportState.READING,
        name=source.name,
        source=source.text,
        url=source.url,
        created_at=now,
        due_at=now,
    )
    session.add(draft)


def confirm(session: Session, caller: Caller, draft_id: int, now: datetime) -> str:
    """Have a previewed table imported, and return the answer. Raise `Refusal` if that is not possible anymore."""
    draft = _lock(session, caller, draft_id)
    if draft.state is not ImportState.PREVIEW:
        raise Refusal("This table is already imported, or its import has begun. Nothing is imported twice.")
    numbers = imports.counts(session, draft.id)
    _begin(draft, ImportState.IMPORTING, now)
    return views.importing(sum(numbers.get(state, 0) for state in CARRIED_OUT))


def cancel(session: Session, caller: Caller, draft_id: int) -> str:
    """Forget a previewed table, and return the answer. Raise `Refusal` if it is imported already."""
    draft = _lock(session, caller, draft_id)
    if draft.state is not ImportState.PREVIEW:
        raise Refusal("This table is already imported. The message about it has a button to undo it.")
    imports.delete_draft(session, draft.id)
    return views.CANCELED


def undo(session: Session, caller: Caller, draft_id: int, now: datetime) -> str:
    """Have an import undone, and return the answer. Raise `Refusal` if that is not possible anymore."""
    draft = _lock(session, caller, draft_id)
    if draft.state is not ImportState.IMPORTED:
        raise Refusal("This import is already being undone, or has been undone.")
    _begin(draft, ImportState.UNDOING, now)
    return views.UNDOING


def _begin(draft: ImportDraft, state: ImportState, now: datetime) -> None:
    draft.state, draft.due_at, draft.attempts = state, now, 0


def _lock(session: Session, caller: Caller, draft_id: int) -> ImportDraft:
    draft = find(session, caller, draft_id)
    locked = imports.lock(session, draft.id)
    return locked if locked is not None else draft


def find(session: Session, caller: Caller, draft_id: int) -> ImportDraft:
    """Return an import of the caller's consortium. Raise `Refusal` if its day is over, or if it was canceled."""
    draft = imports.find(session, caller.consortium.id, draft_id)
    if draft is None or draft.member_id != caller.person.id:
        raise Refusal(views.GONE)
    return draft
