"""Buttons of undelivered messages: the list for facilitators, sending again, and settling."""

from sqlalchemy.orm import Session

from handlers.kit import command_text
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.undelivered import views
from handlers.undelivered.reasons import CLOSED
from storage import outbox
from storage.outbox import Outbox
from storage.vocabulary import Delivery


def press_list(request: SlackRequest) -> None:
    """List the messages that were not, or may not have been, delivered."""
    with request.look("facilitator") as (session, caller):
        blocks = views.undelivered_list(outbox.stuck(session, caller.consortium.id))
    request.answer("Undelivered messages.", blocks)


def press_send_again(request: SlackRequest) -> None:
    """Return a message to the courier, with all others that failed because its channel was closed to the bot."""
    with request.begin() as (session, caller):
        row = _lock_message(session, caller, request)
        for other in outbox.stuck(session, caller.consortium.id):
            if row.reason in CLOSED and other.reason in CLOSED and other.channel == row.channel and other is not row:
                outbox.send_again(session, other, request.now)
        outbox.send_again(session, row, request.now)
    request.answer("It is on its way.", replace=True)


def press_settle(request: SlackRequest) -> None:
    """Mark a message as settled, so that it is not sent again."""
    with request.begin() as (session, caller):
        row = _lock_message(session, caller, request)
        row.state = Delivery.SETTLED
    request.answer("Settled. I will not send this message again.", replace=True)


def _lock_message(session: Session, caller: Caller, request: SlackRequest) -> Outbox:
    """Lock the message of a button. Raise `Refusal` when it is settled, or the caller neither asked nor facilitates."""
    row = outbox.lock(session, caller.consortium.id, command_text.row_id(request.value))
    if row is None:
        raise Refusal("This message has already been settled.")
    if not caller.facilitates and row.answers_to != request.user:
        raise Refusal("Only a facilitator, or the person who asked for this message, can settle it.")
    return row
