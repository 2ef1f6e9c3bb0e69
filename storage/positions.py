"""Positions: what people said for their agencies, and the history of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, delete, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.proposals import RUNNING, Proposal
from storage.upsert import upsert
from storage.vocabulary import AgencyId, MemberId, ProposalId, Seat, Stance
from storage.voting import ProposalPaper


class Position(Base):
    """What a person said for an agency: the latest word from each seat.

    `seat` is what the speaker was when saying it: what a representative said stays beside what the same person
    says later as a member. `sole` says that nobody was named to speak for the agency
    then. `vacated_at` is when the speaker ceased to hold that seat: the word stays the agency's.
    """

    __tablename__ = "position"

    proposal_id: Mapped[ProposalId] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    stance: Mapped[Stance]
    reason: Mapped[str] = mapped_column(Text)
    seat: Mapped[Seat] = mapped_column(primary_key=True)
    sole: Mapped[bool]
    said_at: Mapped[datetime]
    vacated_at: Mapped[datetime | None]


class PositionEvent(Base):
    """Every word that was said, and every one taken back (`stance` is empty then)."""

    __tablename__ = "position_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[ProposalId] = mapped_column(ForeignKey("proposal.id"), index=True)
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"))
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    version: Mapped[int]
    stance: Mapped[Stance | None]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


def every(session: Session, proposal_id: ProposalId) -> Sequence[Position]:
    """List the latest word of everybody, in the order in which they were said."""
    return session.scalars(
        select(Position).where(Position.proposal_id == proposal_id).order_by(Position.said_at, Position.member_id)
    ).all()


def of_person(
    session: Session, proposal_id: ProposalId, agency_id: AgencyId, member_id: MemberId, seat: Seat
) -> Position | None:
    """Find a person's latest word for an agency from a seat."""
    return session.get(Position, (proposal_id, agency_id, member_id, seat))


def say(session: Session, proposal: ProposalPaper, spoken: dict[str, Any]) -> None:
    """Keep a person's word for an agency, and add it to the history.

    `spoken` has agency_id, member_id, stance, reason, seat, sole and said_at.
    """
    row = {"proposal_id": proposal.id, **spoken, "vacated_at": None}
    upsert(session, Position, row, keys=("proposal_id", "agency_id", "member_id", "seat"))
    _remember(session, proposal, spoken["agency_id"], spoken["member_id"], spoken, spoken["said_at"])


def take_back(session: Session, proposal: Proposal, agency_id: AgencyId, member_id: MemberId, now: datetime) -> bool:
    """Remove a person's word; tell whether there was one.

    What was said from a seat that the person no longer holds is the agency's and stays.
    """
    gone = session.scalars(
        delete(Position)
        .where(
            Position.proposal_id == proposal.id,
            Position.agency_id == agency_id,
            Position.member_id == member_id,
            or_(Position.vacated_at.is_(None), Position.seat == Seat.MEMBER),
        )
        .returning(Position.member_id)
    ).all()
    if gone:
        _remember(session, proposal, agency_id, member_id, {"stance": None, "reason": ""}, now)
    return bool(gone)


def clear(session: Session, proposal_id: ProposalId, stances: Collection[Stance]) -> None:
    """Remove all words of these kinds, as an amendment does."""
    session.execute(delete(Position).where(Position.proposal_id == proposal_id, Position.stance.in_(stances)))


def vacate(session: Session, member_id: MemberId, now: datetime) -> None:
    """Note that a person no longer holds the seat from which they spoke on what is still open."""
    still_open = select(Proposal.id).where(Proposal.state.in_(RUNNING))
    session.execute(
        update(Position)
        .where(
            Position.member_id == member_id,
            Position.vacated_at.is_(None),
            Position.proposal_id.in_(still_open),
        )
        .values(vacated_at=now)
    )


_REMEMBER = insert(Base.metadata.tables[PositionEvent.__tablename__])


def _remember(
    session: Session,
    proposal: Proposal | ProposalPaper,
    agency_id: AgencyId,
    member_id: MemberId,
    said: dict[str, Any],
    at: datetime,
) -> None:
    session.connection().execute(
        _REMEMBER,
        {
            "proposal_id": proposal.id,
            "agency_id": agency_id,
            "member_id": member_id,
            "version": proposal.version,
            "stance": said["stance"],
            "reason": said["reason"],
            "at": at,
        },
    )
