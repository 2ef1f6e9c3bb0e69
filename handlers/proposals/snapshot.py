"""A proposal with everything that views show and outcomes depend on, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from handlers.kit.representation import Named
from handlers.proposals import rules
from handlers.proposals.rules import Standing, Statement, Tally
from storage import agencies, electorates, members, positions, proposals
from storage.consortia import Consortium
from storage.live_messages import LiveMessage
from storage.positions import Position
from storage.proposals import Proposal
from storage.vocabulary import AgencyId, MemberId, ProposalState, Rule, Stance, UptakeKind


@dataclass(frozen=True)
class AgencyUptake:
    """How one agency takes a decision up."""

    agency: str
    how: UptakeKind
    note: str


@dataclass(frozen=True)
class ProposalSnapshot:
    """A proposal as plain values.

    `standings` has every agency of the electorate, silent ones included. Under a rule that counts people it is empty,
    and `heads` has each person's name, position and reason. `needed` is the quorum as a number. `zone` is the
    consortium's.
    """

    number: int
    title: str
    body: str
    author: str
    author_user: str
    author_agency: str
    rule: Rule
    state: ProposalState
    version: int
    needed: int
    opens_at: datetime
    closes_at: datetime
    decided_at: datetime | None
    extend_until: datetime | None
    review_on: date | None
    verdict: str
    zone: str
    tally: Tally
    others_agree: bool = True
    standings: Mapping[AgencyId, Standing] = field(default_factory=dict)
    heads: Sequence[tuple[str, Stance, str]] = ()
    agencies: Mapping[AgencyId, str] = field(default_factory=dict)
    people: Mapping[MemberId, str] = field(default_factory=dict)
    uptakes: Sequence[AgencyUptake] = ()

    @property
    def silent(self) -> list[str]:
        """Return the names of the agencies that have not been heard."""
        return [self.agencies[agency] for agency, standing in self.standings.items() if not standing.heard]

    def name_side(self, agency: AgencyId, statement: Statement) -> str:
        """Return the name of those for whom a statement counts: the agency, or the person where it is divided."""
        if not self.standings[agency].divided:
            return self.agencies[agency]
        return f"{self.people[statement.spoken.member_id]} of {self.agencies[agency]}"

    @property
    def reservations(self) -> list[tuple[str, str]]:
        """Return the agencies or people with reservations, each with the reason."""
        stances = {Stance.RESERVATIONS, Stance.YES_RESERVATIONS}
        of_agencies = [
            (self.name_side(agency, statement), statement.reason)
            for agency, standing in self.standings.items()
            for statement in standing.own
            if statement.stance in stances
        ]
        return [*of_agencies, *((name, reason) for name, stance, reason in self.heads if stance in stances)]

    @property
    def undecided(self) -> bool:
        """Return whether positions are open or will be."""
        return self.state in proposals.RUNNING

    @property
    def decidable(self) -> bool:
        """Return whether there are enough agencies or people to decide it."""
        return rules.can_be_decided(self.rule, self.needed, self.tally.electorate)

    @property
    def outcome(self) -> ProposalState:
        """Return the outcome if the proposal closed now."""
        return rules.decide(self.rule, self.needed, self.tally, others_agree=self.others_agree)


def load_snapshot(session: Session, proposal: Proposal) -> ProposalSnapshot:
    """Load the current snapshot of a proposal."""
    consortium = session.get_one(Consortium, proposal.consortium_id)
    all_agencies = agencies.all_by_id(session, proposal.consortium_id)
    given = positions.list_positions(session, proposal.id)
    electorate = _electorate(session, proposal)
    people = members.by_ids(session, {proposal.author_id, *(position.member_id for position in given)})
    author = people[proposal.author_id]
    by_people = rules.counts_people(proposal.rule)
    standings = {} if by_people else _standings(session, electorate, given)
    head_count = len(_heads(session, proposal)) if by_people else 0
    own_agency = proposal.author_agency_id
    return ProposalSnapshot(
        number=proposal.number,
        title=proposal.title,
        body=proposal.body,
        author=author.name,
        author_user=author.user_id,
        author_agency=all_agencies[own_agency].name if own_agency is not None else "",
        rule=proposal.rule,
        state=proposal.state,
        version=proposal.version,
        needed=rules.needed_for_quorum(proposal.quorum, head_count if by_people else len(electorate)),
        opens_at=proposal.opens_at,
        closes_at=proposal.closes_at,
        decided_at=proposal.decided_at,
        extend_until=proposal.extend_until,
        review_on=proposal.review_on,
        verdict=proposal.verdict,
        zone=consortium.zone,
        tally=(
            rules.tally_people([position.stance for position in given], head_count)
            if by_people
            else rules.tally_agencies(standings)
        ),
        others_agree=any(
            standing.stance is Stance.AGREE for agency, standing in standings.items() if agency != own_agency
        ),
        standings=standings,
        heads=(
            [(people[position.member_id].name, position.stance, position.reason) for position in given]
            if by_people
            else []
        ),
        agencies={agency_id: agency.name for agency_id, agency in all_agencies.items()},
        people={member_id: person.name for member_id, person in people.items()},
        uptakes=[
            AgencyUptake(all_agencies[uptake.agency_id].name, uptake.how, uptake.note)
            for uptake in proposals.list_uptakes(session, proposal.id)
        ],
    )


def load_live_snapshot(session: Session, live: LiveMessage) -> ProposalSnapshot:
    """Load the snapshot of the proposal that a live message shows. Raise LookupError if it no longer exists."""
    proposal = proposals.get(session, live.consortium_id, live.number)
    if proposal is None:
        raise LookupError("a live message shows a proposal that does not exist")
    return load_snapshot(session, proposal)


def _electorate(session: Session, proposal: Proposal) -> list[AgencyId]:
    """Return the agencies that decide. Before positions open, these are the agencies with members at present."""
    if proposal.state is ProposalState.TALKING:
        return list(members.agencies_with_members(session, proposal.consortium_id))
    return electorates.agencies(session, proposal.id)


def _heads(session: Session, proposal: Proposal) -> Mapping[MemberId, AgencyId]:
    if proposal.state is ProposalState.TALKING:
        return dict(members.members_with_agencies(session, proposal.consortium_id))
    return electorates.member_electors(session, proposal.id)


def _standings(session: Session, electorate: Sequence[AgencyId], given: Sequence[Position]) -> dict[AgencyId, Standing]:
    speakers = members.representatives(session, electorate)
    return {
        agency: rules.agency_standing(
            [
                Statement(position.stance, position.reason, position)
                for position in given
                if position.agency_id == agency
            ],
            Named.of(speakers[agency]),
        )
        for agency in electorate
    }
