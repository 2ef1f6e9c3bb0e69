"""Consortia, their workspaces and their settings."""

from collections.abc import Collection
from datetime import datetime, time, timedelta

from sqlalchemy import ForeignKey, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.due import Due
from storage.vocabulary import ConsortiumId, Rule

A_DAY = timedelta(days=1)


class Consortium(Base):
    """A partnership of agencies, with the settings it chose.

    `quorum` is a percentage; `open_days` and `talk_days` are whole days; `quiet_from` and `quiet_until` are
    wall-clock times `HH:MM` in each person's own zone. `hours_a_month` is what a person has who said nothing;
    `share_limit` is the percentage of its fair share above which an agency carries too much.
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
        """Give the wall-clock times between which nobody is disturbed."""
        return time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until)


class Workspace(Base):
    """A Slack workspace that belongs to a consortium. `look_at` is when to look at its people's profiles next."""

    __tablename__ = "workspace"

    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), index=True)
    joined_at: Mapped[datetime]
    look_at: Mapped[datetime | None]


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
    session.add(Workspace(team_id=team_id, consortium_id=consortium.id, joined_at=now, look_at=now + A_DAY))
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


def to_look_at(session: Session, now: datetime) -> dict[str, str]:
    """Map the workspaces whose people have not been looked at for long to the zones of their consortia."""
    found = select(Workspace.team_id, Consortium.zone).join(Consortium, Consortium.id == Workspace.consortium_id)
    return {row[0]: row[1] for row in session.execute(found.where(now >= _LOOK))}


def look_again(session: Session, team_id: str, at: datetime) -> None:
    """Note when to look at a workspace's people next."""
    session.execute(update(Workspace).where(Workspace.team_id == team_id).values(look_at=at))


_LOOK = func.coalesce(Workspace.look_at, Workspace.joined_at)

next_look = Due(select(func.min(_LOOK)))
"""When a workspace's people are to be looked at."""
