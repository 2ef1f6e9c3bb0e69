"""Find the proposal of a number, and check that it is open."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit import command_text
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal, RefusalButton
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import bold, slack_date
from handlers.proposals.audience import refuse_unknown
from storage import outbox, proposals
from storage.proposals import Proposal
from storage.vocabulary import ProposalState
from storage.voting import ProposalBallotPaper


def pressed_number(request: SlackRequest) -> int:
    """Return the proposal number of a button. Raise Refusal if it has none."""
    number = command_text.parse_number(request.value)
    return number if number is not None else refuse_unknown(0)


def wording_value(number: int, version: int) -> str:
    """Return the value of a button that answers one wording of a proposal."""
    return f"{number}:{version}"


def pressed_wording(request: SlackRequest) -> tuple[int, int]:
    """Return the proposal number of a button that answers one wording, and the version of that wording.

    A button that a release before 0.2.0 sent has no version. It is taken for one of the first wording, so that it
    cannot count for a wording that came later. Raise Refusal if there is no number.
    """
    number, _, version = request.value.partition(":")
    numbers = command_text.parse_number(number), command_text.parse_number(version or "1")
    return (numbers[0], numbers[1]) if numbers[0] is not None and numbers[1] is not None else refuse_unknown(0)


def check_wording_is_current(session: Session, proposal: Proposal | ProposalBallotPaper, version: int) -> None:
    """Raise Refusal if a proposal was amended after the version that a person answers."""
    if proposal.version == version:
        return
    title = session.get_one(Proposal, proposal.id).title
    raise Refusal(
        f"#{proposal.number} was amended since, so nothing was noted. It now says: {bold(title, 200)}. Read it again "
        "before you answer.",
        buttons=[RefusalButton("Read it again", "proposal.details", str(proposal.number))],
    )


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
