"""Finding the proposal that somebody means."""

from sqlalchemy.orm import Session

from handlers.kit import command_text
from handlers.kit.callers import Caller
from handlers.kit.slack_request import Ask
from handlers.proposals import snapshot as pictures
from handlers.proposals.guards import no_such
from handlers.proposals.snapshot import Picture
from storage import outbox, proposals


def pressed(ask: Ask) -> int:
    """Give the number of a button. Raises Refusal where it has none."""
    number = command_text.number(ask.value)
    return number if number is not None else no_such(0)


def seen(session: Session, caller: Caller, number: int) -> Picture:
    """Take a proposal's picture for somebody who looks. Raises Refusal where there is none of that number."""
    proposal = proposals.get(session, caller.consortium.id, number)
    if proposal is None:
        no_such(number)
    return pictures.take(session, proposal)


def learn(ask: Ask, session: Session, caller: Caller, number: int) -> None:
    """Take the message's name from a press on it, in case the reply to its posting was lost."""
    proposal = proposals.get(session, caller.consortium.id, number)
    if proposal is not None and ask.in_message and ask.channel == proposal.channel:
        outbox.learn_ts(session, proposal.live_id, ask.message_ts)
