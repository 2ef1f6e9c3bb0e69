"""The form of an import and the buttons of its preview."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from handlers.imports import drafts, forms, parsing, views
from handlers.kit import command_text
from handlers.kit.lists import Page, fetch_page
from handlers.kit.slack_request import SlackRequest
from storage import imports
from storage.imports import ImportDraft, ImportRow


def press_form(request: SlackRequest) -> None:
    """Open the form that takes a table; without the permission to read files, it takes only pasted text."""
    request.require("facilitator")
    request.open_form(forms.table(request.origin), unscoped=forms.table(request.origin, files=False))


def submit_form(request: SlackRequest) -> None:
    """Store the table; a job reads it soon after and sends the preview."""
    source = parsing.form_source(request)
    with request.begin("facilitator") as (session, caller):
        drafts.hand_in(session, caller, source, request.now)
    request.show_result(views.READING)


def press_page(request: SlackRequest) -> None:
    """Turn to another page of a preview."""
    draft_value, _, number = request.value.partition("|")
    with request.read("facilitator") as (session, caller):
        draft = drafts.find(session, caller, command_text.parse_row_id(draft_value))
        numbers = imports.counts(session, draft.id)
        blocks = views.preview(draft, numbers, preview_page(session, draft, command_text.parse_row_id(number)))
    request.answer("The preview.", blocks, replace=True)


def preview_page(session: Session, draft: ImportDraft, number: int) -> Page[ImportRow]:
    """Return one page of the rows that a preview lists: problems first."""
    numbers = imports.counts(session, draft.id)
    total = sum(numbers.get(state, 0) for state in views.SHOWN)

    def fetch(first: int, most: int) -> Sequence[ImportRow]:
        rows: list[ImportRow] = []
        for state in views.SHOWN:
            count = numbers.get(state, 0)
            if first < count and len(rows) < most:
                rows += imports.rows_in(session, draft.id, state, first=first, most=most - len(rows))
            first = max(0, first - count)
        return rows

    return fetch_page(total, number, fetch, views.PAGE)


def press_confirm(request: SlackRequest) -> None:
    """Import a previewed table."""
    with request.begin("facilitator") as (session, caller):
        sentence = drafts.confirm(session, caller, command_text.parse_row_id(request.value), request.now)
    request.show_result(sentence)


def press_cancel(request: SlackRequest) -> None:
    """Forget a previewed table."""
    with request.begin("facilitator") as (session, caller):
        sentence = drafts.cancel(session, caller, command_text.parse_row_id(request.value))
    request.show_result(sentence)


def press_undo(request: SlackRequest) -> None:
    """Undo an import."""
    with request.begin("facilitator") as (session, caller):
        sentence = drafts.undo(session, caller, command_text.parse_row_id(request.value), request.now)
    request.show_result(sentence)
