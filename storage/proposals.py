"""Proposals, their earlier wordings, and how agencies implement them."""

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
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.consortia import Consortium
from storage.database import Base
from storage.upsert import upsert
from storage.vocabulary import (
    AgencyId,
    ConsortiumId,
    LiveMessageId,
    MemberId,
    ProposalId,
    ProposalState,
    Rule,
    UptakeKind,
)

RUNNING = (ProposalState.TALKING, ProposalState.OPEN)
"""The states of a proposal without an outcome."""


class Proposal(Base):
    """A proposal.

    `private` means that its channel is. `quorum` is a percentage. `opens_at` is when positions open, after any time to
    talk. `seconds` is how long they stay open; extending and amending use it again. `remind_at` is when to check next
    for people to remind. `given_time` is whether a late block has moved the closing time. `reviewed` is whether the
    review was announced. `extended` is whether it was reopened after it was not decided; `extend_until` is when that
    can no longer be done, while it can be.
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
    live_id: Mapped[LiveMessageId | None] = mapped_column(ForeignKey("live_message.id"))
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
    extend_until: Mapped[datetime | None]
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
    """How an agency implements an adopted proposal."""

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
_LOCKED = _NUMBERED.with_for_update(key_share=True)


def get(session: Session, consortium_id: ConsortiumId, number: int) -> Proposal | None:
    """Return the proposal of a number, or None."""
    return session.scalar(_NUMBERED, {"consortium": consortium_id, "number": number})


def lock_by_number(session: Session, consortium_id: ConsortiumId, number: int) -> Proposal | None:
    """Find and lock a proposal by its number."""
    return session.scalar(_LOCKED, {"consortium": consortium_id, "number": number})


def lock_by_id(session: Session, proposal_id: ProposalId) -> Proposal:
    """Lock an existing proposal until the transaction ends, and return it."""
    return session.scalars(select(Proposal).where(Proposal.id == proposal_id).with_for_update(key_share=True)).one()


def lock_running(session: Session, consortium_id: ConsortiumId) -> None:
    """Lock the proposals in discussion or open until the transaction ends."""
    running = select(Proposal.id).where(Proposal.consortium_id == consortium_id, Proposal.state.in_(RUNNING))
    session.execute(running.order_by(Proposal.id).with_for_update(key_share=True))


def list_running(session: Session, consortium_id: ConsortiumId) -> Sequence[Proposal]:
    """List the proposals in discussion or open, by closing time."""
    return session.scalars(
        select(Proposal)
        .where(Proposal.consortium_id == consortium_id, Proposal.state.in_(RUNNING))
        .order_by(Proposal.closes_at, Proposal.id)
    ).all()


def list_decided(session: Session, consortium_id: ConsortiumId) -> Sequence[Proposal]:
    """List the decided proposals, newest first."""
    query = select(Proposal).where(
        Proposal.consortium_id == consortium_id, Proposal.decided_at.is_not(None), Proposal.rule != Rule.SENSE
    )
    return session.scalars(query.order_by(Proposal.decided_at.desc(), Proposal.id.desc())).all()


def save_wording(session: Session, proposal: Proposal, now: datetime) -> None:
    """Save the current wording before it is amended."""
    session.add(
        Version(
            proposal_id=proposal.id,
            version=proposal.version,
            title=proposal.title,
            body=proposal.body,
            until=now,
        )
    )


def save_uptake(session: Session, row: dict[str, Any]) -> None:
    """Save how an agency implements a decision, replacing an earlier statement."""
    upsert(session, Uptake, row, keys=("proposal_id", "agency_id"))


def list_uptakes(session: Session, proposal_id: ProposalId) -> Sequence[Uptake]:
    """List how the agencies implement a decision, oldest statement first."""
    return session.scalars(select(Uptake).where(Uptake.proposal_id == proposal_id).order_by(Uptake.at)).all()


def uptakes_in(session: Session, consortium_id: ConsortiumId) -> Sequence[Uptake]:
    """List how all agencies implement the decisions of a consortium."""
    of_consortium = Uptake.proposal_id.in_(select(Proposal.id).where(Proposal.consortium_id == consortium_id))
    return session.scalars(select(Uptake).where(of_consortium).order_by(Uptake.at)).all()


def list_due_to_open(session: Session, now: datetime) -> Sequence[ProposalId]:
    """List the proposals whose discussion period is over."""
    return session.scalars(
        select(Proposal.id)
        .where(Proposal.state == ProposalState.TALKING, Proposal.opens_at <= now)
        .order_by(Proposal.opens_at, Proposal.id)
    ).all()


def list_due_to_close(session: Session, now: datetime) -> Sequence[ProposalId]:
    """List the open proposals that are due to close."""
    return session.scalars(
        select(Proposal.id)
        .where(Proposal.state == ProposalState.OPEN, Proposal.closes_at <= now)
        .order_by(Proposal.closes_at, Proposal.id)
    ).all()


def list_no_longer_extendable(session: Session, now: datetime) -> Sequence[ProposalId]:
    """List the undecided proposals whose time to be extended has passed since it was looked at."""
    return session.scalars(
        select(Proposal.id)
        .where(Proposal.state == ProposalState.NOT_DECIDED, Proposal.extend_until <= now)
        .order_by(Proposal.extend_until, Proposal.id)
    ).all()


def list_due_for_reminders(session: Session, now: datetime) -> Sequence[ProposalId]:
    """List the open proposals whose reminders are due to be considered."""
    return session.scalars(
        select(Proposal.id)
        .where(Proposal.state == ProposalState.OPEN, Proposal.remind_at <= now)
        .order_by(Proposal.remind_at, Proposal.id)
    ).all()


def list_due_for_review(session: Session, today: date) -> Sequence[ProposalId]:
    """List the adopted proposals whose review date is `today` or earlier and was not announced."""
    due = select(Proposal.id).where(_REVIEWABLE, Proposal.review_on <= today)
    return session.scalars(due.order_by(Proposal.review_on, Proposal.id)).all()


_REVIEWABLE = (Proposal.state == ProposalState.ADOPTED) & Proposal.reviewed.is_(False)


NEXT_TIMES = (
    select(func.min(Proposal.opens_at)).where(Proposal.state == ProposalState.TALKING),
    select(func.min(Proposal.remind_at)).where(Proposal.state == ProposalState.OPEN),
    select(func.min(Proposal.closes_at)).where(Proposal.state == ProposalState.OPEN),
    select(func.min(Proposal.extend_until)).where(Proposal.state == ProposalState.NOT_DECIDED),
)
"""Queries for the next times at which positions open, reminders are considered, a proposal closes, or it can no longer
be extended.
"""

NEXT_REVIEW = select(func.min(Proposal.review_on)).where(_REVIEWABLE, Proposal.review_on.is_not(None))
"""Query for the earliest review date."""


def next_reviews_by_zone(session: Session) -> Sequence[tuple[date, str]]:
    """List the earliest review date for each time zone of a consortium, as (day, zone)."""
    rows = session.execute(
        select(func.min(Proposal.review_on), Consortium.zone)
        .join(Consortium, Consortium.id == Proposal.consortium_id)
        .where(_REVIEWABLE, Proposal.review_on.is_not(None))
        .group_by(Consortium.zone)
    )
    return [(day, zone) for day, zone in rows if day is not None]
