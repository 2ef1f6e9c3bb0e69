"""Imports of tables: what was handed in, what each row of the preview says, and how to undo it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, case, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.due import Due
from storage.vocabulary import (
    ConsortiumId,
    ImportDraftId,
    ImportKind,
    ImportRowState,
    ImportState,
    MemberId,
)


class ImportDraft(Base):
    """An import, from the table that was handed in to the end of the day on which it can be undone.

    `source` is pasted text, `url` an uploaded file; both are forgotten once the table was read. `name` is the file's
    name. `notes` are sentences about what was not read. `due_at` is when a job next has something to do:
    reading, importing, undoing, or, in all other states, deleting it.
    """

    __tablename__ = "import_draft"
    # an old button must not reach a newer import: ids are not used again
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy reads it

    id: Mapped[ImportDraftId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    team_id: Mapped[str] = mapped_column(String(32))
    state: Mapped[ImportState] = mapped_column(default=ImportState.READING)
    kind: Mapped[ImportKind | None]
    name: Mapped[str] = mapped_column(String(120))
    source: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(String(2000))
    notes: Mapped[str] = mapped_column(String(1500), default="")
    created_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)


class ImportRow(Base):
    """One agency, person, task, contribution or gain of an import.

    `line` is the line of the table. `text` says in mrkdwn what the row does, or what is wrong. `plan` is what to do;
    `undo` is what was done, as it was before and after.
    """

    __tablename__ = "import_row"

    draft_id: Mapped[ImportDraftId] = mapped_column(ForeignKey("import_draft.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int]
    state: Mapped[ImportRowState]
    text: Mapped[str] = mapped_column(Text)
    plan: Mapped[dict[str, Any]]
    undo: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


def count_unfinished(session: Session, consortium_id: ConsortiumId) -> int:
    """Count a consortium's tables that are being read or imported."""
    busy = (ImportState.READING, ImportState.IMPORTING, ImportState.UNDOING)
    query = select(func.count()).select_from(ImportDraft)
    return session.scalar(query.where(ImportDraft.consortium_id == consortium_id, ImportDraft.state.in_(busy))) or 0


def find_due(session: Session, now: datetime) -> ImportDraft | None:
    """Return the import that has been due the longest, or None."""
    query = select(ImportDraft).where(ImportDraft.due_at <= now).order_by(ImportDraft.due_at, ImportDraft.id).limit(1)
    return session.scalars(query).first()


next_due = Due(select(func.min(ImportDraft.due_at)))
"""When a job has something to do with an import next."""


def find(session: Session, consortium_id: ConsortiumId, draft_id: int) -> ImportDraft | None:
    """Find an import of a consortium."""
    return session.scalar(
        select(ImportDraft).where(ImportDraft.consortium_id == consortium_id, ImportDraft.id == draft_id)
    )


def lock(session: Session, draft_id: int) -> ImportDraft | None:
    """Find and lock an import."""
    return session.scalar(select(ImportDraft).where(ImportDraft.id == draft_id).with_for_update(key_share=True))


def add_rows(session: Session, rows: Sequence[ImportRow]) -> None:
    """Store the rows of a preview."""
    session.add_all(rows)
    session.flush()


def counts(session: Session, draft_id: ImportDraftId) -> dict[ImportRowState, int]:
    """Count the rows of an import by state."""
    query = select(ImportRow.state, func.count()).where(ImportRow.draft_id == draft_id).group_by(ImportRow.state)
    return {row[0]: row[1] for row in session.execute(query)}


_WEIGHTIEST = (ImportRowState.PROBLEM, ImportRowState.NEW, ImportRowState.CHANGED, ImportRowState.UNCHANGED)


def count_lines(session: Session, draft_id: ImportDraftId) -> dict[ImportRowState, int]:
    """Count the lines of a preview by state, each once: a line with several rows by the weightiest state of them."""
    weight = case({state: at for at, state in enumerate(_WEIGHTIEST)}, value=ImportRow.state, else_=len(_WEIGHTIEST))
    lines = select(func.min(weight).label("weight")).where(ImportRow.draft_id == draft_id).group_by(ImportRow.line)
    weights = lines.subquery().c.weight
    counted = session.execute(select(weights, func.count()).group_by(weights))
    return {_WEIGHTIEST[row[0]]: row[1] for row in counted if row[0] < len(_WEIGHTIEST)}


def rows_in(
    session: Session,
    draft_id: ImportDraftId,
    states: Collection[ImportRowState],
    *,
    first: int = 0,
    most: int,
    backward: bool = False,
) -> Sequence[ImportRow]:
    """List rows in these states, in the order of the table or backward."""
    order = ImportRow.number.desc() if backward else ImportRow.number
    query = select(ImportRow).where(ImportRow.draft_id == draft_id, ImportRow.state.in_(states))
    return session.scalars(query.order_by(order).offset(first).limit(most)).all()


def undo_values(session: Session, draft_id: ImportDraftId, key: str) -> Sequence[dict[str, Any]]:
    """List how to undo the rows whose `undo` has this key, in the order of the table."""
    query = select(ImportRow.undo).where(ImportRow.draft_id == draft_id, ImportRow.state == ImportRowState.DONE)
    return [undo for undo in session.scalars(query.order_by(ImportRow.number)) if undo and key in undo]


def recent_of(session: Session, member_id: MemberId) -> Sequence[ImportDraft]:
    """List a member's previews and finished imports, oldest first."""
    kept = (ImportState.PREVIEW, ImportState.IMPORTED)
    query = select(ImportDraft).where(ImportDraft.member_id == member_id, ImportDraft.state.in_(kept))
    return session.scalars(query.order_by(ImportDraft.id)).all()


def delete_draft(session: Session, draft_id: ImportDraftId) -> None:
    """Delete an import with its rows."""
    session.execute(delete(ImportRow).where(ImportRow.draft_id == draft_id))
    session.execute(delete(ImportDraft).where(ImportDraft.id == draft_id))


def close_rows(session: Session, draft_id: ImportDraftId) -> None:
    """Keep of an import what was carried out, and as problems what was left out."""
    rows = ImportRow.draft_id == draft_id
    session.execute(delete(ImportRow).where(rows, ImportRow.state == ImportRowState.UNCHANGED))
    left = update(ImportRow).where(rows, ImportRow.state == ImportRowState.LEFT)
    session.execute(left.values(state=ImportRowState.PROBLEM))


def leave_rows(session: Session, draft_id: ImportDraftId, states: Collection[ImportRowState], sentence: str) -> None:
    """Mark the rows in these states as left out, for a reason."""
    session.execute(
        update(ImportRow)
        .where(ImportRow.draft_id == draft_id, ImportRow.state.in_(states))
        .values(state=ImportRowState.LEFT, text=sentence)
    )


def postpone(session: Session, draft_id: ImportDraftId, until: datetime) -> None:
    """Try an import again later."""
    session.execute(
        update(ImportDraft).where(ImportDraft.id == draft_id).values(due_at=until, attempts=ImportDraft.attempts + 1)
    )
