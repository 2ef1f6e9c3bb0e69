"""Polls, their options, and their ballots."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.due import Due
from storage.members import Member
from storage.upsert import upsert
from storage.vocabulary import (
    AgencyId,
    ConsortiumId,
    LiveMessageId,
    MemberId,
    PollId,
    PollKind,
    PollState,
    ResultVisibility,
    SealId,
    Seat,
)


class Poll(Base):
    """A question with options.

    `most` is the number of options that a ballot may choose (several choices) or of dots to spend. `private` means
    that not everybody can see the channel. `remind_at` is when reminders are considered next. `result` is set at
    closing; for an anonymous poll it is all that remains.
    """

    __tablename__ = "poll"
    __table_args__ = (UniqueConstraint("consortium_id", "number"), Index("ix_poll_due", "state", "closes_at"))

    id: Mapped[PollId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    number: Mapped[int]
    team_id: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(32))
    live_id: Mapped[LiveMessageId | None] = mapped_column(ForeignKey("live_message.id"))
    seal_id: Mapped[SealId | None] = mapped_column(ForeignKey("seal.id"))
    author_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    question: Mapped[str] = mapped_column(String(300))
    kind: Mapped[PollKind]
    most: Mapped[int]
    anonymous: Mapped[bool]
    shows: Mapped[ResultVisibility]
    open_options: Mapped[bool]
    by_agency: Mapped[bool]
    remind: Mapped[bool]
    private: Mapped[bool]
    state: Mapped[PollState] = mapped_column(default=PollState.OPEN)
    created_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    remind_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class PollOption(Base):
    """An option of a poll. `place` counts from 1; `starts_at` is set in a time poll."""

    __tablename__ = "poll_option"

    poll_id: Mapped[PollId] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(150))
    starts_at: Mapped[datetime | None]
    author_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))


class Ballot(Base):
    """A person's ballot.

    A person has one ballot. Where agencies vote, a person has one for each agency and seat that they have voted from,
    as in `storage.positions.Position`, whose columns have the same meaning: `counts_for` is the agency's id then,
    and 0 elsewhere, with the seat of a member, because a key has no NULL.

    `choices` maps the places of options, as text, to a number: 1 for chosen, a rank, a score, or dots; in a time poll
    2 for yes, 1 for if need be, 0 for no. In an anonymous poll, `choices` and `said_at` are None, and the choices are
    sealed elsewhere.
    """

    __tablename__ = "ballot"

    poll_id: Mapped[PollId] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    counts_for: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agency_id: Mapped[AgencyId | None] = mapped_column(ForeignKey("agency.id"))
    choices: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    seat: Mapped[Seat] = mapped_column(primary_key=True)
    sole: Mapped[bool]
    said_at: Mapped[datetime | None]
    vacated_at: Mapped[datetime | None]


_NUMBERED = select(Poll).where(Poll.consortium_id == bindparam("consortium"), Poll.number == bindparam("number"))
_LOCKED = _NUMBERED.with_for_update(key_share=True)
_REMINDING = (Poll.state == PollState.OPEN, Poll.by_agency, Poll.remind_at.is_not(None))
_PLACE = Base.metadata.tables[PollOption.__tablename__].c
_PLACES = select(_PLACE.place).where(_PLACE.poll_id == bindparam("poll")).order_by(_PLACE.place)
_OPTIONS = select(PollOption).where(PollOption.poll_id == bindparam("poll")).order_by(PollOption.place)


def get(session: Session, consortium_id: ConsortiumId, number: int) -> Poll | None:
    """Return the poll with this number, or None."""
    return session.scalar(_NUMBERED, {"consortium": consortium_id, "number": number})


def lock_by_number(session: Session, consortium_id: ConsortiumId, number: int) -> Poll | None:
    """Find and lock a poll by its number."""
    return session.scalar(_LOCKED, {"consortium": consortium_id, "number": number})


def lock_by_id(session: Session, poll_id: PollId) -> Poll:
    """Return a poll that is known to exist, locked until the transaction ends."""
    return session.scalars(select(Poll).where(Poll.id == poll_id).with_for_update(key_share=True)).one()


def lock_reminding(session: Session, consortium_id: ConsortiumId) -> None:
    """Lock the open polls in which agencies vote and that remind, until the transaction ends."""
    reminding = select(Poll.id).where(Poll.consortium_id == consortium_id, *_REMINDING)
    session.execute(reminding.order_by(Poll.id).with_for_update(key_share=True))


def look_again(session: Session, consortium_id: ConsortiumId, now: datetime) -> None:
    """Consider the reminders of the polls that `lock_reminding` has locked now."""
    session.execute(update(Poll).where(Poll.consortium_id == consortium_id, *_REMINDING).values(remind_at=now))


def list_open(session: Session, consortium_id: ConsortiumId) -> Sequence[Poll]:
    """List the open polls by closing time."""
    return session.scalars(
        select(Poll)
        .where(Poll.consortium_id == consortium_id, Poll.state == PollState.OPEN)
        .order_by(Poll.closes_at, Poll.id)
    ).all()


def list_anonymous(
    session: Session, consortium_id: ConsortiumId, numbers: Collection[int], since: datetime
) -> Sequence[Poll]:
    """List the anonymous polls with these numbers that are open, or were closed after `since`."""
    is_recent = or_(Poll.closed_at.is_(None), Poll.closed_at > since)
    query = select(Poll).where(Poll.consortium_id == consortium_id, Poll.anonymous.is_(True), is_recent)
    return session.scalars(query.where(Poll.number.in_(numbers))).all()


def list_options(session: Session, poll_id: PollId) -> Sequence[PollOption]:
    """List a poll's options in order."""
    return session.scalars(_OPTIONS, {"poll": poll_id}).all()


