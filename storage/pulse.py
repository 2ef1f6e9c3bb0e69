"""The pulse: its schedule, its rounds, and who is invited to answer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, String, UniqueConstraint, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.agencies import Agency
from storage.consortia import Consortium
from storage.database import Base
from storage.due import Due
from storage.members import Member
from storage.notices import Notice
from storage.vocabulary import (
    AgencyId,
    ConsortiumId,
    MemberId,
    NoticeKind,
    NoticeState,
    PulseId,
    PulseInterval,
    PulseRoundId,
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
    every: Mapped[PulseInterval]
    starts_on: Mapped[date]
    themes: Mapped[list[Any]]
    rounds: Mapped[int] = mapped_column(default=0)
    next_day: Mapped[date | None]
    opens_at: Mapped[datetime | None]
    set_by: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))


class PulseRound(Base):
    """A round of questions. `result` is written at closing and is all that remains of the answers."""

    __tablename__ = "pulse_round"
    __table_args__ = (UniqueConstraint("consortium_id", "number"), Index("ix_pulse_round_due", "state", "closes_at"))

    id: Mapped[PulseRoundId] = mapped_column(primary_key=True)
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


class PulseInvitation(Base):
    """An invitation to answer in a round, and whether the person has answered or skipped it.

    It holds no times and nothing of the answer, which is sealed elsewhere. `agency_id` is the person's agency when the
    round opened.
    """

    __tablename__ = "pulse_invitation"

    round_id: Mapped[PulseRoundId] = mapped_column(ForeignKey("pulse_round.id"), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"))
    answered: Mapped[bool] = mapped_column(default=False)
    skipped: Mapped[bool] = mapped_column(default=False)


@dataclass(frozen=True)
class Invitee:
    """A member who can be invited to a round. `own_away_until` leaves out absences that someone else stated."""

    member_id: MemberId
    agency_id: AgencyId
    zone: str
    paused_until: datetime | None
    own_away_until: datetime | None


def list_invitees(session: Session, consortium_id: ConsortiumId) -> list[Invitee]:
    """List the current members of agencies that have not ended."""
    rows = session.execute(
        select(Member.id, Member.agency_id, Member.zone, Member.pulse_paused_until, Member.own_away_until)
        .join(Agency, Agency.id == Member.agency_id)
        .where(Member.consortium_id == consortium_id, Member.left_at.is_(None), Agency.ended_at.is_(None))
        .order_by(Member.id)
    )
    return [
        Invitee(member, agency, zone, paused, away) for member, agency, zone, paused, away in rows if agency is not None
    ]


def invite(session: Session, round_id: PulseRoundId, invited: Sequence[tuple[MemberId, AgencyId]]) -> None:
    """Invite (member, agency) pairs to a round."""
    session.execute(
        insert(PulseInvitation),
        [
            {"round_id": round_id, "member_id": member, "agency_id": agency, "answered": False, "skipped": False}
            for member, agency in invited
        ],
    )


def find(session: Session, consortium_id: ConsortiumId) -> Pulse | None:
    """Find a consortium's pulse."""
    return session.scalar(select(Pulse).where(Pulse.consortium_id == consortium_id))


def lock_by_consortium(session: Session, consortium_id: ConsortiumId) -> Pulse | None:
    """Find, lock, and reload a consortium's pulse, so that nobody else plans it or opens a round.

    The consortium is locked first, because a pulse that is not planned yet has no row to lock.
    """
    session.execute(select(Consortium.id).where(Consortium.id == consortium_id).with_for_update(key_share=True))
    query = select(Pulse).where(Pulse.consortium_id == consortium_id).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def lock_by_id(session: Session, pulse_id: PulseId) -> Pulse:
    """Lock a pulse that is known to exist, so that only one round opens at a time."""
    return session.scalars(select(Pulse).where(Pulse.id == pulse_id).with_for_update(key_share=True)).one()


def list_due_to_open(session: Session, now: datetime) -> Sequence[PulseId]:
    """List the pulses with a round that is due to open."""
    return session.scalars(select(Pulse.id).where(Pulse.opens_at <= now).order_by(Pulse.opens_at)).all()


def list_due_to_close(session: Session, now: datetime) -> Sequence[PulseRoundId]:
    """List the open rounds that are due to close."""
    return session.scalars(
        select(PulseRound.id)
        .where(PulseRound.state == RoundState.OPEN, PulseRound.closes_at <= now)
        .order_by(PulseRound.closes_at)
    ).all()


NEXT_DUE = Due(
    select(func.min(Pulse.opens_at)),
    select(func.min(PulseRound.closes_at)).where(PulseRound.state == RoundState.OPEN),
)
"""When a round opens or closes next."""


def get_round(session: Session, consortium_id: ConsortiumId, number: int) -> PulseRound | None:
    """Find a round by its number."""
    return session.scalar(
        select(PulseRound).where(PulseRound.consortium_id == consortium_id, PulseRound.number == number)
    )


