"""Find the proposal of a number, and check that it is open."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit import command_text
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import slack_date
from handlers.proposals.audience import refuse_unknown
from storage import outbox, proposals
from storage.proposals import Proposal
from storage.vocabulary import ProposalState
from storage.voting import ProposalBallotPaper


def pressed_number(request: SlackRequest) -> int:
    """Return the proposal number of a button. Raise Refusal if it has none."""
    number = command_text.parse_number(request.value)
    return number if number is not None else refuse_unknown(0)


def learn_message_ts(request: SlackRequest, session: Session, caller: Caller, number: int) -> None:
    """Store the `ts` of a proposal's message from a press on it, in case Slack's answer to the posting was lost."""
    proposal = proposals.get(session, caller.consortium.id, number)
    if proposal is not None and request.in_message and request.channel == proposal.channel:
        outbox.record_live_ts(session, proposal.live_id, request.message_ts)


def lock_proposal(session: Session, caller: Caller, number: int) -> Proposal:
    """Lock a proposal of the caller's consortium. Raise Refusal if there is none with this number."""
    proposal = proposals.lock_by_number(session, caller.consortium.id, number)
    return proposal if proposal is not None else refuse_unknown(number)


def check_open(proposal: Proposal | ProposalBallotPaper, now: datetime) -> None:
    """Raise Refusal before positions open and after they have closed."""
    if proposal.state is ProposalState.TALKING:
        raise Refusal(
            f"Proposal {proposal.number} is still in discussion. Voting opens {slack_date(proposal.opens_at)}. "
            "Nothing has changed."
        )
    if proposal.state is ProposalState.OPEN and now < proposal.closes_at:
        return
    if proposal.state is ProposalState.OPEN:
        raise Refusal(f"Proposal {proposal.number} closed {slack_date(proposal.closes_at)}. Nothing has changed.")
    outcome = "sense check" if proposal.state is ProposalState.SENSED else proposal.state.value
    ended_at = slack_date(proposal.decided_at or proposal.closes_at)
    raise Refusal(
        f"Proposal {proposal.number} closed {ended_at}: {outcome}. Nothing has changed. "
        f"`/propose show {proposal.number}` shows the record."
    )