def option_places(session: Session, poll_id: PollId) -> Sequence[int]:
    """List the places of a poll's options."""
    return session.connection().scalars(_PLACES, {"poll": poll_id}).all()


def list_ballots(session: Session, poll_id: PollId) -> Sequence[Ballot]:
    """List a poll's ballots, each person's oldest first. Those of an anonymous poll show only who has voted."""
    by_person = select(Ballot).where(Ballot.poll_id == poll_id).order_by(Ballot.member_id, Ballot.said_at)
    return session.scalars(by_person).all()


def list_ballots_for(session: Session, poll_id: PollId, agency_id: AgencyId) -> Sequence[Ballot]:
    """List the ballots that people cast for an agency, in no particular order."""
    cast = select(Ballot).where(Ballot.poll_id == poll_id, Ballot.agency_id == agency_id)
    # a ballot that was just saved is read as it is now
    return session.scalars(cast, execution_options={"populate_existing": True}).all()


def has_voted(session: Session, poll_id: PollId, member_id: MemberId) -> bool:
    """Return whether a person has cast a ballot, for whichever agency."""
    cast = select(Ballot.member_id).where(Ballot.poll_id == poll_id, Ballot.member_id == member_id)
    return session.scalar(cast.limit(1)) is not None


def find_own_ballot(session: Session, poll: Poll, member: Member) -> Ballot | None:
    """Return the latest ballot that a person can still change, or None."""
    own = select(Ballot).where(*_own(poll, member)).order_by(Ballot.said_at.desc())
    return session.scalars(own.limit(1)).first()


def save_ballot(session: Session, row: dict[str, Any], *, by_agency: bool) -> None:
    """Save a ballot, which replaces an earlier one of the same person.

    Where agencies vote, it replaces only one for the same agency from the same seat.
    """
    key = {"counts_for": row["agency_id"]} if by_agency else {"counts_for": 0, "seat": Seat.MEMBER}
    row = {**row, **key, "vacated_at": None}
    upsert(session, Ballot, row, keys=("poll_id", "member_id", "counts_for", "seat"))


def delete_own_ballots(session: Session, poll: Poll, member: Member) -> bool:
    """Delete the ballots that a person can still change. Return whether there were any."""
    return bool(session.scalars(delete(Ballot).where(*_own(poll, member)).returning(Ballot.member_id)).all())


def _own(poll: Poll, member: Member) -> tuple[ColumnElement[bool], ...]:
    """Select a person's ballots, without those that belong to an agency or seat that the person has left."""
    mine = (Ballot.poll_id == poll.id, Ballot.member_id == member.id)
    if not poll.by_agency:
        return mine
    return (*mine, Ballot.agency_id == member.agency_id, or_(Ballot.vacated_at.is_(None), Ballot.seat == Seat.MEMBER))


def mark_seat_vacated(session: Session, member_id: MemberId, now: datetime) -> None:
    """Record that a person no longer holds the seat from which they voted in open polls counted by agency."""
    still_open = select(Poll.id).where(Poll.state == PollState.OPEN, Poll.by_agency)
    session.execute(
        update(Ballot)
        .where(Ballot.member_id == member_id, Ballot.vacated_at.is_(None), Ballot.poll_id.in_(still_open))
        .values(vacated_at=now)
    )


def list_due_to_close(session: Session, now: datetime) -> Sequence[PollId]:
    """List the open polls that are due to close."""
    return session.scalars(
        select(Poll.id).where(Poll.state == PollState.OPEN, Poll.closes_at <= now).order_by(Poll.closes_at, Poll.id)
    ).all()


def list_due_for_reminders(session: Session, now: datetime) -> Sequence[PollId]:
    """List the open polls whose reminders are due to be considered."""
    due = select(Poll.id).where(Poll.state == PollState.OPEN, Poll.remind_at <= now)
    return session.scalars(due.order_by(Poll.remind_at, Poll.id)).all()


NEXT_DUE = Due(
    select(func.min(Poll.remind_at)).where(Poll.state == PollState.OPEN),
    select(func.min(Poll.closes_at)).where(Poll.state == PollState.OPEN),
)
"""When a poll's reminders are considered, or a poll closes, next."""
