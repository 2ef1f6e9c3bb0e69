"""Roles that members hold, such as chair, secretary, or fiscal agent, with their terms and monthly hours."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from storage.database import Base
from storage.due import Due
from storage.names import normalize_name
from storage.vocabulary import AgencyId, ConsortiumId, MemberId, RoleId


class Role(Base):
    """A role that a member holds, or held. `hours` are a month; `until` is the last day of the term, or None.

    A role that has ended keeps its row, which records the agencies that have held it: `agency_id` is the holder's
    agency at the start of the term. `folded` is the title in the form in which titles are compared. `look_at` is when
    the role needs attention next: the announcement that the term ends, then its end. `team_id` is the workspace from
    which the bot sends messages about it.
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


def list_current(session: Session, consortium_id: ConsortiumId) -> Sequence[Role]:
    """List the current roles, ordered by title."""
    return session.scalars(
        select(Role).where(Role.consortium_id == consortium_id, Role.ended_at.is_(None)).order_by(Role.title, Role.id)
    ).all()


def find_by_title(session: Session, consortium_id: ConsortiumId, title: str) -> Role | None:
    """Find the current role with this title."""
    return session.scalar(
        select(Role).where(
            Role.consortium_id == consortium_id, Role.ended_at.is_(None), Role.folded == normalize_name(title)
        )
    )


def find_latest(session: Session, consortium_id: ConsortiumId, title: str) -> Role | None:
    """Find the last recorded role with this title, current or ended."""
    query = select(Role).where(Role.consortium_id == consortium_id, Role.folded == normalize_name(title))
    return session.scalars(query.order_by(Role.id.desc()).limit(1)).first()


def get(session: Session, consortium_id: ConsortiumId, role_id: int) -> Role | None:
    """Find a role by id, current or ended."""
    return session.scalar(select(Role).where(Role.consortium_id == consortium_id, Role.id == role_id))


def lock(session: Session, consortium_id: ConsortiumId, role_id: int) -> Role | None:
    """Find, lock, and reload a role by id, current or ended."""
    return session.scalar(
        select(Role)
        .where(Role.consortium_id == consortium_id, Role.id == role_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def list_of_members(session: Session, people: Collection[MemberId]) -> Sequence[Role]:
    """List the current roles of these members, ordered by title."""
    return session.scalars(
        select(Role).where(Role.member_id.in_(people), Role.ended_at.is_(None)).order_by(Role.title, Role.id)
    ).all()


def last_terms_by_agency(session: Session, consortium_id: ConsortiumId, title: str) -> dict[AgencyId, datetime]:
    """Map agencies to the start of their last term in the role with this title; agencies without one are missing."""
    rows = session.execute(
        select(Role.agency_id, func.max(Role.created_at))
        .where(Role.consortium_id == consortium_id, Role.folded == normalize_name(title), Role.agency_id.is_not(None))
        .group_by(Role.agency_id)
    )
    return {agency_id: at for agency_id, at in rows if agency_id is not None}


def end_all(session: Session, member_id: MemberId, now: datetime) -> Sequence[Role]:
    """End all roles of a member who has left. Return them, so that they can be announced as free."""
    ended = list_of_members(session, [member_id])
    for role in ended:
        role.ended_at, role.look_at = now, None
    return ended


def freed_at(session: Session, member_id: MemberId, at: datetime) -> Sequence[Role]:
    """List the roles that became free when a member left, and that nobody holds now, ordered by title."""
    held = aliased(Role)
    taken = select(held.id).where(
        held.consortium_id == Role.consortium_id, held.folded == Role.folded, held.ended_at.is_(None)
    )
    query = select(Role).where(Role.member_id == member_id, Role.ended_at == at, ~taken.exists())
    return session.scalars(query.order_by(Role.title, Role.id)).all()


def list_due(session: Session, now: datetime) -> Sequence[tuple[ConsortiumId, RoleId]]:
    """List (consortium, role) of the roles that need attention, longest overdue first."""
    rows = session.execute(
        select(Role.consortium_id, Role.id).where(Role.look_at <= now, Role.ended_at.is_(None)).order_by(Role.look_at)
    )
    return [(row[0], row[1]) for row in rows]


next_due = Due(select(func.min(Role.look_at)).where(Role.ended_at.is_(None)))
"""When a role needs attention next."""
