"""Tasks that follow from proposals: for a reservation, or to carry out a decision."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from handlers.kit import command_text
from handlers.kit.callers import Caller, require_author_or_facilitator
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import truncate
from handlers.proposals.audience import see_proposal
from handlers.proposals.snapshot import ProposalSnapshot, load_snapshot
from handlers.tasks import forms, rules
from storage.proposals import Proposal
from storage.vocabulary import LiveMessageId, ProposalState


@dataclass(frozen=True)
class ProposalSource:
    """The proposal that a task comes from, in words, and the live message that shows it."""

    words: str
    live_id: LiveMessageId | None


def press_reservation(request: SlackRequest) -> None:
    """Open the form that turns a reservation into a task."""
    with request.read() as (session, caller):
        proposal, snapshot = _load(request, session, caller, request.value)
        _require_author(session, caller, proposal)
        if not snapshot.reservations:
            raise Refusal(f"#{snapshot.number} has no reservations anymore. To create another task, type `/task new`.")
        view = forms.new_task_from_reservation(
            {**request.origin, "reserved": proposal.number},
            snapshot.number,
            snapshot.reservations,
            private=proposal.private,
        )
    request.open_form(view)


def press_decision(request: SlackRequest) -> None:
    """Open the form for a task that carries out a decision."""
    with request.read() as (session, caller):
        proposal, _ = _load(request, session, caller, request.value)
        hint = forms.PRIVATE_HINT if proposal.private else None
        view = forms.new_task({**request.origin, "decided": proposal.number}, "", hint)
    request.open_form(view)


def proposal_source(request: SlackRequest, session: Session, caller: Caller) -> ProposalSource | None:
    """Return the proposal that a submitted task comes from, or None.

    Raise Refusal if the caller may not turn its reservations into tasks.
    """
    number = request.metadata.get("reserved") or request.metadata.get("decided")
    if number is None:
        return None
    proposal, snapshot = _load(request, session, caller, str(number))
    if "reserved" in request.metadata:
        _require_author(session, caller, proposal)
    if proposal.private:
        # everybody in the consortium can read where a task comes from, but not everybody can open its link
        return ProposalSource("a proposal in a private channel", None)
    title = f"#{snapshot.number} {snapshot.title}"
    if "reserved" not in request.metadata:
        kind = "decision" if snapshot.state is ProposalState.ADOPTED else "proposal"
        return ProposalSource(truncate(f"{kind} {title}", rules.SOURCE), proposal.live_id)
    reservations = snapshot.reservations
    name = request.selected_value("reservation") or (reservations[0][0] if reservations else "")
    reservation = f"reservation of {name} on" if name else "a reservation on"
    return ProposalSource(truncate(f"{reservation} {title}", rules.SOURCE), proposal.live_id)


def _load(request: SlackRequest, session: Session, caller: Caller, value: str) -> tuple[Proposal, ProposalSnapshot]:
    proposal = see_proposal(request, session, caller, command_text.parse_row_id(value))
    return proposal, load_snapshot(session, proposal)


def _require_author(session: Session, caller: Caller, proposal: Proposal) -> None:
    action = f"turn a reservation on #{proposal.number} into a task"
    hint = "To create another task, type `/task new`."
    require_author_or_facilitator(session, caller, proposal.author_id, action, hint)
