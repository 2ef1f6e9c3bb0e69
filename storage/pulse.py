"""The pulse: when people are asked how the work together goes, and what became of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.agencies import Agency
from storage.consortia import Consortium
from storage.database import Base
from storage.due import Due
from storage.members import Member
from storage.vocabulary import (
    AgencyId,
    ConsortiumId,
    Every,
    MemberId,
    PulseId,
    RoundId,
    RoundState,
    SealId,
)


class Pulse(Base):
    """A consortium's pulse: when it comes and where its results go.

    `weekday` counts from Monday, 0; `clock` is a wall-clock time `HH:MM` in each person's own zone; `themes` are
    the names of the themes that are asked about; `next_day` is the day of the next round, empty while there is
    none; `opens_at` is when the next round's rows are written, before it is that day anywhere.
    """

    __tablename__ = "pulse"

    id: Mapped[PulseId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), unique=True)
    team_id: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(32))
    weekday: Mapped[int]
    clock: Mapped[str] = mapped_column(String(5))
    every: Mapped[Every]
    starts_on: Mapped[date]
    themes: Mapped[list[Any]]
    rounds: Mapped[int] = mapped_column(default=0)
    next_day: Mapped[date | None]
    opens_at: Mapped[datetime | None]
    set_by: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))


class Round(Base):
    """One round of questions. `result` is written when it closes; it is all that remains of the answers."""

    __tablename__ = "pulse_round"
    __table_args__ = (UniqueConstraint("consortium_id", "number"), Index("ix_pulse_round_due", "state", "closes_at"))

    id: Mapped[RoundId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    number: Mapped[int]
    team_id: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(32))
    seal_id: Mapped[SealId] = mapped_column(ForeignKey("seal.id"))
    day: Mapped[date]
    questions: Mapped[list[Any]]
    state: Mapped[RoundState] = mapped_column(default=RoundState.OPEN)
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class Invitation(Base):
    """That a person is asked in a round, and whether they have answered or passed it over.

    It holds no time and nothing of the answer; that lies sealed. `agency_id` is the agency at opening.
    """

    __tablename__ = "pulse_invitation"

    round_id: Mapped[RoundId] = mapped_column(ForeignKey("pulse_round.id"), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"))
    answered: Mapped[bool] = mapped_column(default=False)
    skipped: Mapped[bool] = mapped_column(default=False)


@dataclass(frozen=True)
class Person:
    """Somebody who may be asked."""

    member_id: MemberId
    agency_id: AgencyId
    zone: str
    paused_until: datetime | None
    away_until: datetime | None


def people(session: Session, consortium_id: ConsortiumId) -> list[Person]:
    """List the living members of living agencies."""
    rows = session.execute(
        select(Member.id, Member.agency_id, Member.zone, Member.pulse_paused_until, Member.away_until)
        .join(Agency, Agency.id == Member.agency_id)
        .where(Member.consortium_id == consortium_id, Member.left_at.is_(None), Agency.ended_at.is_(None))
        .order_by(Member.id)
    )
    return [
        Person(member, agency, zone, paused, away) for member, agency, zone, paused, away in rows if agency is not None
    ]


def invite(session: Session, round_id: RoundId, asked: Sequence[tuple[MemberId, AgencyId]]) -> None:
    """Note who is asked in a round, with the agency of each."""
    session.execute(
        insert(Invitation),
        [
            {"round_id": round_id, "member_id": member, "agency_id": agency, "answered": False, "skipped": False}
            for member, agency in asked
        ],
    )


def of(session: Session, consortium_id: ConsortiumId) -> Pulse | None:
    """Find a consortium's pulse."""
    return session.scalar(select(Pulse).where(Pulse.consortium_id == consortium_id))


def lock_of(session: Session, consortium_id: ConsortiumId) -> Pulse | None:
    """Find a consortium's pulse, and keep others from planning it or opening a round until the transaction ends.

    The consortium is locked first: where nothing is planned yet, the pulse has no row to lock.
    """
    session.execute(select(Consortium.id).where(Consortium.id == consortium_id).with_for_update(key_share=True))
    wanted = select(Pulse).where(Pulse.consortium_id == consortium_id).with_for_update()
    return session.scalar(wanted.execution_options(populate_existing=True))


def lock(session: Session, pulse_id: PulseId) -> Pulse:
    """Lock a pulse, so that one round of it opens at a time."""
    return session.scalars(select(Pulse).where(Pulse.id == pulse_id).with_for_update()).one()


def to_open(session: Session, now: datetime) -> Sequence[PulseId]:
    """List the pulses of which a round has to open."""
    return session.scalars(select(Pulse.id).where(Pulse.opens_at <= now).order_by(Pulse.opens_at)).all()


def to_close(session: Session, now: datetime) -> Sequence[RoundId]:
    """List the rounds whose time has come."""
    return session.scalars(
        select(Round.id).where(Round.state == RoundState.OPEN, Round.closes_at <= now).order_by(Round.closes_at)
    ).all()


NEXT_DUE = Due(
    select(func.min(Pulse.opens_at)),
    select(func.min(Round.closes_at)).where(Round.state == RoundState.OPEN),
)
"""The next moment at which a round opens or closes."""


def get_round(session: Session, consortium_id: ConsortiumId, number: int) -> Round | None:
    """Find a round by its number."""
    return session.scalar(select(Round).where(Round.consortium_id == consortium_id, Round.number == number))


def lock_number(session: Session, consortium_id: ConsortiumId, number: int) -> Round | None:
    """Find a round by its number, and keep everybody else from closing it until the transaction ends."""
    wanted = select(Round).where(Round.consortium_id == consortium_id, Round.number == number)
    return session.scalar(wanted.with_for_update())


def lock_round(session: Session, round_id: RoundId) -> Round:
    """Lock a round that is known to exist."""
    return session.scalars(select(Round).where(Round.id == round_id).with_for_update()).one()


def open_round(session: Session, consortium_id: ConsortiumId) -> Round | None:
    """Find the round that is open."""
    return session.scalar(select(Round).where(Round.consortium_id == consortium_id, Round.state == RoundState.OPEN))


def closed_rounds(session: Session, consortium_id: ConsortiumId, most: int) -> Sequence[Round]:
    """List the rounds that have closed, the newest first."""
    return session.scalars(
        select(Round)
        .where(Round.consortium_id == consortium_id, Round.state == RoundState.CLOSED)
        .order_by(Round.number.desc())
        .limit(most)
    ).all()


def last_day(session: Session, consortium_id: ConsortiumId) -> date | None:
    """Give the day of the last round, open or closed; None where there was none."""
    return session.scalar(select(func.max(Round.day)).where(Round.consortium_id == consortium_id))


def invitation(session: Session, round_id: RoundId, member_id: MemberId) -> Invitation | None:
    """Find what a person is asked in a round."""
    return session.get(Invitation, (round_id, member_id))


def invitations(session: Session, round_id: RoundId, people: Collection[MemberId]) -> dict[MemberId, Invitation]:
    """Map those of some people who are asked in a round to their invitations."""
    found = session.scalars(select(Invitation).where(Invitation.round_id == round_id, Invitation.member_id.in_(people)))
    return {one.member_id: one for one in found}


def counts(session: Session, round_id: RoundId) -> tuple[int, int]:
    """Count who was asked and who has answered."""
    asked = session.scalar(select(func.count()).where(Invitation.round_id == round_id)) or 0
    answered = session.scalar(select(func.count()).where(Invitation.round_id == round_id, Invitation.answered)) or 0
    return asked, answered
