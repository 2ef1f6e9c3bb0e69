"""Recently opened home tabs and what they show."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base, wake_on_commit
from storage.due import Due
from storage.upsert import upsert

FOLLOW_FOR = timedelta(minutes=5)
"""How long a home tab is kept current after it was opened. Slack does not tell when it is closed."""

CHECK_INTERVAL = timedelta(seconds=15)
"""Interval at which a recently opened home tab is checked for changes."""


class HomeTab(Base):
    """A person's home tab in a workspace. `home_team` is the person's own workspace.

    `digest` is a hash of the content that Slack shows; `said` reports the result of the person's last action on the
    tab. `look_at` is when the tab is checked for changes next, or None if it is no longer followed.
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
"""When a home tab is due for a check next."""


def record_opened(session: Session, who: tuple[str, str, str], now: datetime, *, shown: bool) -> None:
    """Record that a home tab was opened. `who` is (workspace, user, the user's own workspace).

    `shown` says whether Slack already has content for this tab; without it the tab is published in any case.
    """
    team_id, user_id, home_team = who
    row = {"team_id": team_id, "user_id": user_id, "home_team": home_team, "opened_at": now, "look_at": now, "said": ""}
    if not shown or session.get(HomeTab, (team_id, user_id)) is None:
        row["digest"] = ""
    upsert(session, HomeTab, row, keys=("team_id", "user_id"))
    wake_on_commit(session)


def record_action(session: Session, team_id: str, user_id: str, said: str, now: datetime) -> None:
    """Record the result of a person's action on the home tab, so that the tab is updated at once."""
    query = update(HomeTab).where(HomeTab.team_id == team_id, HomeTab.user_id == user_id)
    session.execute(query.values(look_at=now, opened_at=now, said=said))
    wake_on_commit(session)


def list_due(session: Session, now: datetime, most: int) -> Sequence[HomeTab]:
    """List the home tabs that are due for a check, longest overdue first."""
    return session.scalars(select(HomeTab).where(HomeTab.look_at <= now).order_by(HomeTab.look_at).limit(most)).all()


def record_shown(session: Session, home: HomeTab, digest: str, again: datetime | None) -> None:
    """Record what a home tab shows and when it is checked again, unless the person has used it in the meantime."""
    session.execute(
        update(HomeTab)
        .where(HomeTab.team_id == home.team_id, HomeTab.user_id == home.user_id, HomeTab.look_at == home.look_at)
        .values(digest=digest, look_at=again)
    )
