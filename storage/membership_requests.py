"""Membership requests that another person has to confirm: joining, and replacing a representative."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.vocabulary import AgencyId, ConsortiumId, MemberId, RequestKind, RequestState, Seat


class MembershipRequest(Base):
    """A request to join an agency or to take a seat in it.

    It refers to the person by Slack identity, because a person who asks to join is not a member yet.
    """

    __tablename__ = "membership_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), index=True)
    kind: Mapped[RequestKind]
    team_id: Mapped[str] = mapped_column(String(32))
    user_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(160))
    email: Mapped[str | None] = mapped_column(String(254))
    zone: Mapped[str] = mapped_column(String(64))
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"))
    seat: Mapped[Seat] = mapped_column(default=Seat.MEMBER)
    state: Mapped[RequestState] = mapped_column(default=RequestState.OPEN)
    created_at: Mapped[datetime]
    decided_by: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"))


def find_open(
    session: Session, consortium_id: ConsortiumId, team_id: str, user_id: str, kind: RequestKind
) -> MembershipRequest | None:
    """Find a person's latest open request of this kind."""
    return session.scalars(
        select(MembershipRequest)
        .where(
            MembershipRequest.consortium_id == consortium_id,
            MembershipRequest.team_id == team_id,
            MembershipRequest.user_id == user_id,
            MembershipRequest.kind == kind,
            MembershipRequest.state == RequestState.OPEN,
        )
        .order_by(MembershipRequest.id.desc())
    ).first()


def list_open(session: Session, consortium_id: ConsortiumId, kind: RequestKind) -> Sequence[MembershipRequest]:
    """List the open requests of a kind."""
    return session.scalars(
        select(MembershipRequest).where(
            MembershipRequest.consortium_id == consortium_id,
            MembershipRequest.kind == kind,
            MembershipRequest.state == RequestState.OPEN,
        )
    ).all()


def lock(session: Session, consortium_id: ConsortiumId, request_id: int) -> MembershipRequest | None:
    """Find and lock a request, so that only one person decides it."""
    return session.scalar(
        select(MembershipRequest)
        .where(MembershipRequest.consortium_id == consortium_id, MembershipRequest.id == request_id)
        .with_for_update()
    )
