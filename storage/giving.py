"""What agencies give and gain: contributions, gains, sources of funding, dues and what was paid of them.

Amounts of money are whole cents.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.vocabulary import AgencyId, ConsortiumId, DuesId, GainId, GivenId, GivenKind, MemberId, SourceId


class Given(Base):
    """Something that an agency gave: hours, money, or a thing with the value that it has."""

    __tablename__ = "given"
    __table_args__ = (Index("ix_given_on", "consortium_id", "given_on"),)

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
    __table_args__ = (Index("ix_gain_at", "consortium_id", "created_at"),)

    id: Mapped[GainId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"), index=True)
    words: Mapped[str] = mapped_column(String(300))
    created_by: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]


class Source(Base):
    """A source of funding, with what it gives a year. One that ended keeps its row."""

    __tablename__ = "source"

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
