"""What agencies give and gain: contributions, gains, sources of funding, dues and what was paid of them.

Amounts of money are whole cents. What was recorded by mistake is taken back and keeps its row.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, Index, String, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.vocabulary import AgencyId, ConsortiumId, DuesId, GainId, GivenId, GivenKind, MemberId, SourceId


class Given(Base):
    """Something that an agency gave: hours, money, or a thing with the value that it has."""

    __tablename__ = "contribution"
    __table_args__ = (Index("ix_contribution_given_on", "consortium_id", "given_on"),)

    id: Mapped[GivenId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"), index=True)
    kind: Mapped[GivenKind]
    hours: Mapped[float | None]
    cents: Mapped[int | None] = mapped_column(BigInteger)
    words: Mapped[str] = mapped_column(String(300))
    given_on: Mapped[date]
    created_by: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]


class Gain(Base):
    """Something that an agency gained from the work together."""

    __tablename__ = "gain"
    __table_args__ = (Index("ix_gain_created_at", "consortium_id", "created_at"),)

    id: Mapped[GainId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"), index=True)
    words: Mapped[str] = mapped_column(String(300))
    created_by: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]


class Source(Base):
    """A source of funding, with what it gives a year. One that ended keeps its row."""

    __tablename__ = "funding_source"

    id: Mapped[SourceId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    cents: Mapped[int] = mapped_column(BigInteger)
    created_by: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Dues(Base):
    """What an agency owes for a term ("2026", "2026-27")."""

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
    """What was paid of an agency's dues."""

    __tablename__ = "payment"

    id: Mapped[int] = mapped_column(primary_key=True)
    dues_id: Mapped[DuesId] = mapped_column(ForeignKey("dues.id"), index=True)
    cents: Mapped[int] = mapped_column(BigInteger)
    paid_on: Mapped[date]
    created_by: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Sum:
    """What an agency gave of one kind: hours, or cents."""

    agency_id: AgencyId
    kind: GivenKind
    hours: float
    cents: int


def given_sums(session: Session, consortium_id: ConsortiumId, after: date) -> list[Sum]:
    """Sum by agency and kind what was given later than a day."""
    rows = session.execute(
        select(Given.agency_id, Given.kind, func.sum(Given.hours), func.sum(Given.cents))
        .where(*_counts(Given, consortium_id), Given.given_on > after)
        .group_by(Given.agency_id, Given.kind)
    )
    return [Sum(row[0], row[1], float(row[2] or 0), int(row[3] or 0)) for row in rows]


def given_count(session: Session, consortium_id: ConsortiumId) -> int:
    """Count what was given."""
    return session.scalar(select(func.count()).select_from(Given).where(*_counts(Given, consortium_id))) or 0


def given_some(session: Session, consortium_id: ConsortiumId, at: int, most: int) -> Sequence[Given]:
    """List some of what was given, the newest first."""
    newest = (Given.given_on.desc(), Given.id.desc())
    found = select(Given).where(*_counts(Given, consortium_id)).order_by(*newest)
    return session.scalars(found.offset(at).limit(most)).all()


def given_of(session: Session, consortium_id: ConsortiumId, agencies: Collection[AgencyId]) -> Sequence[Given]:
    """List what these agencies gave, what was recorded last first."""
    found = select(Given).where(*_counts(Given, consortium_id), Given.agency_id.in_(agencies))
    return session.scalars(found.order_by(Given.id.desc())).all()


def gain_count(session: Session, consortium_id: ConsortiumId) -> int:
    """Count what was gained."""
    return session.scalar(select(func.count()).select_from(Gain).where(*_counts(Gain, consortium_id))) or 0


def gain_some(session: Session, consortium_id: ConsortiumId, at: int, most: int) -> Sequence[Gain]:
    """List some of what was gained, the newest first."""
    found = select(Gain).where(*_counts(Gain, consortium_id)).order_by(Gain.created_at.desc(), Gain.id.desc())
    return session.scalars(found.offset(at).limit(most)).all()


