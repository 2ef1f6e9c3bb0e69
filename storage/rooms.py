"""What the room of members for more work is worked out from, so that it does not follow what others change."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.members import Member
from storage.roles import Role
from storage.tasks import Task
from storage.upsert import upsert
from storage.vocabulary import ConsortiumId, MemberId, TaskState

Agreed = Mapping[str, tuple[float, date | None]]
"""The tasks and roles that a member agreed to carry, as key: (hours, due date of a task or last day of a role)."""


class Room(Base):
    """The hours and the load of a member when their room was last worked out, in hours.

    `agreed` maps the keys of tasks and roles (`task_key`, `role_key`) to the hours and the day (in ISO format, or
    None) to which the member agreed. `cleared_on` is when what others took away was last taken out of it.
    """

    __tablename__ = "room"

    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), primary_key=True)
    hours: Mapped[float]
    load: Mapped[float]
    agreed: Mapped[dict[str, Any]]
    cleared_on: Mapped[date]
    worked_out_at: Mapped[datetime]


def task_key(task: Task) -> str:
    """Return the key of a task among what a member agreed to."""
    return _key(_TASK, task.number)


def role_key(role: Role) -> str:
    """Return the key of a role among what a member agreed to."""
    return _key(_ROLE, role.id)


def is_role(key: str) -> bool:
    """Return whether a key is that of a role."""
    return key.startswith(f"{_ROLE}/")


_TASK, _ROLE = "task", "role"


def _key(kind: str, number: int) -> str:
    return f"{kind}/{number}"


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


@dataclass(frozen=True)
class KnownRoom:
    """The hours and the load, in hours, that a member's room was last worked out from."""

    hours: float
    load: float


def by_member(session: Session, consortium_id: ConsortiumId) -> dict[MemberId, KnownRoom]:
    """Map the members who offered to take on more work to what their room was last worked out from."""
    rows = session.execute(
        select(Room.member_id, Room.hours, Room.load)
        .join(Member, Member.id == Room.member_id)
        .where(Member.consortium_id == consortium_id, Member.left_at.is_(None), Member.may_be_asked)
    )
    return {member_id: KnownRoom(hours, load) for member_id, hours, load in rows}


def lock_agreed(session: Session, people: Collection[MemberId]) -> dict[MemberId, tuple[Agreed, date]]:
    """Lock the rooms of these members, and return what they agreed to and when that was last cleared."""
    rows = session.execute(
        select(Room.member_id, Room.agreed, Room.cleared_on)
        .where(Room.member_id.in_(people))
        .order_by(Room.member_id)
        .with_for_update(key_share=True)
    )
    return {
        member_id: (
            {key: (hours, date.fromisoformat(day) if day else None) for key, (hours, day) in agreed.items()},
            cleared_on,
        )
        for member_id, agreed, cleared_on in rows
    }


def carried_work(session: Session, people: Collection[MemberId]) -> dict[MemberId, Agreed]:
    """Map members to the open tasks with an effort and the roles that they have now."""
    tasks = session.execute(
        select(Task.owner_id, Task.number, Task.hours, Task.due_on).where(
            Task.owner_id.in_(people), Task.state == TaskState.OPEN, Task.hours.is_not(None)
        )
    )
    roles = session.execute(
        select(Role.member_id, Role.id, Role.hours, Role.until).where(
            Role.member_id.in_(people), Role.ended_at.is_(None)
        )
    )
    work: dict[MemberId, dict[str, tuple[float, date | None]]] = {member_id: {} for member_id in people}
    for kind, rows in ((_TASK, tasks), (_ROLE, roles)):
        for member_id, number, hours, day in rows:
            if member_id is not None and hours is not None:
                work[member_id][_key(kind, number)] = (hours, day)
    return dict(work.items())


def record(
    session: Session, member_id: MemberId, hours: float, load: float, agreed: Agreed, cleared_on: date, now: datetime
) -> None:
    """Store what a member's room is worked out from, in place of what is there."""
    row = {
        "member_id": member_id,
        "hours": hours,
        "load": load,
        "agreed": _as_json(agreed),
        "cleared_on": cleared_on,
        "worked_out_at": now,
    }
    upsert(session, Room, row, keys=("member_id",))


def save_agreed(session: Session, member_id: MemberId, agreed: Agreed) -> None:
    """Store what a member with a locked room agreed to. It counts when the room is worked out next."""
    session.execute(update(Room).where(Room.member_id == member_id).values(agreed=_as_json(agreed)))


def _as_json(agreed: Agreed) -> dict[str, Any]:
    return {key: [hours, day.isoformat() if day else None] for key, (hours, day) in agreed.items()}
