"""Finding the proposal that somebody means."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit import command_text
from handlers.kit.callers import Caller, ask_whom
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import moment
from handlers.proposals.audience import refuse_unknown
from storage import outbox, proposals
from storage.proposals import Proposal
from storage.vocabulary import ProposalState
from storage.voting import ProposalPaper


def pressed_number(request: SlackRequest) -> int:
    """Give the number of a button. Raises Refusal where it has none."""
    number = command_text.number(request.value)
    return number if number is not None else refuse_unknown(0)


def learn_message_ts(request: SlackRequest, session: Session, caller: Caller, number: int) -> None:
    """Take the message's name from a press on it, in case the reply to its posting was lost."""
    proposal = proposals.get(session, caller.consortium.id, number)
    if proposal is not None and request.in_message and request.channel == proposal.channel:
        outbox.learn_ts(session, proposal.live_id, request.message_ts)


def lock_proposal(session: Session, caller: Caller, number: int) -> Proposal:
    """Lock a proposal of the caller's consortium. Raises Refusal where there is none of that number."""
    proposal = proposals.lock(session, caller.consortium.id, number)
    return proposal if proposal is not None else refuse_unknown(number)


def check_open(proposal: Proposal | ProposalPaper, now: datetime) -> None:
    """Refuse what comes before positions open, or after closing time. Raises Refusal."""
    if proposal.state is ProposalState.TALKING:
        raise Refusal(
            f"Proposal {proposal.number} is still being talked about. Positions open {moment(proposal.opens_at)}. "
            "Nothing has changed."
        )
    if proposal.state is ProposalState.OPEN and now < proposal.closes_at:
        return
    if proposal.state is ProposalState.OPEN:
        raise Refusal(f"Proposal {proposal.number} closed {moment(proposal.closes_at)}. Nothing has changed.")
    at = moment(proposal.decided_at or proposal.closes_at)
    raise Refusal(
        f"Proposal {proposal.number} closed {at}: {proposal.state.value}. Nothing has changed. "
        "`/consortium decisions` has the record."
    )


def responsible(session: Session, caller: Caller, proposal: Proposal, what: str) -> None:
    """Refuse who is neither author nor facilitator. Raises Refusal."""
    if caller.facilitates or caller.person.id == proposal.author_id:
        return
    raise Refusal(
        f"The author or a facilitator can {what} proposal {proposal.number}. {ask_whom(session, caller.consortium)}"
    )