def gain_of(session: Session, consortium_id: ConsortiumId, agencies: Collection[AgencyId]) -> Sequence[Gain]:
    """List what these agencies gained, what was recorded last first."""
    found = select(Gain).where(*_counts(Gain, consortium_id), Gain.agency_id.in_(agencies))
    return session.scalars(found.order_by(Gain.id.desc())).all()


def gainers(session: Session, consortium_id: ConsortiumId) -> set[AgencyId]:
    """Give the agencies for which a gain is recorded."""
    return set(session.scalars(select(Gain.agency_id).where(*_counts(Gain, consortium_id)).distinct()))


def _counts(table: type[Given] | type[Gain], consortium_id: ConsortiumId) -> tuple[ColumnElement[bool], ...]:
    return table.consortium_id == consortium_id, table.taken_back_at.is_(None)


def lock_given(session: Session, consortium_id: ConsortiumId, given_id: int) -> Given | None:
    """Find a contribution and keep everybody else from taking it back until the transaction ends."""
    return session.scalar(
        select(Given).where(Given.consortium_id == consortium_id, Given.id == given_id).with_for_update()
    )


def lock_gain(session: Session, consortium_id: ConsortiumId, gain_id: int) -> Gain | None:
    """Find a gain and keep everybody else from taking it back until the transaction ends."""
    return session.scalar(select(Gain).where(Gain.consortium_id == consortium_id, Gain.id == gain_id).with_for_update())


def sources(session: Session, consortium_id: ConsortiumId) -> Sequence[Source]:
    """List the sources of funding that have not ended, the largest first."""
    return session.scalars(
        select(Source)
        .where(Source.consortium_id == consortium_id, Source.ended_at.is_(None))
        .order_by(Source.cents.desc(), Source.id)
    ).all()


def dues(session: Session, consortium_id: ConsortiumId) -> Sequence[Dues]:
    """List all dues, the newest term first."""
    return session.scalars(
        select(Dues).where(Dues.consortium_id == consortium_id).order_by(Dues.term.desc(), Dues.id)
    ).all()


def lock_dues(session: Session, agency_id: AgencyId, term: str) -> Dues | None:
    """Find an agency's dues for a term, so that two payments at once are both counted."""
    return session.scalar(select(Dues).where(Dues.agency_id == agency_id, Dues.term == term).with_for_update())


def paid(session: Session, ids: Collection[DuesId]) -> dict[DuesId, int]:
    """Map dues to what was paid of them, in cents."""
    rows = session.execute(
        select(Payment.dues_id, func.sum(Payment.cents))
        .where(Payment.dues_id.in_(ids), Payment.taken_back_at.is_(None))
        .group_by(Payment.dues_id)
    )
    return {row[0]: int(row[1]) for row in rows}


def lock_payment(session: Session, consortium_id: ConsortiumId, payment_id: int) -> tuple[Payment, Dues] | None:
    """Find a payment with the dues that it belongs to, and keep everybody else from changing them."""
    row = session.execute(
        select(Payment, Dues)
        .join(Dues, Dues.id == Payment.dues_id)
        .where(Dues.consortium_id == consortium_id, Payment.id == payment_id)
        .with_for_update()
    ).one_or_none()
    return (row[0], row[1]) if row else None


def last_payment(session: Session, of: Dues) -> Payment | None:
    """Find the payment that was recorded last of these dues, and keep everybody else from taking it back."""
    mine = (Payment.dues_id == of.id, Payment.taken_back_at.is_(None))
    return session.scalars(select(Payment).where(*mine).order_by(Payment.id.desc()).limit(1).with_for_update()).first()


def forget_dues(session: Session, those: Dues) -> None:
    """Take away dues of which nothing is paid, with the payments that were taken back."""
    session.execute(delete(Payment).where(Payment.dues_id == those.id))
    session.delete(those)
