"""What could not be delivered: told to whom it concerns, listed for facilitators, settled by a press."""

from handlers.kit import command_text
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.undelivered import views
from storage import outbox
from storage.outbox import Outbox
from storage.vocabulary import Delivery

_NOT_IN = {"not_in_channel", "channel_not_found"}
_CLOSED = {*_NOT_IN, "is_archived"}


def press_list(request: SlackRequest) -> None:
    """List what did not reach Slack, or may not have."""
    with request.look("facilitator") as (session, caller):
        blocks = views.undelivered(outbox.stuck(session, caller.consortium.id))
    request.answer("What was not delivered.", blocks)


def press_again(request: SlackRequest) -> None:
    """Give a message back to the courier."""
    with request.begin() as (session, caller):
        row = outbox.lock(session, caller.consortium.id, command_text.row_id(request.value))
        row = _mine(request, row, facilitates=caller.facilitates)
        # where the bot was not let in, all that waits for the same channel goes along
        for other in outbox.stuck(session, caller.consortium.id):
            if row.reason in _CLOSED and other.reason in _CLOSED and other.channel == row.channel and other is not row:
                outbox.send_again(session, other, request.now)
        outbox.send_again(session, row, request.now)
    request.answer("It is on its way.", replace=True)


def press_settle(request: SlackRequest) -> None:
    """Note that nothing more is to be done about a message."""
    with request.begin() as (session, caller):
        row = outbox.lock(session, caller.consortium.id, command_text.row_id(request.value))
        row = _mine(request, row, facilitates=caller.facilitates)
        row.state = Delivery.SETTLED
    request.answer("Good. Nothing more will be sent.", replace=True)


def _mine(request: SlackRequest, row: Outbox | None, *, facilitates: bool) -> Outbox:
    if row is None:
        raise Refusal("This is settled already.")
    if not facilitates and row.answers_to != request.user:
        raise Refusal("A facilitator, or who asked for it, settles this.")
    return row
