"""Held roles: who is chair, secretary or fiscal agent, for how long, and what it takes a month."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.vocabulary import ConsortiumId, MemberId, RoleId


class Role(Base):
    """A role that somebody holds: `hours` a month, up to and including `until` where the term has an end.

    A role that is over keeps its row, so that it is known which agencies have held it. `team_id` is the workspace
    from which the bot speaks of it.
    """

    __tablename__ = "role"
    __table_args__ = (Index("ix_role_held", "consortium_id", "ended_at"),)

    id: Mapped[RoleId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    team_id: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(80))
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), index=True)
    hours: Mapped[float]
    until: Mapped[date | None]
    created_by: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


def held(session: Session, consortium_id: ConsortiumId) -> Sequence[Role]:
    """List the roles that are held, by title."""
    return session.scalars(
        select(Role).where(Role.consortium_id == consortium_id, Role.ended_at.is_(None)).order_by(Role.title, Role.id)
    ).all()
