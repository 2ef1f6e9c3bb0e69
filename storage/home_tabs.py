"""Home tabs that were opened lately, and what they show."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.due import Due
from storage.upsert import upsert
from storage.waking import ring

FOLLOWED = timedelta(minutes=5)
"""So long after it was opened a home tab is kept current: Slack never says who still looks."""

EVERY = timedelta(seconds=15)
"""So often it is looked whether anything has changed for whoever may still look."""


class HomeTab(Base):
    """A person's home tab. `digest` is of what it shows; `said` is what the person's last press has done.

    `look_at` is when to look whether it still shows how things stand, None when nobody looks any more.
    `home_team` is the person's own workspace.
    """

    __tablename__ = "home_tab"

    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    home_team: Mapped[str] = mapped_column(String(32))
    opened_at: Mapped[datetime]
    look_at: Mapped[datetime | None] = mapped_column(index=True)
    digest: Mapped[str] = mapped_column(String(64), default="")
    said: Mapped[str] = mapped_column(String(600), default="")


next_due = Due(select(func.min(HomeTab.look_at)))
"""The next moment at which somebody's home tab is to be looked at."""


def opened(session: Session, who: tuple[str, str, str], now: datetime, *, shown: bool) -> None:
    """Note that (workspace, person, the person's own workspace) looks; `shown`: Slack has something to show."""
    team_id, user_id, home_team = who
    row = {"team_id": team_id, "user_id": user_id, "home_team": home_team, "opened_at": now, "look_at": now, "said": ""}
    if not shown or session.get(HomeTab, (team_id, user_id)) is None:
        row["digest"] = ""
    upsert(session, HomeTab, row, keys=("team_id", "user_id"))
    ring(session)


def changed(session: Session, team_id: str, user_id: str, said: str, now: datetime) -> None:
    """Note what a person has done on the home tab, so that it shows it at once."""
    theirs = (HomeTab.team_id == team_id, HomeTab.user_id == user_id)
    session.execute(update(HomeTab).where(*theirs).values(look_at=now, opened_at=now, said=said))
    ring(session)


def due(session: Session, now: datetime, most: int) -> Sequence[HomeTab]:
    """List the home tabs that are to be looked at, those that have waited longest first."""
    return session.scalars(select(HomeTab).where(HomeTab.look_at <= now).order_by(HomeTab.look_at).limit(most)).all()


def looked(session: Session, home: HomeTab, digest: str, again: datetime | None) -> None:
    """Note what a home tab shows and when to look again, unless the person has done something meanwhile."""
    session.execute(
        update(HomeTab)
        .where(HomeTab.team_id == home.team_id, HomeTab.user_id == home.user_id, HomeTab.look_at == home.look_at)
        .values(digest=digest, look_at=again)
    )
