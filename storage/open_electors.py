"""The agencies that decide open proposals, with everything needed to find out whether each was heard."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from storage.agencies import Agency
from storage.electorates import Elector
from storage.members import Member
from storage.positions import Position
from storage.proposals import Proposal
from storage.vocabulary import RULES_BY_PERSON, AgencyId, ConsortiumId, MemberId, ProposalState, Rule, Seat, Stance


class SpokenPosition(NamedTuple):
    """The columns of a position that decide whether its agency was heard, and whether it is divided."""

    member_id: MemberId
    seat: Seat
    sole: bool
    said_at: datetime | None
    vacated_at: datetime | None
    stance: Stance


class OpenElector(NamedTuple):
    """An agency that decides an open proposal, the people named to speak for it now, and its people's positions."""

    team_id: str
    private: bool
    number: int
    title: str
    version: int
    rule: Rule
    closes_at: datetime
    agency_id: AgencyId
    agency: str
    representative: MemberId | None
    alternate: MemberId | None
    said: Sequence[SpokenPosition]


def open_electors(
    session: Session, consortium_id: ConsortiumId, now: datetime, agency_id: AgencyId | None = None
) -> list[OpenElector]:
    """Return the agencies that decide proposals open at `now`, one agency or all, with one statement.

    They are sorted by closing time, proposal, and agency name.
    """
    first, second = aliased(Member), aliased(Member)
    proposal = (
        Proposal.id,
        Proposal.team_id,
        Proposal.private,
        Proposal.number,
        Proposal.title,
        Proposal.version,
        Proposal.rule,
        Proposal.closes_at,
    )
    statement = (
        select(
            *proposal,
            Agency.id,
            Agency.name,
            first.id.label("representative"),
            second.id.label("alternate"),
            Position.member_id,
            Position.seat,
            Position.sole,
            Position.said_at,
            Position.vacated_at,
            Position.stance,
        )
        .join(Elector, Elector.proposal_id == Proposal.id)
        .join(Agency, Agency.id == Elector.agency_id)
        .outerjoin(first, _named(first, Seat.REPRESENTATIVE))
        .outerjoin(second, _named(second, Seat.ALTERNATE))
        .outerjoin(Position, (Position.proposal_id == Proposal.id) & (Position.agency_id == Agency.id))
        .where(
            Proposal.consortium_id == consortium_id,
            Proposal.state == ProposalState.OPEN,
            Proposal.closes_at > now,
            Proposal.rule.not_in(RULES_BY_PERSON),
        )
        .order_by(
            Proposal.closes_at, Proposal.id, Agency.name, Agency.id, Position.said_at, Position.member_id, Position.seat
        )
    )
    if agency_id is not None:
        statement = statement.where(Elector.agency_id == agency_id)
    rows: list[tuple[Any, ...]] = [tuple(row) for row in session.execute(statement)]
    return [
        OpenElector._make([*key[1:], [SpokenPosition(*row[12:]) for row in group if row[12] is not None]])
        for key, group in groupby(rows, lambda row: row[:12])
    ]


def _named(member: type[Member], seat: Seat) -> Any:
    return (member.agency_id == Elector.agency_id) & (member.seat == seat) & member.left_at.is_(None)
