"""Consortia, their workspaces and their settings."""

from collections.abc import Collection
from datetime import datetime, time

from sqlalchemy import ForeignKey, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.due import Due
from storage.vocabulary import ConsortiumId, Rule


class Consortium(Base):
    """A partnership of agencies, with its settings.

    `quorum` is a percentage. `open_days` and `talk_days` are whole days. `quiet_from` and `quiet_until` are local
    times `HH:MM` in each member's time zone. `hours_a_month` applies to members who did not state their own.
    `share_limit` is the percentage of its fair share above which an agency carries too much. `last_number` is the
    last number given to a proposal, poll, or task.
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
    hours_a_month: Mapped[float] = mapped_column(default=10.0)
    share_limit: Mapped[int] = mapped_column(default=150)
    currency: Mapped[str] = mapped_column(String(3), default="USD")

    @property
    def quiet_hours(self) -> tuple[time, time]:
        """Return the start and end of quiet hours as local times."""
        return time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until)


class Workspace(Base):
    """A Slack workspace that belongs to a consortium.

    `look_at` is when its members' profiles are checked next. `roll_read_at` is when its roll was last read completely.
    """

    __tablename__ = "workspace"

    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), index=True)
    joined_at: Mapped[datetime]
    look_at: Mapped[datetime | None]
    roll_read_at: Mapped[datetime | None]


def of_workspace(session: Session, team_id: str) -> Consortium | None:
    """Find the consortium to which a workspace belongs."""
    return session.scalar(
        select(Consortium).join(Workspace, Workspace.consortium_id == Consortium.id).where(Workspace.team_id == team_id)
    )


def by_ids(session: Session, ids: Collection[ConsortiumId]) -> dict[ConsortiumId, Consortium]:
    """Map ids to consortia."""
    return {row.id: row for row in session.scalars(select(Consortium).where(Consortium.id.in_(ids)))}


def create(session: Session, team_id: str, name: str, zone: str, now: datetime) -> Consortium:
    """Create a consortium in a workspace.

    Raise `sqlalchemy.exc.IntegrityError` if the workspace has one already: two people may try at the same time.
    """
    consortium = Consortium(name=name, zone=zone, created_at=now)
    session.add(consortium)
    session.flush()
    session.add(Workspace(team_id=team_id, consortium_id=consortium.id, joined_at=now, look_at=now))
    session.flush()
    return consortium


def lock(session: Session, consortium_id: ConsortiumId) -> None:
    """Lock a consortium, so that changes to seats, facilitators, roles, funding, and meetings happen in turn.

    Otherwise two facilitators could remove each other at the same time, or two people take the same seat. New rows that
    belong to the consortium do not wait for the lock.
    """
    session.execute(select(Consortium.id).where(Consortium.id == consortium_id).with_for_update(key_share=True))


def next_number(session: Session, consortium_id: ConsortiumId) -> int:
    """Return a new number; proposals, polls, and tasks share one sequence."""
    return session.scalars(
        update(Consortium)
        .where(Consortium.id == consortium_id)
        .values(last_number=Consortium.last_number + 1)
        .returning(Consortium.last_number)
    ).one()


def workspaces_due_for_profile_check(session: Session, now: datetime) -> dict[str, str]:
    """Map the workspaces whose profiles are due for a check to the time zones of their consortia."""
    query = select(Workspace.team_id, Consortium.zone).join(Consortium, Consortium.id == Workspace.consortium_id)
    return {row[0]: row[1] for row in session.execute(query.where(now >= _PROFILE_CHECK))}


def schedule_profile_check(session: Session, team_id: str, at: datetime) -> None:
    """Set when a workspace's profiles are checked next."""
    session.execute(update(Workspace).where(Workspace.team_id == team_id).values(look_at=at))


_PROFILE_CHECK = func.coalesce(Workspace.look_at, Workspace.joined_at)

next_profile_check = Due(select(func.min(_PROFILE_CHECK)))
"""When a workspace's profiles are due for a check next."""
