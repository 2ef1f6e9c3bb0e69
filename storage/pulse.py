"""The pulse: its schedule, its rounds, and who is invited to answer."""

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
    """The schedule of a consortium's pulse, and the channel for its results.

    `weekday` is 0 for Monday; `clock` is a local time `HH:MM` in each member's time zone; `themes` are names of
    `Theme`. `next_day` is the day of the next round, or None if none is planned. `opens_at` is when the next round is
    created, before that day begins in any time zone.
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
    """A round of questions. `result` is written at closing and is all that remains of the answers."""

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
    """An invitation to answer in a round, and whether the person has answered or skipped it.

    It holds no times and nothing of the answer, which is sealed elsewhere. `agency_id` is the person's agency when the
    round opened.
    """

    __tablename__ = "pulse_invitation"

    round_id: Mapped[RoundId] = mapped_column(ForeignKey("pulse_round.id"), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"))
    answered: Mapped[bool] = mapped_column(default=False)
    skipped: Mapped[bool] = mapped_column(default=False)


@dataclass(frozen=True)
class Person:
    """A member who can be invited to a round."""

    member_id: MemberId
    agency_id: AgencyId
    zone: str
    paused_until: datetime | None
    away_until: datetime | None


def people(session: Session, consortium_id: ConsortiumId) -> list[Person]:
    """List the current members of agencies that have not ended."""
    rows = session.execute(
        select(Member.id, Member.agency_id, Member.zone, Member.pulse_paused_until, Member.away_until)
        .join(Agency, Agency.id == Member.agency_id)
        .where(Member.consortium_id == consortium_id, Member.left_at.is_(None), Agency.ended_at.is_(None))
        .order_by(Member.id)
    )
    return [
        Person(member, agency, zone, paused, away) for member, agency, zone, paused, away in rows if agency is not None
    ]


def invite(session: Session, round_id: RoundId, invited: Sequence[tuple[MemberId, AgencyId]]) -> None:
    """Invite (member, agency) pairs to a round."""
    session.execute(
        insert(Invitation),
        [
            {"round_id": round_id, "member_id": member, "agency_id": agency, "answered": False, "skipped": False}
            for member, agency in invited
        ],
    )


def of(session: Session, consortium_id: ConsortiumId) -> Pulse | None:
    """Find a consortium's pulse."""
    return session.scalar(select(Pulse).where(Pulse.consortium_id == consortium_id))


def lock_of(session: Session, consortium_id: ConsortiumId) -> Pulse | None:
    """Find, lock, and reload a consortium's pulse, so that nobody else plans it or opens a round.

    The consortium is locked first, because a pulse that is not planned yet has no row to lock.
    """
    session.execute(select(Consortium.id).where(Consortium.id == consortium_id).with_for_update(key_share=True))
    query = select(Pulse).where(Pulse.consortium_id == consortium_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def lock(session: Session, pulse_id: PulseId) -> Pulse:
    """Lock a pulse that is known to exist, so that only one round opens at a time."""
    return session.scalars(select(Pulse).where(Pulse.id == pulse_id).with_for_update()).one()


def to_open(session: Session, now: datetime) -> Sequence[PulseId]:
    """List the pulses with a round that is due to open."""
    return session.scalars(select(Pulse.id).where(Pulse.opens_at <= now).order_by(Pulse.opens_at)).all()


def to_close(session: Session, now: datetime) -> Sequence[RoundId]:
    """List the open rounds that are due to close."""
    return session.scalars(
        select(Round.id).where(Round.state == RoundState.OPEN, Round.closes_at <= now).order_by(Round.closes_at)
    ).all()


NEXT_DUE = Due(
    select(func.min(Pulse.opens_at)),
    select(func.min(Round.closes_at)).where(Round.state == RoundState.OPEN),
)
"""When a round opens or closes next."""


def get_round(session: Session, consortium_id: ConsortiumId, number: int) -> Round | None:
    """Find a round by its number."""
    return session.scalar(select(Round).where(Round.consortium_id == consortium_id, Round.number == number))


def lock_number(session: Session, consortium_id: ConsortiumId, number: int) -> Round | None:
    """Find and lock a round by its number."""
    query = select(Round).where(Round.consortium_id == consortium_id, Round.number == number)
    return session.scalar(query.with_for_update())


def lock_round(session: Session, round_id: RoundId) -> Round:
    """Lock a round that is known to exist."""
    return session.scalars(select(Round).where(Round.id == round_id).with_for_update()).one()


def open_round(session: Session, consortium_id: ConsortiumId) -> Round | None:
    """Find the open round of a consortium."""
    return session.scalar(select(Round).where(Round.consortium_id == consortium_id, Round.state == RoundState.OPEN))


def closed_rounds(session: Session, consortium_id: ConsortiumId, most: int) -> Sequence[Round]:
    """List at most `most` closed rounds, newest first."""
    return session.scalars(
        select(Round)
        .where(Round.consortium_id == consortium_id, Round.state == RoundState.CLOSED)
        .order_by(Round.number.desc())
        .limit(most)
    ).all()


def last_day(session: Session, consortium_id: ConsortiumId) -> date | None:
    """Return the day of the last round, open or closed, or None if there was none."""
    return session.scalar(select(func.max(Round.day)).where(Round.consortium_id == consortium_id))


def invitation(session: Session, round_id: RoundId, member_id: MemberId) -> Invitation | None:
    """Find a person's invitation to a round."""
    return session.get(Invitation, (round_id, member_id))


def invitations(session: Session, round_id: RoundId, people: Collection[MemberId]) -> dict[MemberId, Invitation]:
    """Map those of these members who are invited to a round to their invitations."""
    rows = session.scalars(select(Invitation).where(Invitation.round_id == round_id, Invitation.member_id.in_(people)))
    return {invitation.member_id: invitation for invitation in rows}


def counts(session: Session, round_id: RoundId) -> tuple[int, int]:
    """Count the people invited to a round and those who have answered, as (invited, answered)."""
    invited = session.scalar(select(func.count()).where(Invitation.round_id == round_id)) or 0
    answered = session.scalar(select(func.count()).where(Invitation.round_id == round_id, Invitation.answered)) or 0
    return invited, answered
