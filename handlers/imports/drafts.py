"""An import from the table that was handed in to its end. Each step only stores what a job then carries out."""

from datetime import datetime, timedelta

from slack_sdk.models.blocks import Block
from sqlalchemy.orm import Session

from handlers.imports import snapshot, views
from handlers.imports.parsing import Source
from handlers.kit.callers import Caller
from handlers.kit.notices.messages import queue_direct_message
from handlers.kit.refusals import Refusal
from storage import imports
from storage.imports import ImportDraft
from storage.members import Member
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


def send_preview(session: Session, draft: ImportDraft, now: datetime) -> None:
    """Queue the first page of a preview for the person who handed the table in."""
    tell(
        session,
        draft,
        views.preview_message(draft, snapshot.load_preview(session, draft)),
        "the preview of a table",
        now,
    )


def send_result(session: Session, draft: ImportDraft, now: datetime) -> None:
    """Queue what became of an import for the person who confirmed it."""
    zone = session.get_one(Member, draft.member_id).zone
    body = views.result_message(draft, snapshot.load_result(session, draft), zone)
    tell(session, draft, body, "the result of an import", now)


def tell(session: Session, draft: ImportDraft, body: dict[str, object], about: str, now: datetime) -> None:
    """Queue a direct message for the person who imports."""
    queue_direct_message(session, draft.team_id, session.get_one(Member, draft.member_id), body, about, now)


def send_again(session: Session, caller: Caller, now: datetime) -> str:
    """Queue the caller's previews and results again, and return the answer. Raise `Refusal` if there are none."""
    recent = imports.recent_of(session, caller.person.id)
    if not recent:
        raise Refusal("You have no preview and no import of the last day. `/consortium import` starts one.")
    for draft in recent:
        send = send_preview if draft.state is ImportState.PREVIEW else send_result
        send(session, draft, now)
    return "I have sent you your previews and imports of the last day again, by direct message."


def confirm(session: Session, caller: Caller, draft_id: int, now: datetime) -> str:
    """Have a previewed table imported, and return the answer. Raise `Refusal` if that is not possible anymore."""
    draft = _lock(session, caller, draft_id)
    if draft.state is not ImportState.PREVIEW:
        raise Refusal("This table is already imported, or its import has begun. Nothing is imported twice.")
    _begin(draft, ImportState.IMPORTING, now)
    return views.confirmed(draft, views.count_planned(imports.count_lines(session, draft.id)))


def cancel(session: Session, caller: Caller, draft_id: int) -> str:
    """Forget a previewed table, and return the answer. Raise `Refusal` if it is imported already."""
    draft = _lock(session, caller, draft_id)
    if draft.state is not ImportState.PREVIEW:
        raise Refusal("This table is already imported. The message about it has a button to undo it.")
    imports.delete_draft(session, draft.id)
    return views.CANCELED


def undo(session: Session, caller: Caller, draft_id: int, now: datetime) -> list[Block]:
    """Have an import undone, and return what stays of its result. Raise `Refusal` if that is not possible anymore."""
    draft = _lock(session, caller, draft_id)
    if draft.state is not ImportState.IMPORTED:
        raise Refusal("This import is already being undone, or has been undone.")
    result = views.imported(draft, snapshot.load_result(session, draft), caller.zone, undoing=True)
    _begin(draft, ImportState.UNDOING, now)
    return result


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
