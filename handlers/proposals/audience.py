"""Who may see a proposal. `handlers.kit.visibility` has the rule."""

from typing import NoReturn

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.representation import Named, speaks
from handlers.kit.slack_request import SlackRequest
from handlers.kit.visibility import Audience
from handlers.proposals.rules import counts_people
from storage import electorates, members, positions, proposals
from storage.members import Member
from storage.positions import Position
from storage.proposals import Proposal
from storage.vocabulary import MemberId, ProposalState, Rule, Seat
from storage.voting import ProposalBallotPaper, Voter


class UnknownProposal(Refusal):
    """No proposal has this number, or the person may not know of it: they cannot tell which."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no proposal {number} here. `/vote` lists what is waiting for you.")


def audience_of(session: Session, proposal: Proposal) -> Audience:
    """Return the audience of a proposal. In a private channel, its author and those who decide are named."""
    channel = (proposal.team_id, proposal.channel)
    if not proposal.private:
        return Audience(channel, private=False)
    return Audience(channel, private=True, named={proposal.author_id, *deciders(session, proposal)})


def deciders(session: Session, proposal: Proposal) -> set[MemberId]:
    """Return the members who decide: those who speak for its agencies, or the people that its rule counts.

    Nobody decides a sense check. Who decided stays the same once the proposal has ended; if it was adopted, those who
    speak for its agencies later carry it out.
    """
    if proposal.rule is Rule.SENSE:
        return set()
    if proposal.state not in proposals.RUNNING:
        decided = {p.member_id for p in positions.list_positions(session, proposal.id) if _counted(proposal, p)}
        return decided | (_speakers(session, proposal) if proposal.state is ProposalState.ADOPTED else set())
    return _speakers(session, proposal)


def _counted(proposal: Proposal, position: Position) -> bool:
    """Return whether a position was more than a voice."""
    return counts_people(proposal.rule) or position.seat is not Seat.MEMBER or position.sole


def _speakers(session: Session, proposal: Proposal) -> set[MemberId]:
    """Return the members who speak now for the agencies of a proposal, or the people that its rule counts."""
    frozen = proposal.state is not ProposalState.TALKING
    if counts_people(proposal.rule):
        if frozen:
            return set(electorates.member_electors(session, proposal.id))
        return {member_id for member_id, _ in members.members_with_agencies(session, proposal.consortium_id)}
    agencies = (
        electorates.agencies(session, proposal.id)
        if frozen
        else members.agencies_with_members(session, proposal.consortium_id)
    )
    named = {agency: Named.of(pair) for agency, pair in members.representatives(session, agencies).items()}
    return {
        member.id
        for member in members.active(session, proposal.consortium_id)
        if member.agency_id in named and speaks(member.seat, named[member.agency_id])
    }


def check_sees_proposal(request: SlackRequest, session: Session, caller: Caller, proposal: Proposal) -> None:
    """Raise Refusal if the caller may not see a proposal."""
    member_id = caller.member.id if caller.member is not None else None
    audience = audience_of(session, proposal)
    request.check_sees(member_id, audience, refusal_if_hidden(proposal.number, facilitates=caller.facilitates))


def check_sees_paper(request: SlackRequest, session: Session, voter: Voter, paper: ProposalBallotPaper) -> None:
    """Raise Refusal if a voter may not see the proposal that they vote on."""
    if not paper.private:
        return  # most votes: nothing more has to be read
    audience = audience_of(session, session.get_one(Proposal, paper.id))
    facilitates = session.get_one(Member, voter.person.id).facilitator
    request.check_sees(voter.person.id, audience, refusal_if_hidden(paper.number, facilitates=facilitates))


def see_proposal(request: SlackRequest, session: Session, caller: Caller, number: int) -> Proposal:
    """Return the proposal of a number. Raise Refusal if there is none that the caller may see."""
    proposal = proposals.get(session, caller.consortium.id, number)
    if proposal is None:
        refuse_unknown(number)
    check_sees_proposal(request, session, caller, proposal)
    return proposal


def refusal_if_hidden(number: int, *, facilitates: bool) -> Refusal:
    """Return the refusal for people who may not see a proposal. Only facilitators learn that it exists."""
    if facilitates:
        return Refusal(
            f"Proposal {number} belongs to a private channel that you are not in. Somebody there can invite you."
        )
    return UnknownProposal(number)


def refuse_unknown(number: int) -> NoReturn:
    """Raise UnknownProposal: there is no proposal of this number."""
    raise UnknownProposal(number)
