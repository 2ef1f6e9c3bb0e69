"""Sources of funding, dues, and payments of dues.

Amounts of money are whole cents. A payment recorded by mistake is withdrawn and keeps its row.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.vocabulary import AgencyId, ConsortiumId, DuesId, FundingSourceId, MemberId


class FundingSource(Base):
    """A source of funding, with its amount a year. A source that has ended keeps its row."""

    __tablename__ = "funding_source"

    id: Mapped[FundingSourceId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    cents: Mapped[int] = mapped_column(BigInteger)
    created_by: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Dues(Base):
    """The dues of an agency for a term such as "2026" or "2026-27"."""

    __tablename__ = "dues"
    __table_args__ = (UniqueConstraint("agency_id", "term"),)

    id: Mapped[DuesId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), index=True)
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"))
    term: Mapped[str] = mapped_column(String(20))
    cents: Mapped[int] = mapped_column(BigInteger)
    created_by: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]


class Payment(Base):
    """A payment of an agency's dues."""

    __tablename__ = "payment"

    id: Mapped[int] = mapped_column(primary_key=True)
    dues_id: Mapped[DuesId] = mapped_column(ForeignKey("dues.id"), index=True)
    cents: Mapped[int] = mapped_column(BigInteger)
    paid_on: Mapped[date]
    created_by: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]


def list_sources(session: Session, consortium_id: ConsortiumId) -> Sequence[FundingSource]:
    """List the sources of funding that have not ended, largest first."""
    return session.scalars(
        select(FundingSource)
        .where(FundingSource.consortium_id == consortium_id, FundingSource.ended_at.is_(None))
        .order_by(FundingSource.cents.desc(), FundingSource.id)
    ).all()


def list_dues(session: Session, consortium_id: ConsortiumId) -> Sequence[Dues]:
    """List all dues, newest term first."""
    return session.scalars(
        select(Dues).where(Dues.consortium_id == consortium_id).order_by(Dues.term.desc(), Dues.id)
    ).all()


def lock_dues(session: Session, agency_id: AgencyId, term: str) -> Dues | None:
    """Find and lock an agency's dues for a term, so that two simultaneous payments both count."""
    return session.scalar(
        select(Dues).where(Dues.agency_id == agency_id, Dues.term == term).with_for_update(key_share=True)
    )


def paid_cents(session: Session, ids: Collection[DuesId]) -> dict[DuesId, int]:
    """Map dues to the sum of their payments in cents; dues without a payment are missing."""
    rows = session.execute(
        select(Payment.dues_id, func.sum(Payment.cents))
        .where(Payment.dues_id.in_(ids), Payment.taken_back_at.is_(None))
        .group_by(Payment.dues_id)
    )
    return {row[0]: int(row[1]) for row in rows}


def lock_payment(session: Session, consortium_id: ConsortiumId, payment_id: int) -> tuple[Payment, Dues] | None:
    """Find and lock a payment, withdrawn or not, and before it its dues."""
    of_payment = select(Payment.dues_id).where(Payment.id == payment_id).scalar_subquery()
    dues = session.scalar(
        select(Dues).where(Dues.consortium_id == consortium_id, Dues.id == of_payment).with_for_update(key_share=True)
    )
    if dues is None:
        return None
    return session.scalars(select(Payment).where(Payment.id == payment_id).with_for_update(key_share=True)).one(), dues


def lock_last_payment(session: Session, of: Dues) -> Payment | None:
    """Find and lock the last recorded payment of these dues."""
    valid = select(Payment).where(Payment.dues_id == of.id, Payment.taken_back_at.is_(None))
    return session.scalars(valid.order_by(Payment.id.desc()).limit(1).with_for_update(key_share=True)).first()


def delete_unpaid_dues(session: Session, unpaid: Dues) -> None:
    """Delete dues that have no payments, along with their withdrawn payments."""
    session.execute(delete(Payment).where(Payment.dues_id == unpaid.id))
    session.delete(unpaid)
