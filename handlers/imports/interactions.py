"""The form of an import and the buttons of its preview."""

from handlers.imports import drafts, forms, parsing, views
from handlers.imports.snapshot import preview_page
from handlers.kit import command_text
from handlers.kit.slack_request import SlackRequest
from storage import imports


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
