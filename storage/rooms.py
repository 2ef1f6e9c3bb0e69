"""What the room of members for more work was last worked out from, so that it does not follow every change."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.load import counts_as_load
from storage.members import Member
from storage.tasks import Task
from storage.upsert import upsert
from storage.vocabulary import ConsortiumId, MemberId, TaskState


class Room(Base):
    """The hours and the load of a member when their room was worked out, in hours.

    `given` maps the ids of other members to the part of the load that consists of tasks which they created, because
    those can be changed by the people who created them.
    """

    __tablename__ = "room"

    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), primary_key=True)
    hours: Mapped[float]
    load: Mapped[float]
    given: Mapped[dict[str, Any]]
    worked_out_at: Mapped[datetime]


def list_outdated(session: Session, consortium_id: ConsortiumId, since: datetime) -> Sequence[Member]:
    """List the members who offered to take on more work and whose room was worked out before `since`, or never."""
    return session.scalars(
        select(Member)
        .outerjoin(Room, Room.member_id == Member.id)
        .where(
            Member.consortium_id == consortium_id,
            Member.left_at.is_(None),
            Member.may_be_asked,
            or_(Room.worked_out_at.is_(None), Room.worked_out_at < since),
        )
        .order_by(Member.id)
    ).all()


def by_member(session: Session, consortium_id: ConsortiumId) -> dict[MemberId, Room]:
    """Map the members who offered to take on more work to their rooms."""
    rows = session.scalars(
        select(Room)
        .join(Member, Member.id == Room.member_id)
        .where(Member.consortium_id == consortium_id, Member.left_at.is_(None), Member.may_be_asked)
    )
    return {room.member_id: room for room in rows}


def hours_by_creator(
    session: Session, owners: Collection[MemberId], until: date
) -> dict[MemberId, dict[MemberId, float]]:
    """Map owners to the hours of their open tasks that count as load now, by who created the task."""
    rows = session.execute(
        select(Task.owner_id, Task.created_by, func.sum(Task.hours))
        .where(Task.owner_id.in_(owners), Task.state == TaskState.OPEN, Task.hours.is_not(None), counts_as_load(until))
        .group_by(Task.owner_id, Task.created_by)
    )
    hours: dict[MemberId, dict[MemberId, float]] = {}
    for owner, creator, effort in rows:
        if owner is not None and effort is not None:
            hours.setdefault(owner, {})[creator] = effort
    return hours


def record(session: Session, room: dict[str, Any]) -> None:
    """Store what a member's room was worked out from, in place of what is there."""
    upsert(session, Room, room, keys=("member_id",))
