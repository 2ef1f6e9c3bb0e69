"""Tasks out of proposals: a reservation that should not be forgotten, and what a decision asks to be done."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from handlers.kit import command_text
from handlers.kit.callers import Caller, ask_whom
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import cut
from handlers.proposals import snapshot
from handlers.proposals.audience import see_proposal
from handlers.proposals.snapshot import ProposalSnapshot
from handlers.tasks import forms, rules
from storage.proposals import Proposal
from storage.vocabulary import LiveId, ProposalState


@dataclass(frozen=True)
class Source:
    """Where a task comes from, in words, and our message that shows it."""

    words: str
    live_id: LiveId | None


def press_reservation(request: SlackRequest) -> None:
    """Open the form with which a reservation becomes a task."""
    with request.look() as (session, caller):
        proposal, picture = _found(request, session, caller, request.value)
        _may(session, caller, proposal)
        said = picture.reservations
        if not said:
            raise Refusal(f"Nobody has a reservation on #{picture.number} any more. `/task new` makes any other task.")
        view = forms.of_reservation({**request.origin, "reserved": proposal.number}, picture.number, said)
    request.open(view)


def press_decision(request: SlackRequest) -> None:
    """Open the form for a task that a decision asks for."""
    with request.look() as (session, caller):
        proposal, _ = _found(request, session, caller, request.value)
        view = forms.new({**request.origin, "decided": proposal.number}, "")
    request.open(view)


def source(request: SlackRequest, session: Session, caller: Caller) -> Source | None:
    """Say where a task comes from that was filled in, if that is a proposal. Raises Refusal."""
    number = request.carry.get("reserved") or request.carry.get("decided")
    if number is None:
        return None
    proposal, picture = _found(request, session, caller, str(number))
    # anybody of the consortium reads where a task comes from
    title = f"#{picture.number}" if proposal.private else f"#{picture.number} {picture.title}"
    if "reserved" not in request.carry:
        kind = "decision" if picture.state is ProposalState.ADOPTED else "proposal"
        return Source(cut(f"{kind} {title}", rules.SOURCE), proposal.live_id)
    _may(session, caller, proposal)
    said = picture.reservations
    who = "" if proposal.private else request.chosen("reservation") or (said[0][0] if said else "")
    whose = f"reservation of {who} on" if who else "a reservation on"
    return Source(cut(f"{whose} {title}", rules.SOURCE), proposal.live_id)


def _found(request: SlackRequest, session: Session, caller: Caller, value: str) -> tuple[Proposal, ProposalSnapshot]:
    proposal = see_proposal(request, session, caller, command_text.row_id(value))
    return proposal, snapshot.take(session, proposal)


def _may(session: Session, caller: Caller, proposal: Proposal) -> None:
    if caller.facilitates or caller.person.id == proposal.author_id:
        return
    raise Refusal(
        f"The author of #{proposal.number} or a facilitator makes a reservation a task. "
        f"{ask_whom(session, caller.consortium)} Any other task: `/task new`"
    )
