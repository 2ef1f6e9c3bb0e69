"""Proposals, their earlier wordings, and how agencies take decisions up."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.consortia import Consortium
from storage.database import Base
from storage.upsert import upsert
from storage.vocabulary import (
    AgencyId,
    ConsortiumId,
    LiveId,
    MemberId,
    ProposalId,
    ProposalState,
    Rule,
    UptakeKind,
)

RUNNING = (ProposalState.TALKING, ProposalState.OPEN)


class Proposal(Base):
    """A question for the consortium to decide.

    `private` is whether its channel is. `quorum` is a percentage. `opens_at` is when positions open, after any time to
    talk. `seconds` is how long they stay open; extending and amending use it again. `remind_at` is when to check next
    for people to remind. `given_time` is whether a late block has moved the closing time. `reviewed` is whether the
    review was announced.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("consortium_id", "number"),
        Index("ix_proposal_due", "state", "closes_at"),
    )

    id: Mapped[ProposalId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    number: Mapped[int]
    team_id: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(32))
    private: Mapped[bool] = mapped_column(default=False)
    live_id: Mapped[LiveId | None] = mapped_column(ForeignKey("live.id"))
    author_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    author_agency_id: Mapped[AgencyId | None] = mapped_column(ForeignKey("agency.id"))
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text, default="")
    rule: Mapped[Rule]
    quorum: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[ProposalState]
    created_at: Mapped[datetime]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    seconds: Mapped[int]
    remind_at: Mapped[datetime | None]
    review_on: Mapped[date | None] = mapped_column(Date)
    reviewed: Mapped[bool] = mapped_column(default=False)
    extended: Mapped[bool] = mapped_column(default=False)
    given_time: Mapped[bool] = mapped_column(default=False)
    decided_at: Mapped[datetime | None]
    verdict: Mapped[str] = mapped_column(Text, default="")


class Version(Base):
    """The wording of a proposal before it was amended."""

    __tablename__ = "proposal_version"

    proposal_id: Mapped[ProposalId] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime]


class Uptake(Base):
    """How an agency takes an adopted proposal up."""

    __tablename__ = "uptake"

    proposal_id: Mapped[ProposalId] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    how: Mapped[UptakeKind]
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


_NUMBERED = select(Proposal).where(
    Proposal.consortium_id == bindparam("consortium"), Proposal.number == bindparam("number")
)
_LOCKED = _NUMBERED.with_for_update()


def get(session: Session, consortium_id: ConsortiumId, number: int) -> Proposal | None:
    """Return the proposal of a number, or None."""
    return session.scalar(_NUMBERED, {"consortium": consortium_id, "number": number})


def lock(session: Session, consortium_id: ConsortiumId, number: int) -> Proposal | None:
    """Lock the proposal of a number until the transaction ends, and return it, or None."""
    return session.scalar(_LOCKED, {"consortium": consortium_id, "number": number})


def lock_id(session: Session, proposal_id: ProposalId) -> Proposal:
    """Lock an existing proposal until the transaction ends, and return it."""
    return session.scalars(select(Proposal).where(Proposal.id == proposal_id).with_for_update()).one()


def running(session: Session, consortium_id: ConsortiumId) -> Sequence[Proposal]:
    """Return the proposals that have not ended, the earliest closing first."""
    return session.scalars(
        select(Proposal)
        .where(Proposal.consortium_id == consortium_id, Proposal.state.in_(RUNNING))
        .order_by(Proposal.closes_at, Proposal.id)
    ).all()


def decided(session: Session, consortium_id: ConsortiumId, words: str = "") -> Sequence[Proposal]:
    """Return the proposals of the decision log, newest first.

    Each of `words` has to be in the title, the text or the verdict.
    """
    query = select(Proposal).where(
        Proposal.consortium_id == consortium_id, Proposal.decided_at.is_not(None), Proposal.rule != Rule.SENSE
    )
    for word in words.split():
        query = query.where(
            or_(*(c.icontains(word, autoescape=True) for c in (Proposal.title, Proposal.body, Proposal.verdict)))
        )
    return session.scalars(query.order_by(Proposal.decided_at.desc(), Proposal.id.desc())).all()


def keep_wording(session: Session, proposal: Proposal, now: datetime) -> None:
    """Store the present wording before an amendment."""
    session.add(
        Version(
            proposal_id=proposal.id,
            version=proposal.version,
            title=proposal.title,
            body=proposal.body,
            until=now,
        )
    )


def take_up(session: Session, row: dict[str, Any]) -> None:
    """Store how an agency takes a decision up, in place of what it answered before."""
    upsert(session, Uptake, row, keys=("proposal_id", "agency_id"))


def uptakes(session: Session, proposal_id: ProposalId) -> Sequence[Uptake]:
    """Return how agencies take a decision up, the first answer first."""
    return session.scalars(select(Uptake).where(Uptake.proposal_id == proposal_id).order_by(Uptake.at)).all()


def to_open(session: Session, now: datetime) -> Sequence[ProposalId]:
    """Return the proposals whose time to talk is over."""
    return session.scalars(
        select(Proposal.id)
        .where(Proposal.state == ProposalState.TALKING, Proposal.opens_at <= now)
        .order_by(Proposal.opens_at, Proposal.id)
    ).all()


def to_close(session: Session, now: datetime) -> Sequence[ProposalId]:
    """Return the open proposals whose closing time has come."""
    return session.scalars(
        select(Proposal.id)
        .where(Proposal.state == ProposalState.OPEN, Proposal.closes_at <= now)
        .order_by(Proposal.closes_at, Proposal.id)
    ).all()


def to_remind(session: Session, now: datetime) -> Sequence[ProposalId]:
    """Return the open proposals for which it is time to check whom to remind."""
    return session.scalars(
        select(Proposal.id)
        .where(Proposal.state == ProposalState.OPEN, Proposal.remind_at <= now)
        .order_by(Proposal.remind_at, Proposal.id)
    ).all()


def to_review(session: Session, today: date) -> Sequence[ProposalId]:
    """Return the adopted proposals whose review date has come by `today`."""
    due = select(Proposal.id).where(_REVIEWABLE, Proposal.review_on <= today)
    return session.scalars(due.order_by(Proposal.review_on, Proposal.id)).all()


_REVIEWABLE = (Proposal.state == ProposalState.ADOPTED) & Proposal.reviewed.is_(False)


MOMENTS = (
    select(func.min(Proposal.opens_at)).where(Proposal.state == ProposalState.TALKING),
    select(func.min(Proposal.remind_at)).where(Proposal.state == ProposalState.OPEN),
    select(func.min(Proposal.closes_at)).where(Proposal.state == ProposalState.OPEN),
)
"""The earliest times at which positions open, people may be reminded, and a proposal closes."""

FIRST_REVIEW = select(func.min(Proposal.review_on)).where(_REVIEWABLE, Proposal.review_on.is_not(None))
"""The earliest day on which a decision is up for review."""


def next_reviews(session: Session) -> Sequence[tuple[date, str]]:
    """Return the earliest review date in each time zone of a consortium."""
    rows = session.execute(
        select(func.min(Proposal.review_on), Consortium.zone)
        .join(Consortium, Consortium.id == Proposal.consortium_id)
        .where(_REVIEWABLE, Proposal.review_on.is_not(None))
        .group_by(Consortium.zone)
    )
    return [(day, zone) for day, zone in rows if day is not None]