def lock_round_by_number(session: Session, consortium_id: ConsortiumId, number: int) -> PulseRound | None:
    """Find and lock a round by its number."""
    query = select(PulseRound).where(PulseRound.consortium_id == consortium_id, PulseRound.number == number)
    return session.scalar(query.with_for_update(key_share=True))


def lock_round(session: Session, round_id: PulseRoundId) -> PulseRound:
    """Lock a round that is known to exist."""
    return session.scalars(select(PulseRound).where(PulseRound.id == round_id).with_for_update(key_share=True)).one()


def find_open_round(session: Session, consortium_id: ConsortiumId) -> PulseRound | None:
    """Find the open round of a consortium."""
    return session.scalar(
        select(PulseRound).where(PulseRound.consortium_id == consortium_id, PulseRound.state == RoundState.OPEN)
    )


def list_closed_rounds(session: Session, consortium_id: ConsortiumId, most: int) -> Sequence[PulseRound]:
    """List at most `most` closed rounds, newest first."""
    return session.scalars(
        select(PulseRound)
        .where(PulseRound.consortium_id == consortium_id, PulseRound.state == RoundState.CLOSED)
        .order_by(PulseRound.number.desc())
        .limit(most)
    ).all()


def list_closed_before(session: Session, later: PulseRound, most: int | None = None) -> Sequence[PulseRound]:
    """List the last `most` closed rounds before this one, or all of them, oldest first."""
    return session.scalars(
        select(PulseRound)
        .where(
            PulseRound.consortium_id == later.consortium_id,
            PulseRound.state == RoundState.CLOSED,
            PulseRound.number < later.number,
        )
        .order_by(PulseRound.number.desc())
        .limit(most)
    ).all()[::-1]


def questions_asked(session: Session, consortium_id: ConsortiumId) -> Sequence[list[str]]:
    """List the questions of each round, open or closed, oldest first."""
    return session.scalars(
        select(PulseRound.questions).where(PulseRound.consortium_id == consortium_id).order_by(PulseRound.number)
    ).all()


def last_round_day(session: Session, consortium_id: ConsortiumId) -> date | None:
    """Return the day of the last round, open or closed, or None if there was none."""
    return session.scalar(select(func.max(PulseRound.day)).where(PulseRound.consortium_id == consortium_id))


def find_invitation(session: Session, round_id: PulseRoundId, member_id: MemberId) -> PulseInvitation | None:
    """Find a person's invitation to a round."""
    return session.get(PulseInvitation, (round_id, member_id))


def invitations_by_member(
    session: Session, round_id: PulseRoundId, people: Collection[MemberId]
) -> dict[MemberId, PulseInvitation]:
    """Map those of these members who are invited to a round to their invitations."""
    rows = session.scalars(
        select(PulseInvitation).where(PulseInvitation.round_id == round_id, PulseInvitation.member_id.in_(people))
    )
    return {invitation.member_id: invitation for invitation in rows}


def count_to_ask(session: Session, opened: PulseRound) -> int:
    """Count the people to whom the questions of a round are sent, now or later."""
    return len(_asked(session, opened))


def count_asked(session: Session, closing: PulseRound) -> int:
    """Count the people who were sent the questions of a round, or answered without.

    Those whose agency was closed the whole time, and those whom somebody else set away, were not.
    """
    answered = set().union(*answered_by_round(session, [closing.id])[closing.id].values())
    return len(answered | _asked(session, closing, Notice.state == NoticeState.SAID))


def _asked(session: Session, held: PulseRound, *where: ColumnElement[bool]) -> set[MemberId]:
    query = select(Notice.member_id).where(
        Notice.consortium_id == held.consortium_id,
        Notice.kind == NoticeKind.PULSE,
        Notice.subject == held.number,
        Notice.key.endswith(QUESTIONS_KEY, autoescape=True),
    )
    return set(session.scalars(query.where(*where)))


QUESTIONS_KEY = "/0"
"""How the key of a notice with the questions of a round ends."""


def answered_by_round(
    session: Session, round_ids: Collection[PulseRoundId]
) -> dict[PulseRoundId, dict[AgencyId, frozenset[MemberId]]]:
    """Map rounds to the people who answered, by the agency that they had when the round opened."""
    rows = session.execute(
        select(PulseInvitation.round_id, PulseInvitation.agency_id, PulseInvitation.member_id).where(
            PulseInvitation.round_id.in_(round_ids), PulseInvitation.answered
        )
    )
    people: dict[PulseRoundId, dict[AgencyId, set[MemberId]]] = {round_id: {} for round_id in round_ids}
    for round_id, agency_id, member_id in rows:
        people[round_id].setdefault(agency_id, set()).add(member_id)
    return {
        round_id: {agency_id: frozenset(members) for agency_id, members in by_agency.items()}
        for round_id, by_agency in people.items()
    }
