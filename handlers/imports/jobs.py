"""Scheduled work: reading, importing, and undoing tables, in steps that a restart does not repeat."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from handlers.imports import drafts, kinds, views
from handlers.imports.plans import PlannedRow
from handlers.imports.rules import sheets
from handlers.imports.rules.columns import Table
from handlers.kit.callers import Caller
from handlers.kit.deps import Deps
from handlers.kit.directory import SLACK_ERRORS, SlackUnavailable, describe_error, retry_after
from handlers.kit.fetch import DownloadFailed, Unreadable
from handlers.kit.isolation import is_outage
from handlers.kit.refusals import Refusal
from storage import audit, consortia, imports
from storage.database import was_rolled_back
from storage.imports import ImportDraft, ImportRow
from storage.vocabulary import ImportKind, ImportRowState, ImportState

log = structlog.get_logger()

ROWS_AT_ONCE = 25
"""The number of rows that one transaction carries out, so that others need not wait long."""

STEPS_AT_ONCE = 10
"""The number of such transactions in one tick, so that other scheduled work need not wait long either."""

RETRY_AFTER = timedelta(minutes=1)
MOST_ATTEMPTS = 5
FAULT = "That did not work, and it was our fault. Try a smaller table, or tell the person who looks after me."
NO_FACILITATOR = "You are not a facilitator anymore."
AT_THE_SAME_TIME = "Somebody has changed this at the same time."


def sweep(deps: Deps, now: datetime) -> None:
    """Take the next step of the import that has been due the longest: one in each tick, as reading may take a while."""
    with deps.db.read() as session:
        draft = imports.find_due(session, now)
    if draft is None:
        return
    try:
        _STEPS.get(draft.state, _delete)(deps, draft, now)
    except Exception as bug:
        if is_outage(bug) or (isinstance(bug, DBAPIError) and was_rolled_back(bug)):
            raise
        # a stranger's table may cause any error, and must not be read again every few seconds
        log.exception("import failed", state=draft.state.value)
        _set_aside(deps, draft, now)


def _set_aside(deps: Deps, draft: ImportDraft, now: datetime) -> None:
    """Try a failed import again later; where not even that can be noted with its person, only later."""
    try:
        _postpone(deps, draft, now + RETRY_AFTER, FAULT, now)
    except Exception as bug:
        if is_outage(bug):
            raise
        log.exception("failed import not told", state=draft.state.value)
        with deps.db.begin() as session:
            imports.postpone(session, draft.id, now + drafts.KEPT)


next_due = imports.next_due


# reading -----------------------------------------------------------------------------------------------


def _read(deps: Deps, draft: ImportDraft, now: datetime) -> None:
    """Read a table, compare it with the consortium, and send the preview."""
    try:
        table = sheets.read_text(draft.source) if draft.source is not None else _download(deps, draft)
        rows = kinds.plan(deps, draft, table, now)
    except DownloadFailed as problem:
        _postpone(deps, draft, now + RETRY_AFTER, problem.sentence, now)
    except (*SLACK_ERRORS, SlackUnavailable) as error:
        log.warning("people of a table not found", error=type(error).__name__)
        sentence = error.sentence if isinstance(error, SlackUnavailable) else describe_error(error)
        _postpone(deps, draft, now + retry_after(error, RETRY_AFTER), sentence, now)
    except (Unreadable, Refusal) as problem:
        _end(deps, draft, problem.sentence, now)
    else:
        _store_preview(deps, draft, table, rows, now)


def _download(deps: Deps, draft: ImportDraft) -> Table:
    return sheets.read_file(deps.fetch.file(draft.team_id, draft.url or ""))


def _store_preview(deps: Deps, read: ImportDraft, table: Table, rows: list[PlannedRow], now: datetime) -> None:
    with deps.db.begin() as session:
        draft = imports.lock(session, read.id)
        if draft is None or draft.state is not ImportState.READING:
            return
        imports.add_rows(
            session,
            [
                ImportRow(draft_id=draft.id, number=n, line=row.line, state=row.state, text=row.text, plan=row.plan)
                for n, row in enumerate(rows)
            ],
        )
        draft.state, draft.kind = ImportState.PREVIEW, table.header.kind
        draft.source = draft.url = None
        draft.notes = views.reading_notes(table.header.unread, table.sheet, table.unread_sheets, merged=table.merged)
        draft.due_at = now + drafts.KEPT
        session.flush()
        drafts.send_preview(session, draft, now)


# carrying out and undoing ------------------------------------------------------------------------------


def _import(deps: Deps, begun: ImportDraft, now: datetime) -> None:
    """Carry out the rows, and tell the person what became of them."""
    _in_steps(deps, begun, drafts.CARRIED_OUT, (_carry_out, _finish_import), now)


def _undo(deps: Deps, begun: ImportDraft, now: datetime) -> None:
    """Undo the rows backward, and tell the person what became of them."""
    _in_steps(deps, begun, (ImportRowState.DONE,), (_take_back, _finish_undo), now)


_Act = Callable[[Session, Caller, ImportDraft, ImportRow, datetime], None]
_Finish = Callable[[Session, ImportDraft, datetime], None]


def _in_steps(
    deps: Deps, begun: ImportDraft, states: Sequence[ImportRowState], acts: tuple[_Act, _Finish], now: datetime
) -> None:
    """Run `acts` on the rows in these states, some in one transaction, and at the end on the import itself."""
    act, finish = acts
    for _ in range(STEPS_AT_ONCE):
        with deps.db.begin() as session:
            draft = imports.lock(session, begun.id)
            if draft is None or draft.state is not begun.state:
                return
            # the rows need it at different times, and it comes before what they change
            consortia.lock(session, draft.consortium_id)
            caller = _author(session, draft)
            if caller is None:
                imports.leave_rows(session, draft.id, states, NO_FACILITATOR)
            backward = draft.state is ImportState.UNDOING
            rows = imports.rows_in(session, draft.id, states, most=ROWS_AT_ONCE, backward=backward)
            if caller is None or not rows:
                finish(session, draft, now)
                return
            with kinds.KINDS[_kind(draft)].together(session, caller, now):
                for row in rows:
                    _run(session, caller, draft, row, act, now)


def _author(session: Session, draft: ImportDraft) -> Caller | None:
    """Return the person who imports; None if they are no facilitator anymore, so that the rest is left out."""
    try:
        return kinds.author(session, draft)
    except Refusal:
        return None


def _run(session: Session, caller: Caller, draft: ImportDraft, row: ImportRow, act: _Act, now: datetime) -> None:
    """Carry out or undo one row. What is no longer possible is left out, with the reason."""
    try:
        with session.begin_nested():
            act(session, caller, draft, row, now)
            session.flush()
    except Refusal as refusal:
        row.state, row.text = ImportRowState.LEFT, refusal.sentence
    except IntegrityError:
        row.state, row.text = ImportRowState.LEFT, AT_THE_SAME_TIME
    session.flush()


def _carry_out(session: Session, caller: Caller, draft: ImportDraft, row: ImportRow, now: datetime) -> None:
    row.undo = kinds.KINDS[_kind(draft)].carry_out(session, caller, row.plan, now)
    row.state = ImportRowState.DONE


def _take_back(session: Session, caller: Caller, draft: ImportDraft, row: ImportRow, now: datetime) -> None:
    waits = kinds.KINDS[_kind(draft)].take_back(session, caller, row.undo or {}, now)
    row.state = ImportRowState.UNDONE if waits is None else ImportRowState.LEFT
    row.text = row.text if waits is None else waits


def _kind(draft: ImportDraft) -> ImportKind:
    if draft.kind is None:
        raise ValueError("a table without a kind cannot be imported")
    return draft.kind


def _finish_import(session: Session, draft: ImportDraft, now: datetime) -> None:
    done = imports.counts(session, draft.id).get(ImportRowState.DONE, 0)
    draft.state, draft.due_at = ImportState.IMPORTED, now + drafts.KEPT
    audit.record(session, draft.consortium_id, draft.member_id, "imported", f"{done} rows of {_kind(draft).value}", now)
    if draft.kind is ImportKind.PEOPLE and done:
        # the check of profiles adds the addresses of new members
        consortia.schedule_profile_check(session, draft.team_id, now)
    imports.close_rows(session, draft.id)
    drafts.send_result(session, draft, now)


def _finish_undo(session: Session, draft: ImportDraft, now: datetime) -> None:
    numbers = imports.counts(session, draft.id)
    done = numbers.get(ImportRowState.UNDONE, 0)
    left = imports.rows_in(session, draft.id, [ImportRowState.LEFT], most=numbers.get(ImportRowState.LEFT, 0))
    audit.record(session, draft.consortium_id, draft.member_id, "took back", f"{done} imported rows", now)
    drafts.tell(session, draft, views.undone(draft, done, left), "the result of undoing an import", now)
    imports.delete_draft(session, draft.id)


# the end -----------------------------------------------------------------------------------------------


def _delete(deps: Deps, draft: ImportDraft, _now: datetime) -> None:
    """Forget a preview that nobody confirmed, or an import whose day is over."""
    with deps.db.begin() as session:
        imports.delete_draft(session, draft.id)


def _postpone(deps: Deps, draft: ImportDraft, until: datetime, sentence: str, now: datetime) -> None:
    """Try again later, and after several times tell the person what is in the way."""
    if draft.attempts + 1 >= MOST_ATTEMPTS:
        if draft.state is ImportState.READING:
            _end(deps, draft, sentence, now)
        else:
            _give_up(deps, draft, sentence)
        return
    with deps.db.begin() as session:
        imports.postpone(session, draft.id, until)


def _give_up(deps: Deps, draft: ImportDraft, sentence: str) -> None:
    """Leave out the rows that are left, so that the next step tells the person what was done and what was not."""
    states = [ImportRowState.DONE] if draft.state is ImportState.UNDOING else drafts.CARRIED_OUT
    with deps.db.begin() as session:
        imports.leave_rows(session, draft.id, states, sentence)


def _end(deps: Deps, read: ImportDraft, sentence: str, now: datetime) -> None:
    with deps.db.begin() as session:
        draft = imports.lock(session, read.id)
        if draft is not None:
            drafts.tell(session, draft, views.unreadable(draft, sentence), "what is wrong with a table", now)
            imports.delete_draft(session, draft.id)


_STEPS: Mapping[ImportState, Callable[[Deps, ImportDraft, datetime], None]] = {
    ImportState.READING: _read,
    ImportState.IMPORTING: _import,
    ImportState.UNDOING: _undo,
}
