"""The proposals on which somebody has still to be heard."""

from datetime import datetime

from slack_sdk.models.blocks import Block
from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.proposals import snapshot, views
from handlers.proposals.rules import by_heads, counts_as_voice
from handlers.proposals.snapshot import ProposalSnapshot
from storage import electorates, members, positions, proposals
from storage.proposals import Proposal
from storage.vocabulary import ProposalState, Seat


def unheard(session: Session, caller: Caller, now: datetime) -> list[list[Block]]:
    """Draw each open proposal on which the member has something to say and has not said it."""
    return [
        views.waiting(picture)
        for proposal in proposals.running(session, caller.consortium.id)
        if proposal.state is ProposalState.OPEN
        and now < proposal.closes_at
        and (picture := _waits(session, caller, proposal)) is not None
    ]


def _waits(session: Session, caller: Caller, proposal: Proposal) -> ProposalSnapshot | None:
    person = caller.person
    if by_heads(proposal.rule):
        agency = electorates.head_agency(session, proposal.id, person.id)
        if agency is None or positions.of_person(session, proposal.id, agency, person.id, Seat.MEMBER):
            return None
        return snapshot.take(session, proposal)
    if person.agency_id is None:
        return None
    named = snapshot.naming(members.speakers(session, [person.agency_id])[person.agency_id])
    if counts_as_voice(named.seat_of(person.id), named):
        return None
    picture = snapshot.take(session, proposal)
    stands = picture.standings.get(person.agency_id)
    return picture if stands is not None and not stands.heard else None
