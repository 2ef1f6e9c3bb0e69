"""The open proposals on which an agency or a person has not been heard yet."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block
from sqlalchemy.orm import Session

from handlers.kit import representation
from handlers.kit.callers import Caller
from handlers.kit.representation import Named
from handlers.kit.visibility import Reader, sees
from handlers.proposals import views
from handlers.proposals.audience import audience_of
from handlers.proposals.rules import counts_people
from handlers.proposals.snapshot import load_snapshot
from storage import electorates, open_electors, positions, proposals
from storage.open_electors import OpenElector
from storage.proposals import Proposal
from storage.todo import TodoItem
from storage.vocabulary import AgencyId, ConsortiumId, ProposalState, Seat, TodoKind


def unheard_electors(
    session: Session, consortium_id: ConsortiumId, now: datetime, agency_id: AgencyId | None = None
) -> list[OpenElector]:
    """Return the agencies that have not been heard on open proposals: one agency, or all.

    The home tab, `/vote` and the facilitators' list use this. Reminders and the proposal's message use the snapshot,
    which relies on `handlers.kit.representation` too.
    """
    return [
        elector
        for elector in open_electors.open_electors(session, consortium_id, now, agency_id)
        if not representation.heard(elector.said, Named(elector.representative, elector.alternate))
    ]


def merge_todo_items(by_person: Sequence[TodoItem], electors: Sequence[OpenElector]) -> list[TodoItem]:
    """Merge proposals that wait for a person with those that wait for the person's agency, by closing time."""
    by_agency = [
        TodoItem(
            TodoKind.PROPOSAL,
            elector.number,
            elector.title,
            elector.closes_at,
            on=None,
            extra=elector.rule.value,
            hours=None,
            version=elector.version,
        )
        for elector in electors
    ]
    return sorted([*by_person, *by_agency], key=lambda item: (item.at is None, item.at, item.number))


def waiting_items(session: Session, caller: Caller, reader: Reader, now: datetime) -> list[list[Block]]:
    """Render each open proposal that waits for the member's position and that they may see."""
    person, consortium_id = caller.person, caller.consortium.id
    electors = unheard_electors(session, consortium_id, now, person.agency_id) if caller.active_agency else []
    numbers = {
        elector.number
        for elector in electors
        if representation.speaks(person.seat, Named(elector.representative, elector.alternate))
    }
    return [
        views.waiting_item(load_snapshot(session, proposal))
        for proposal in proposals.list_running(session, consortium_id)
        if (proposal.number in numbers or _waits_for_person(session, caller, proposal, now))
        and sees(reader, audience_of(session, proposal))
    ]


def _waits_for_person(session: Session, caller: Caller, proposal: Proposal, now: datetime) -> bool:
    """Return whether a proposal that counts people waits for the member."""
    if not counts_people(proposal.rule) or proposal.state is not ProposalState.OPEN or now >= proposal.closes_at:
        return False
    agency = electorates.agency_of_elector(session, proposal.id, caller.person.id)
    return agency is not None and not positions.find_position(
        session, proposal.id, agency, caller.person.id, Seat.MEMBER
    )
