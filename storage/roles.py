"""Held roles: who is chair, secretary or fiscal agent, for how long, and what it takes a month."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.agencies import fold
from storage.database import Base
from storage.due import Due
from storage.vocabulary import AgencyId, ConsortiumId, MemberId, RoleId


class Role(Base):
    """A role that somebody holds: `hours` a month, up to and including `until` where the term has an end.

    A role that is over keeps its row, so that it is known which agencies have held it: `agency_id` is the agency
    to which who holds it belonged when taking it. `folded` is the title as it is compared. `look_at` is when time
    brings something next: the news that the term ends, then its end. `team_id` is the workspace from which the
    bot speaks of it.
    """

    __tablename__ = "role"
    __table_args__ = (Index("ix_role_held", "consortium_id", "ended_at"),)

    id: Mapped[RoleId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    team_id: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(80))
    folded: Mapped[str] = mapped_column(String(240))
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), index=True)
    agency_id: Mapped[AgencyId | None] = mapped_column(ForeignKey("agency.id"))
    hours: Mapped[float]
    until: Mapped[date | None]
    created_by: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    look_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]


def held(session: Session, consortium_id: ConsortiumId) -> Sequence[Role]:
    """List the roles that are held, by title."""
    return session.scalars(
        select(Role).where(Role.consortium_id == consortium_id, Role.ended_at.is_(None)).order_by(Role.title, Role.id)
    ).all()


def titled(session: Session, consortium_id: ConsortiumId, title: str) -> Role | None:
    """Find the role of this title that is held."""
    return session.scalar(
        select(Role).where(Role.consortium_id == consortium_id, Role.ended_at.is_(None), Role.folded == fold(title))
    )


def latest(session: Session, consortium_id: ConsortiumId, title: str) -> Role | None:
    """Find the role of this title that was given last, one that is over too."""
    mine = (Role.consortium_id == consortium_id, Role.folded == fold(title))
    return session.scalars(select(Role).where(*mine).order_by(Role.id.desc()).limit(1)).first()


def get(session: Session, consortium_id: ConsortiumId, role_id: int) -> Role | None:
    """Find a role, one that is over too."""
    return session.scalar(select(Role).where(Role.consortium_id == consortium_id, Role.id == role_id))


def lock(session: Session, consortium_id: ConsortiumId, role_id: int) -> Role | None:
    """Find a role, one that is over too, and keep everybody else from changing it until the transaction ends."""
    return session.scalar(
        select(Role)
        .where(Role.consortium_id == consortium_id, Role.id == role_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def held_by(session: Session, people: Collection[MemberId]) -> Sequence[Role]:
    """List the roles that these people hold, by title."""
    return session.scalars(
        select(Role).where(Role.member_id.in_(people), Role.ended_at.is_(None)).order_by(Role.title, Role.id)
    ).all()


def last_turns(session: Session, consortium_id: ConsortiumId, title: str) -> dict[AgencyId, datetime]:
    """Map the agencies that have held a role of this title to when they took it last."""
    rows = session.execute(
        select(Role.agency_id, func.max(Role.created_at))
        .where(Role.consortium_id == consortium_id, Role.folded == fold(title), Role.agency_id.is_not(None))
        .group_by(Role.agency_id)
    )
    return {agency_id: at for agency_id, at in rows if agency_id is not None}


def release(session: Session, member_id: MemberId, now: datetime) -> Sequence[Role]:
    """End all roles of somebody who has left; give them, so that it can be said what is free."""
    free = held_by(session, [member_id])
    for role in free:
        role.ended_at, role.look_at = now, None
    return free


def due(session: Session, now: datetime) -> Sequence[tuple[ConsortiumId, RoleId]]:
    """List the roles at which something is to be done, the longest due first."""
    rows = session.execute(
        select(Role.consortium_id, Role.id).where(Role.look_at <= now, Role.ended_at.is_(None)).order_by(Role.look_at)
    )
    return [(row[0], row[1]) for row in rows]


next_due = Due(select(func.min(Role.look_at)).where(Role.ended_at.is_(None)))
"""The next moment at which something is to be done about a role."""
