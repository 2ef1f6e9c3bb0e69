"""Buttons of undelivered messages: the list for facilitators, sending again, and settling."""

from typing import Any

from sqlalchemy.orm import Session

from handlers.kit import block_kit, command_text
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.undelivered import views
from handlers.undelivered.reasons import CLOSED
from storage import live_messages, outbox
from storage.outbox import OutboxMessage
from storage.vocabulary import DeliveryState


def press_list(request: SlackRequest) -> None:
    """Show the messages that were not, or may not have been, delivered."""
    request.show_window("undelivered")


def render_list(request: SlackRequest, _: str) -> dict[str, Any]:
    """Render the messages to check, for facilitators."""
    with request.read("facilitator") as (session, caller):
        blocks = views.undelivered_list(outbox.list_stuck(session, caller.consortium.id))
    return block_kit.info_form("Messages to check", blocks)


def press_send_again(request: SlackRequest) -> None:
    """Return a message to the courier, with all others that failed because its channel was closed to the bot.

    Messages in that channel that could not be updated are updated too.
    """
    with request.begin() as (session, caller):
        row = _lock_message(session, caller, request)
        for other in outbox.list_stuck(session, caller.consortium.id):
            if row.reason in CLOSED and other.reason in CLOSED and other.channel == row.channel and other is not row:
                outbox.retry(session, other, request.now)
        if row.reason in CLOSED:
            live_messages.update_now(session, row.team_id, row.channel)
        outbox.retry(session, row, request.now)
    request.show_result("It is on its way.")


def press_settle(request: SlackRequest) -> None:
    """Mark a message as settled, so that it is not sent again."""
    with request.begin() as (session, caller):
        row = _lock_message(session, caller, request)
        if row.state is DeliveryState.UNKNOWN:
            row.reason = None  # the person has found it
        row.state = DeliveryState.SETTLED
    request.show_result("Settled. I will not send this message again.")


def _lock_message(session: Session, caller: Caller, request: SlackRequest) -> OutboxMessage:
    """Lock the message of a button. Raise `Refusal` if it is settled, or the caller neither asked nor facilitates."""
    row = outbox.lock_stuck(session, caller.consortium.id, command_text.parse_row_id(request.value))
    if row is None:
        raise Refusal("This message has already been settled.")
    if not caller.facilitates and row.answers_to != request.user:
        raise Refusal("Only a facilitator, or the person who asked for this message, can settle it.")
    return row
