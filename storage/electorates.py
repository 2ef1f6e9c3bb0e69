"""The electorate of each proposal, frozen when positions open."""

from collections.abc import Iterable

from sqlalchemy import ForeignKey, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.vocabulary import AgencyId, MemberId, ProposalId


class Elector(Base):
    """An agency that decides a proposal."""

    __tablename__ = "elector"

    proposal_id: Mapped[ProposalId] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"), primary_key=True)


class MemberElector(Base):
    """A person who decides a proposal that counts people, with their agency at that time."""

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
    """Store the electorate of a proposal. It does not change afterwards."""
    rows = [{"proposal_id": proposal_id, "agency_id": agency} for agency in agency_ids]
    if rows:
        session.execute(insert(Elector), rows)
    people = [{"proposal_id": proposal_id, "member_id": member, "agency_id": agency} for member, agency in heads]
    if people:
        session.execute(insert(MemberElector), people)


def agencies(session: Session, proposal_id: ProposalId) -> list[AgencyId]:
    """Return the agencies that decide a proposal."""
    return list(session.scalars(select(Elector.agency_id).where(Elector.proposal_id == proposal_id)))


def member_electors(session: Session, proposal_id: ProposalId) -> dict[MemberId, AgencyId]:
    """Return the people who decide a proposal that counts people, with their agencies at that time."""
    rows = session.execute(
        select(MemberElector.member_id, MemberElector.agency_id).where(MemberElector.proposal_id == proposal_id)
    )
    return dict(rows.all())


def agency_of_elector(session: Session, proposal_id: ProposalId, member_id: MemberId) -> AgencyId | None:
    """Return the agency for which a person was counted when positions opened. None if the person does not decide."""
    key = (MemberElector.proposal_id == proposal_id) & (MemberElector.member_id == member_id)
    return session.scalar(select(MemberElector.agency_id).where(key))
