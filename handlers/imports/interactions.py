"""The form of an import and the buttons of its preview."""

from handlers.imports import drafts, forms, parsing, snapshot, views
from handlers.kit import command_text
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from storage.vocabulary import ImportState


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
    """Turn to another page of a preview, or of what an import left out."""
    draft_value, _, page = request.value.partition("|")
    number = command_text.parse_row_id(page)
    with request.read("facilitator") as (session, caller):
        draft = drafts.find(session, caller, command_text.parse_row_id(draft_value))
        if draft.state is ImportState.PREVIEW:
            blocks = views.preview(draft, snapshot.load_preview(session, draft, number))
        elif draft.state is ImportState.IMPORTED:
            blocks = views.imported(draft, snapshot.load_result(session, draft, number), caller.zone)
        else:
            raise Refusal(views.BUSY)
    request.answer("The table.", blocks, replace=True)


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
        blocks = drafts.undo(session, caller, command_text.parse_row_id(request.value), request.now)
    request.show_result(views.UNDOING, instead=blocks)


def send_again(request: SlackRequest) -> None:
    """Send the caller's previews and results again, since a message may be lost."""
    with request.begin("facilitator") as (session, caller):
        sentence = drafts.send_again(session, caller, request.now)
    request.answer(sentence)
