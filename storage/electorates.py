"""Who may decide a proposal, frozen when positions opened."""

from collections.abc import Iterable

from sqlalchemy import ForeignKey, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.vocabulary import AgencyId, MemberId, ProposalId


class Elector(Base):
    """An agency that may decide a proposal, frozen when positions opened."""

    __tablename__ = "elector"

    proposal_id: Mapped[ProposalId] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"), primary_key=True)


class Head(Base):
    """A person who may decide a proposal by heads, frozen when positions opened, with the agency of then."""

    __tablename__ = "head"

    proposal_id: Mapped[ProposalId] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), primary_key=True)
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"))


def freeze(
    session: Session,
    proposal_id: ProposalId,
    agency_ids: Iterable[AgencyId],
    heads: Iterable[tuple[MemberId, AgencyId]],
) -> None:
    """Write down who decides, once for all."""
    rows = [{"proposal_id": proposal_id, "agency_id": agency} for agency in agency_ids]
    if rows:
        session.execute(insert(Elector), rows)
    people = [{"proposal_id": proposal_id, "member_id": m, "agency_id": a} for m, a in heads]
    if people:
        session.execute(insert(Head), people)


def agencies(session: Session, proposal_id: ProposalId) -> list[AgencyId]:
    """List the agencies that decide."""
    return list(session.scalars(select(Elector.agency_id).where(Elector.proposal_id == proposal_id)))


def heads(session: Session, proposal_id: ProposalId) -> dict[MemberId, AgencyId]:
    """Map the people who decide by heads to their agencies of then."""
    rows = session.execute(select(Head.member_id, Head.agency_id).where(Head.proposal_id == proposal_id))
    return dict(rows.all())


def head_agency(session: Session, proposal_id: ProposalId, member_id: MemberId) -> AgencyId | None:
    """Give the agency under which a person is among those who decide by heads, or None."""
    key = (Head.proposal_id == proposal_id) & (Head.member_id == member_id)
    return session.scalar(select(Head.agency_id).where(key))
