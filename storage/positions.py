"""Positions that people state for their agencies, and their history."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ForeignKey, Text, delete, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.members import Member
from storage.proposals import RUNNING, Proposal
from storage.upsert import upsert
from storage.vocabulary import AgencyId, ConsortiumId, MemberId, ProposalId, Seat, Stance


class Position(Base):
    """A person's latest position for an agency, one for each seat that the person has held.

    `seat` is the person's seat when stating it: a position stated as representative stays beside a later one of the
    same person as member. `sole` means that the agency had no representative and no alternate then. `vacated_at` is
    when the person ceased to hold that seat; the position remains the agency's.
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
    """A statement of a position, or with `stance` None its withdrawal."""

    __tablename__ = "position_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[ProposalId] = mapped_column(ForeignKey("proposal.id"), index=True)
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"))
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    version: Mapped[int]
    stance: Mapped[Stance | None]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Wording(Protocol):
    """A proposal in one version of its wording."""

    @property
    def id(self) -> ProposalId:
        """The proposal's id."""

    @property
    def version(self) -> int:
        """The version of the wording."""


def list_positions(session: Session, proposal_id: ProposalId) -> Sequence[Position]:
    """List the positions on a proposal, oldest first."""
    return session.scalars(
        select(Position).where(Position.proposal_id == proposal_id).order_by(Position.said_at, Position.member_id)
    ).all()


def list_positions_of_agency(session: Session, proposal_id: ProposalId, agency_id: AgencyId) -> Sequence[Position]:
    """List everything that the people of an agency stated for it, in no particular order."""
    stated = select(Position).where(Position.proposal_id == proposal_id, Position.agency_id == agency_id)
    # a position that was just saved is read as it is now
    return session.scalars(stated, execution_options={"populate_existing": True}).all()


def find_position(
    session: Session, proposal_id: ProposalId, agency_id: AgencyId, member_id: MemberId, seat: Seat
) -> Position | None:
    """Find a person's position for an agency from a seat."""
    return session.get(Position, (proposal_id, agency_id, member_id, seat))


def save_position(session: Session, proposal: Wording, position: dict[str, Any]) -> None:
    """Save a position and add it to the history.

    `position` has agency_id, member_id, stance, reason, seat, sole, and said_at.
    """
    row = {"proposal_id": proposal.id, **position, "vacated_at": None}
    upsert(session, Position, row, keys=("proposal_id", "agency_id", "member_id", "seat"))
    _add_event(session, proposal, position["agency_id"], position["member_id"], position, position["said_at"])


def may_take_back(position: Position, member: Member) -> bool:
    """Return whether a member can take a position for an agency back, as `take_back` does."""
    return position.agency_id == member.agency_id and (position.vacated_at is None or position.seat is Seat.MEMBER)


def take_back(session: Session, proposal: Proposal, agency_id: AgencyId, member_id: MemberId, now: datetime) -> bool:
    """Delete a person's positions for an agency. Return whether there were any.

    A position from a seat that the person no longer holds belongs to the agency and stays.
    """
    deleted = session.scalars(
        delete(Position)
        .where(
            Position.proposal_id == proposal.id,
            Position.agency_id == agency_id,
            Position.member_id == member_id,
            or_(Position.vacated_at.is_(None), Position.seat == Seat.MEMBER),
        )
        .returning(Position.member_id)
    ).all()
    if deleted:
        _add_event(session, proposal, agency_id, member_id, {"stance": None, "reason": ""}, now)
    return bool(deleted)


def keep_only(session: Session, every: Sequence[Position], kept: Collection[tuple[AgencyId, MemberId, Seat]]) -> None:
    """Delete these positions except those kept, by agency, member and seat, as an amendment does. The history stays."""
    for position in every:
        if (position.agency_id, position.member_id, position.seat) not in kept:
            session.delete(position)
    session.flush()


def mark_seat_vacated(session: Session, member_id: MemberId, now: datetime) -> None:
    """Record that a person no longer holds the seat from which they stated positions on running proposals."""
    running = select(Proposal.id).where(Proposal.state.in_(RUNNING))
    session.execute(
        update(Position)
        .where(
            Position.member_id == member_id,
            Position.vacated_at.is_(None),
            Position.proposal_id.in_(running),
        )
        .values(vacated_at=now)
    )


_INSERT_EVENT = insert(Base.metadata.tables[PositionEvent.__tablename__])


def _add_event(
    session: Session,
    proposal: Wording,
    agency_id: AgencyId,
    member_id: MemberId,
    position: dict[str, Any],
    at: datetime,
) -> None:
    session.connection().execute(
        _INSERT_EVENT,
        {
            "proposal_id": proposal.id,
            "agency_id": agency_id,
            "member_id": member_id,
            "version": proposal.version,
            "stance": position["stance"],
            "reason": position["reason"],
            "at": at,
        },
    )


def reasons_of_decided(session: Session, consortium_id: ConsortiumId) -> Sequence[Position]:
    """List the positions with a reason on all decided proposals of a consortium."""
    decided = select(Proposal.id).where(Proposal.consortium_id == consortium_id, Proposal.decided_at.is_not(None))
    return session.scalars(select(Position).where(Position.proposal_id.in_(decided), Position.reason != "")).all()
