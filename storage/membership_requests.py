"""Membership requests that others have to confirm: joining an agency, and replacing who speaks for one."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Select, String, false, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.due import Due
from storage.vocabulary import AgencyId, ConsortiumId, LiveMessageId, MemberId, RequestKind, RequestState, Seat


class MembershipRequest(Base):
    """A request that a person joins an agency, or has a seat in it.

    It refers to the person by Slack identity, because a person who asks to join is not a member yet. `asked_by` is the
    facilitator who wants a seat changed, None where people ask for themselves. `look_at` is when those who can decide
    are asked again or, where they were `asked_again`, when it is said that nobody has answered.
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
    asked_by: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"))
    look_at: Mapped[datetime | None]
    asked_again: Mapped[bool] = mapped_column(default=False, server_default=false())


class RequestQuestion(Base):
    """The message by which a member was asked about a request."""

    __tablename__ = "request_question"

    live_id: Mapped[LiveMessageId] = mapped_column(ForeignKey("live_message.id"), primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("membership_request.id"), index=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))


class AgencyConfirmation(Base):
    """The confirmation of one agency, where a request waits for two: the one a person leaves and the one they go to."""

    __tablename__ = "agency_confirmation"

    request_id: Mapped[int] = mapped_column(ForeignKey("membership_request.id"), primary_key=True)
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]


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
    return session.scalars(_open(consortium_id).where(MembershipRequest.kind == kind)).all()


def list_open_about(
    session: Session, consortium_id: ConsortiumId, homes: Collection[str], user_id: str
) -> Sequence[MembershipRequest]:
    """List the open requests about a person, who may be recorded under any of these homes."""
    about = (MembershipRequest.team_id.in_(homes), MembershipRequest.user_id == user_id)
    return session.scalars(_open(consortium_id).where(*about)).all()


def list_open_for(session: Session, consortium_id: ConsortiumId, agency_id: AgencyId) -> Sequence[MembershipRequest]:
    """List the open requests for a place in an agency."""
    return session.scalars(_open(consortium_id).where(MembershipRequest.agency_id == agency_id)).all()


def _open(consortium_id: ConsortiumId) -> Select[MembershipRequest]:
    return (
        select(MembershipRequest)
        .where(MembershipRequest.consortium_id == consortium_id, MembershipRequest.state == RequestState.OPEN)
        .order_by(MembershipRequest.id)
    )


def list_due(session: Session, now: datetime) -> Sequence[tuple[ConsortiumId, int]]:
    """List the requests that need attention now, as (consortium, id)."""
    query = select(MembershipRequest.consortium_id, MembershipRequest.id).where(MembershipRequest.look_at <= now)
    return [(consortium_id, id_) for consortium_id, id_ in session.execute(query.order_by(MembershipRequest.id))]


next_due = Due(select(func.min(MembershipRequest.look_at)))
"""When a request needs attention next."""


def note_asked(session: Session, request_id: int, member_id: MemberId, live_id: LiveMessageId) -> None:
    """Record the message by which a member is asked about a request."""
    session.add(RequestQuestion(request_id=request_id, member_id=member_id, live_id=live_id))


def questions_about(session: Session, request_id: int) -> Sequence[RequestQuestion]:
    """List the messages by which people were asked about a request."""
    return session.scalars(select(RequestQuestion).where(RequestQuestion.request_id == request_id)).all()


def confirm_for(session: Session, request_id: int, agency_id: AgencyId, member_id: MemberId, now: datetime) -> None:
    """Record that a member has confirmed a request for an agency that had not confirmed it."""
    session.add(AgencyConfirmation(request_id=request_id, agency_id=agency_id, member_id=member_id, at=now))
    session.flush()


def confirmed_for(session: Session, request_id: int) -> set[AgencyId]:
    """Return the agencies that have confirmed a request."""
    query = select(AgencyConfirmation.agency_id).where(AgencyConfirmation.request_id == request_id)
    return set(session.scalars(query))


def lock_open(session: Session, consortium_id: ConsortiumId) -> None:
    """Lock the open requests of a consortium until the transaction ends."""
    waiting = select(MembershipRequest.id).where(
        MembershipRequest.consortium_id == consortium_id, MembershipRequest.state == RequestState.OPEN
    )
    session.execute(waiting.order_by(MembershipRequest.id).with_for_update(key_share=True))


def lock(session: Session, consortium_id: ConsortiumId, request_id: int) -> MembershipRequest | None:
    """Find and lock a request, so that only one person decides it."""
    return session.scalar(
        select(MembershipRequest)
        .where(MembershipRequest.consortium_id == consortium_id, MembershipRequest.id == request_id)
        .with_for_update(key_share=True)
    )
