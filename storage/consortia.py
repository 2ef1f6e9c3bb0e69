"""Consortia, their workspaces and their settings."""

from collections.abc import Collection
from datetime import datetime, time

from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.vocabulary import ConsortiumId, Rule


class Consortium(Base):
    """A partnership of agencies, with the settings it chose.

    `quorum` is a percentage; `open_days` and `talk_days` are whole days; `quiet_from` and `quiet_until` are
    wall-clock times `HH:MM` in each person's own zone.
    """

    __tablename__ = "consortium"

    id: Mapped[ConsortiumId] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    zone: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    last_number: Mapped[int] = mapped_column(default=0)
    rule: Mapped[Rule] = mapped_column(default=Rule.CONSENSUS)
    quorum: Mapped[int] = mapped_column(default=60)
    open_days: Mapped[int] = mapped_column(default=7)
    talk_days: Mapped[int] = mapped_column(default=0)
    heads_allowed: Mapped[bool] = mapped_column(default=False)
    quiet_from: Mapped[str] = mapped_column(String(5), default="18:00")
    quiet_until: Mapped[str] = mapped_column(String(5), default="08:00")

    @property
    def quiet_hours(self) -> tuple[time, time]:
        """Give the wall-clock times between which nobody is disturbed."""
        return time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until)


class Workspace(Base):
    """A Slack workspace that belongs to a consortium."""

    __tablename__ = "workspace"

    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), index=True)
    joined_at: Mapped[datetime]


def of_workspace(session: Session, team_id: str) -> Consortium | None:
    """Find the consortium that a workspace belongs to."""
    return session.scalar(
        select(Consortium).join(Workspace, Workspace.consortium_id == Consortium.id).where(Workspace.team_id == team_id)
    )


def several(session: Session, ids: Collection[ConsortiumId]) -> dict[ConsortiumId, Consortium]:
    """Map ids to consortia."""
    return {one.id: one for one in session.scalars(select(Consortium).where(Consortium.id.in_(ids)))}


def found(session: Session, team_id: str, name: str, zone: str, now: datetime) -> Consortium:
    """Found a consortium in a workspace.

    Raises sqlalchemy.exc.IntegrityError where the workspace has one already: two people may found at once.
    """
    consortium = Consortium(name=name, zone=zone, created_at=now)
    session.add(consortium)
    session.flush()
    session.add(Workspace(team_id=team_id, consortium_id=consortium.id, joined_at=now))
    session.flush()
    return consortium


def lock(session: Session, consortium_id: ConsortiumId) -> None:
    """Let only one at a time change who facilitates: two who remove each other must not both succeed."""
    session.execute(select(Consortium.id).where(Consortium.id == consortium_id).with_for_update())


def next_number(session: Session, consortium_id: ConsortiumId) -> int:
    """Take the next number of the row that proposals, polls and tasks share."""
    return session.scalars(
        update(Consortium)
        .where(Consortium.id == consortium_id)
        .values(last_number=Consortium.last_number + 1)
        .returning(Consortium.last_number)
    ).one()
