"""What agencies contribute and gain.

Amounts of money are whole cents. A record made by mistake is withdrawn (`taken_back_at`) and keeps its row; only the
functions that lock return withdrawn records.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.vocabulary import AgencyId, ConsortiumId, ContributionId, ContributionKind, GainId, MemberId


class Contribution(Base):
    """An agency's contribution: hours, money, or something in kind, whose value may be stated."""

    __tablename__ = "contribution"
    __table_args__ = (Index("ix_contribution_given_on", "consortium_id", "given_on"),)

    id: Mapped[ContributionId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"), index=True)
    kind: Mapped[ContributionKind]
    hours: Mapped[float | None]
    cents: Mapped[int | None] = mapped_column(BigInteger)
    words: Mapped[str] = mapped_column(String(300))
    given_on: Mapped[date]
    created_by: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]


class Gain(Base):
    """Something that an agency gained from working together."""

    __tablename__ = "gain"
    __table_args__ = (Index("ix_gain_created_at", "consortium_id", "created_at"),)

    id: Mapped[GainId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"), index=True)
    words: Mapped[str] = mapped_column(String(300))
    created_by: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]


@dataclass(frozen=True)
class ContributionSum:
    """The sum of one agency's contributions of one kind, in hours and cents."""

    agency_id: AgencyId
    kind: ContributionKind
    hours: float
    cents: int


def sum_contributions(session: Session, consortium_id: ConsortiumId, after: date) -> list[ContributionSum]:
    """Sum the contributions after a day, by agency and kind."""
    rows = session.execute(
        select(Contribution.agency_id, Contribution.kind, func.sum(Contribution.hours), func.sum(Contribution.cents))
        .where(*_is_valid(Contribution, consortium_id), Contribution.given_on > after)
        .group_by(Contribution.agency_id, Contribution.kind)
    )
    return [ContributionSum(row[0], row[1], float(row[2] or 0), int(row[3] or 0)) for row in rows]


def count_contributions(session: Session, consortium_id: ConsortiumId) -> int:
    """Count the contributions."""
    return (
        session.scalar(select(func.count()).select_from(Contribution).where(*_is_valid(Contribution, consortium_id)))
        or 0
    )


def list_contributions(session: Session, consortium_id: ConsortiumId, at: int, most: int) -> Sequence[Contribution]:
    """List at most `most` contributions from offset `at` on, newest first."""
    newest_first = (Contribution.given_on.desc(), Contribution.id.desc())
    query = select(Contribution).where(*_is_valid(Contribution, consortium_id)).order_by(*newest_first)
    return session.scalars(query.offset(at).limit(most)).all()


def contributions_of(
    session: Session, consortium_id: ConsortiumId, agencies: Collection[AgencyId]
) -> Sequence[Contribution]:
    """List the contributions of these agencies, last recorded first."""
    query = select(Contribution).where(*_is_valid(Contribution, consortium_id), Contribution.agency_id.in_(agencies))
    return session.scalars(query.order_by(Contribution.id.desc())).all()


def words_given(
    session: Session, agency_id: AgencyId, kind: ContributionKind, hours: float | None, cents: int | None, on: date
) -> Sequence[str]:
    """List the words of an agency's contributions of this kind, amount, and day."""
    same = (Contribution.kind == kind, Contribution.hours == hours, Contribution.cents == cents)
    query = select(Contribution.words).where(Contribution.agency_id == agency_id, Contribution.given_on == on, *same)
    return session.scalars(query.where(Contribution.taken_back_at.is_(None))).all()


def words_gained(session: Session, agency_id: AgencyId) -> Sequence[str]:
    """List the words of an agency's gains."""
    return session.scalars(select(Gain.words).where(Gain.agency_id == agency_id, Gain.taken_back_at.is_(None))).all()


def count_gains(session: Session, consortium_id: ConsortiumId) -> int:
    """Count the gains."""
    return session.scalar(select(func.count()).select_from(Gain).where(*_is_valid(Gain, consortium_id))) or 0


def list_gains(session: Session, consortium_id: ConsortiumId, at: int, most: int) -> Sequence[Gain]:
    """List at most `most` gains from offset `at` on, newest first."""
    query = select(Gain).where(*_is_valid(Gain, consortium_id)).order_by(Gain.created_at.desc(), Gain.id.desc())
    return session.scalars(query.offset(at).limit(most)).all()


def gains_of(session: Session, consortium_id: ConsortiumId, agencies: Collection[AgencyId]) -> Sequence[Gain]:
    """List the gains of these agencies, last recorded first."""
    query = select(Gain).where(*_is_valid(Gain, consortium_id), Gain.agency_id.in_(agencies))
    return session.scalars(query.order_by(Gain.id.desc())).all()


def agencies_with_gains(session: Session, consortium_id: ConsortiumId) -> set[AgencyId]:
    """Return the agencies for which a gain is recorded."""
    return set(session.scalars(select(Gain.agency_id).where(*_is_valid(Gain, consortium_id)).distinct()))


def _is_valid(table: type[Contribution] | type[Gain], consortium_id: ConsortiumId) -> tuple[ColumnElement[bool], ...]:
    return table.consortium_id == consortium_id, table.taken_back_at.is_(None)


def lock_contribution(session: Session, consortium_id: ConsortiumId, given_id: int) -> Contribution | None:
    """Find and lock a contribution, withdrawn or not."""
    return session.scalar(
        select(Contribution)
        .where(Contribution.consortium_id == consortium_id, Contribution.id == given_id)
        .with_for_update(key_share=True)
    )


def lock_gain(session: Session, consortium_id: ConsortiumId, gain_id: int) -> Gain | None:
    """Find and lock a gain, withdrawn or not."""
    return session.scalar(
        select(Gain).where(Gain.consortium_id == consortium_id, Gain.id == gain_id).with_for_update(key_share=True)
    )
