"""A proposal as it stands: everything that views show and outcomes need, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from handlers.kit.representation import Named
from handlers.proposals import rules
from handlers.proposals.rules import Standing, Statement, Tally
from storage import agencies, consortia, electorates, members, positions, proposals
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

    `standings` has every agency of the electorate, the silent ones too; under a rule that counts people it is
    empty, and `heads` has what each person said. `needed` is the quorum as a number. `zone` is the
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
    extended: bool
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
        """Name the agencies that have not been heard."""
        return [self.agencies[a] for a, s in self.standings.items() if not s.heard]

    @property
    def reservations(self) -> list[tuple[str, str]]:
        """List who goes along with reservations, agency or person, and why."""
        kinds = {Stance.RESERVATIONS, Stance.YES_RESERVATIONS}
        said = [(self.agencies[a], w.reason) for a, s in self.standings.items() for w in s.own if w.stance in kinds]
        return [*said, *((name, reason) for name, stance, reason in self.heads if stance in kinds)]

    @property
    def undecided(self) -> bool:
        """Tell whether positions are open or will be."""
        return self.state in {ProposalState.TALKING, ProposalState.OPEN}

    @property
    def outcome(self) -> ProposalState:
        """Find what the rule makes of the present positions."""
        return rules.decide(self.rule, self.needed, self.tally, others_agree=self.others_agree)


def load_snapshot(session: Session, proposal: Proposal) -> ProposalSnapshot:
    """Take the picture of a proposal, as it stands in this transaction."""
    consortium = session.get_one(consortia.Consortium, proposal.consortium_id)
    all_agencies = agencies.every(session, proposal.consortium_id)
    said = positions.every(session, proposal.id)
    electorate = _electorate(session, proposal)
    people = members.named(session, {proposal.author_id, *(p.member_id for p in said)})
    author = people[proposal.author_id]
    by_heads = rules.counts_people(proposal.rule)
    standings = {} if by_heads else _standings(session, electorate, said)
    heads = len(_heads(session, proposal)) if by_heads else 0
    counted = rules.tally_people([p.stance for p in said], heads) if by_heads else rules.tally_agencies(standings)
    own = proposal.author_agency_id
    return ProposalSnapshot(
        number=proposal.number,
        title=proposal.title,
        body=proposal.body,
        author=author.name,
        author_user=author.user_id,
        author_agency=all_agencies[own].name if own is not None else "",
        rule=proposal.rule,
        state=proposal.state,
        version=proposal.version,
        needed=rules.needed_for_quorum(proposal.quorum, heads if by_heads else len(electorate)),
        opens_at=proposal.opens_at,
        closes_at=proposal.closes_at,
        decided_at=proposal.decided_at,
        extended=proposal.extended,
        review_on=proposal.review_on,
        verdict=proposal.verdict,
        zone=consortium.zone,
        tally=counted,
        others_agree=any(s.stance is Stance.AGREE for a, s in standings.items() if a != own),
        standings=standings,
        heads=[(people[p.member_id].name, p.stance, p.reason) for p in said] if by_heads else [],
        agencies={id_: agency.name for id_, agency in all_agencies.items()},
        people={id_: person.name for id_, person in people.items()},
        uptakes=[
            AgencyUptake(all_agencies[u.agency_id].name, u.how, u.note) for u in proposals.uptakes(session, proposal.id)
        ],
    )


def _electorate(session: Session, proposal: Proposal) -> list[AgencyId]:
    """List the agencies that decide: the frozen ones, or, before positions open, those of now."""
    if proposal.state is ProposalState.TALKING:
        return list(members.peopled_agencies(session, proposal.consortium_id))
    return electorates.agencies(session, proposal.id)


def _heads(session: Session, proposal: Proposal) -> Mapping[MemberId, AgencyId]:
    if proposal.state is ProposalState.TALKING:
        return dict(members.heads(session, proposal.consortium_id))
    return electorates.heads(session, proposal.id)


def _standings(session: Session, electorate: Sequence[AgencyId], said: Sequence[Position]) -> dict[AgencyId, Standing]:
    named = members.speakers(session, electorate)
    return {
        agency: rules.agency_standing(
            [Statement(p.stance, p.reason, p) for p in said if p.agency_id == agency], Named.of(named[agency])
        )
        for agency in electorate
    }


def load_live_snapshot(session: Session, live: LiveMessage) -> ProposalSnapshot:
    """Take the snapshot of the proposal that a live message shows. Raise LookupError where it no longer exists."""
    proposal = proposals.get(session, live.consortium_id, live.number)
    if proposal is None:
        raise LookupError("a live message shows a proposal that does not exist")
    return load_snapshot(session, proposal)
